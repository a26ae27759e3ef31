"""Variances of the log rate ratio, times the patients of the treatment group."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates of both groups and what their variances need.

    Attributes:
        treated: Events a patient and unit of time.
        control: Of the control group.
        exposure: Time a patient is observed.
        balance: Patients control : treatment.
        dispersion: k of the negative binomial, 0 for Poisson.
        scale: Factor on the Poisson variance (quasi-Poisson).
    """

    treated: float
    control: float
    exposure: float
    balance: float
    dispersion: float = 0.0
    scale: float = 1.0

    def variance(self, treated: float, control: float) -> float:
        """With other rates than the assumed ones."""
        counts = (1 / treated + 1 / (self.balance * control)) * self.scale / self.exposure
        return counts + self.dispersion * (1 + 1 / self.balance)

    def alternative(self) -> float:
        """Under H1."""
        return self.variance(self.treated, self.control)

    def null(self, ratio: float, kind: str) -> float:
        """Under H0 of a rate ratio.

        Args:
            ratio: Treatment : control under H0.
            kind: ``alternative`` (that under H1), ``reference`` (the control rate holds),
                ``pooled`` (the events in all are as under H1), ``score`` (restricted maximum
                likelihood; for Poisson the same as ``pooled``).
        """
        if kind == "alternative":
            return self.alternative()
        if kind == "reference":
            control = self.control
        elif kind == "pooled" or self.dispersion == 0:
            control = (self.treated + self.balance * self.control) / (ratio + self.balance)
        else:
            control = self._restricted(ratio)
        return self.variance(ratio * control, control)

    def _restricted(self, ratio: float) -> float:
        """Control rate that maximises the expected likelihood under H0: root of a quadratic."""
        k = self.dispersion * self.exposure
        a = ratio * k * (1 + self.balance)
        b = k * (self.treated + self.balance * self.control * ratio) - ratio - self.balance
        c = self.treated + self.balance * self.control
        root = math.sqrt(b * b + 4 * a * c)
        return (b + root) / (2 * a) if b > 0 else 2 * c / (root - b)
