"""The continual reassessment method with one parameter: the dose for the next patients."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from design.dose.inputs import Dose, PerDose, Rates, Target, checked_counts
from design.errors import BadDesign
from design.registry import calculator
from design.result import Outcome

_GRID = 4001
_REACH = 10.0  # standard deviations of the prior, either side


@calculator(
    reference="O'Quigley J, Pepe M, Fisher L. Continual reassessment method. Biometrics "
    "1990;46:33-48; Cheung YK. Dose Finding by the Continual Reassessment Method. 2011",
    formula="power: p_i = skeleton_i^exp(b); logistic: logit p_i = intercept + exp(b) x_i with "
    "x_i = logit(skeleton_i) - intercept; b ~ N(0, sd^2); rates at the posterior mean of b",
)
def crm_next_dose(
    *,
    target: Target,
    skeleton: Rates,
    n: PerDose,
    dlt: PerDose,
    model: Annotated[
        Literal["power", "logistic"], Field(description="Model of the rate by dose.")
    ] = "power",
    intercept: Annotated[
        float, Field(ge=-10, le=10, description="Fixed intercept of the logistic model.")
    ] = 3.0,
    prior_sd: Annotated[
        float, Field(gt=0, le=5, description="Standard deviation of the prior of b.")
    ] = 1.34**0.5,
    current: Dose | None = None,
    skip: Annotated[
        bool, Field(description="Allow escalation over doses not yet tried. 允许跳级")
    ] = False,
) -> Outcome:
    """The dose whose rate is estimated closest to the target.

    ``skeleton`` holds the first guesses of the DLT rates, rising; ``n`` and ``dlt`` patients and
    DLT at each dose so far. Unless ``skip``, no more than one dose above ``current`` (the highest
    one tried when left out).
    """
    checked_counts(n, dlt)
    if len(n) != len(skeleton):
        raise BadDesign(f"skeleton has {len(skeleton)} doses and n {len(n)}", "n")
    if any(a >= b for a, b in pairwise(skeleton)):
        raise BadDesign("skeleton must rise from dose to dose", "skeleton")
    if current is not None and current > len(n):
        raise BadDesign(f"current = {current}, but there are {len(n)} doses", "current")
    if model == "logistic" and skeleton[-1] >= _expit(intercept):
        raise BadDesign(
            f"with intercept {intercept:g} the skeleton must stay below {_expit(intercept):.4f}",
            "intercept",
        )
    b = np.linspace(-_REACH * prior_sd, _REACH * prior_sd, _GRID)
    log_posterior = -0.5 * (b / prior_sd) ** 2
    guesses, patients, cases = np.array(skeleton), np.array(n), np.array(dlt)
    for i in range(len(n)):
        log_rate, log_rest = _log_rates(model, guesses[i], intercept, b)
        log_posterior += _times(cases[i], log_rate) + _times(patients[i] - cases[i], log_rest)
    weight = np.exp(log_posterior - log_posterior.max())
    mean = float(weight @ b / weight.sum())
    variance = float(weight @ (b - mean) ** 2 / weight.sum())
    rates = [float(np.exp(_log_rates(model, p, intercept, np.array(mean))[0])) for p in guesses]
    closest = int(np.argmin([abs(rate - target) for rate in rates])) + 1
    tried = [dose for dose, treated in enumerate(n, start=1) if treated]
    here = current if current is not None else max(tried, default=0)
    next_dose = closest if skip else min(closest, here + 1)
    outputs = {
        "next_dose": next_dose,
        "closest_dose": closest,
        "rates": rates,
        "b_mean": mean,
        "b_variance": variance,
    }
    values = {"next_rate": rates[next_dose - 1], "treated": sum(n), "cases": sum(dlt)}
    said = (f"crm_{model}", "crm_skip" if skip else "crm_no_skip")
    return Outcome(outputs, "next", said, values=values)


def _expit(x: float) -> float:
    return float(1 / (1 + np.exp(-x)))


def _log_rates(
    model: str, guess: float, intercept: float, b: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Logarithms of the rate and of its complement, for each b."""
    if model == "power":
        log_rate = np.exp(b) * np.log(guess)
        return log_rate, np.log(-np.expm1(np.minimum(log_rate, -1e-300)))
    x = np.log(guess / (1 - guess)) - intercept
    logit = intercept + np.exp(b) * x
    return -np.logaddexp(0, -logit), -np.logaddexp(0, logit)


def _times(count: int, log_chance: np.ndarray) -> np.ndarray:
    """``count`` times it, 0 when count is 0 even where the chance is 0."""
    return count * log_chance if count else np.zeros_like(log_chance)
