"""A stepped wedge by generalised least squares over the matrices of the mixed model."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import norm

from design import calculate


@pytest.mark.parametrize("cac", [1.0, 0.8, 0.3])
@pytest.mark.parametrize(("steps", "clusters", "m"), [(3, 9, 10), (4, 12, 20), (6, 18, 5)])
def test_power(cac: float, steps: int, clusters: int, m: int) -> None:
    difference, sd, icc = 0.3, 1.2, 0.05
    periods = steps + 1
    between, within = icc * sd**2, (1 - icc) * sd**2
    errors = np.eye(periods) * (within / m + between * (1 - cac)) + between * cac
    weights = np.linalg.inv(errors)
    information = np.zeros((periods + 1, periods + 1))
    for step in range(steps):
        treated = (np.arange(periods) > step).astype(float)
        design = np.column_stack([np.eye(periods), treated])
        information += clusters / steps * design.T @ weights @ design
    error = math.sqrt(np.linalg.inv(information)[-1, -1])
    found = calculate(
        "stepped_wedge",
        {"difference": difference, "sd": sd, "icc": icc, "m": m, "steps": steps,
         "clusters": clusters, "cac": cac},
    ).outputs["power"]  # fmt: skip
    assert found == pytest.approx(norm.cdf(difference / error - norm.ppf(0.975)), abs=1e-9)
