"""Confidence intervals of a planned width: how many patients an estimate of a precision needs."""

from design.precision.correlations import correlation_precision
from design.precision.differences import proportion_difference_precision
from design.precision.means import mean_difference_precision, mean_precision
from design.precision.proportions import proportion_precision
from design.precision.rare import rare_event
from design.precision.rates import rate_precision, rate_ratio_precision
from design.precision.ratios import ratio_precision
from design.precision.survival import median_survival_precision

__all__ = [
    "correlation_precision",
    "mean_difference_precision",
    "mean_precision",
    "median_survival_precision",
    "proportion_difference_precision",
    "proportion_precision",
    "rare_event",
    "rate_precision",
    "rate_ratio_precision",
    "ratio_precision",
]
