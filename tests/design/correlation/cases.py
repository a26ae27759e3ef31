"""One valid set of inputs for each way of calling the calculators for correlation."""

from __future__ import annotations

from typing import Any

CASES: list[tuple[str, dict[str, Any]]] = [
    ("correlation", {"r": 0.3, "power": 0.8}),
    ("correlation", {"r": 0.3, "r0": 0.1, "n": 100}),
    ("two_correlations", {"r1": 0.4, "r2": 0.2, "power": 0.8}),
    ("two_correlations", {"r1": 0.75, "r2": 0.88, "n1": 51, "n2": 260}),
    ("multiple_regression", {"tested": 5, "f2": 0.1, "power": 0.8}),
    ("multiple_regression", {"tested": 2, "predictors": 6, "r2": 0.3, "r2_others": 0.2, "n": 80}),
    ("regression_slope", {"slope": 0.5, "sd_x": 2, "sd_y": 4, "power": 0.8}),
    ("regression_slope", {"slope": 0.5, "sd_x": 2, "sd_residual": 4, "n": 100}),
    ("chi_square", {"w": 0.3, "df": 3, "power": 0.8}),
    ("chi_square", {"p0": [0.5, 0.5], "p1": [0.4, 0.6], "n": 100}),
    ("chi_square", {"table": [[0.2, 0.3], [0.3, 0.2]], "power": 0.9}),
    ("nonparametric_independence", {"p1": 0.6, "p2": 0.7, "power": 0.8}),
    ("nonparametric_independence", {"p1": 0.6, "n": 100}),
]
