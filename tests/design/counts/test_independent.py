"""Non-inferiority of two negative binomial rates by simulating its test."""

from __future__ import annotations

import math

import numpy as np
import pytest

from design import calculate


@pytest.mark.parametrize(("rate1", "margin"), [(0.5, 1.3), (0.4, 1.2)])
def test_noninferiority_power(rate1: float, margin: float) -> None:
    rate2, dispersion, exposure, n1, n2, trials = 0.5, 0.6, 1.2, 200, 150, 200_000
    rng = np.random.default_rng(20240607)

    def means(rate: float, n: int) -> np.ndarray:
        mean = rate * exposure
        return rng.negative_binomial(n / dispersion, 1 / (1 + dispersion * mean), trials) / n

    first, second = means(rate1, n1), means(rate2, n2)
    errors = np.sqrt((1 / first + dispersion) / n1 + (1 / second + dispersion) / n2)
    shown = np.log(first / second) + 1.959964 * errors < math.log(margin)
    found = calculate(
        "two_negative_binomial_rates",
        {"rate1": rate1, "rate2": rate2, "dispersion": dispersion, "exposure": exposure,
         "margin": margin, "aim": "noninferiority", "sides": 1, "alpha": 0.025, "n1": n1,
         "n2": n2, "variance": "alternative", "better": "lower"},
    ).outputs["power"]  # fmt: skip
    assert found == pytest.approx(shown.mean(), abs=0.006)
