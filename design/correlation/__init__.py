"""Correlation, regression and tables of counts: sample size and power."""

from design.correlation.one import correlation
from design.correlation.rank import nonparametric_independence
from design.correlation.regression import multiple_regression, regression_slope
from design.correlation.tables import chi_square
from design.correlation.two import two_correlations

__all__ = [
    "chi_square",
    "correlation",
    "multiple_regression",
    "nonparametric_independence",
    "regression_slope",
    "two_correlations",
]
