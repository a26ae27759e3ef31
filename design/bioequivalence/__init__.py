"""Bioequivalence: average, non-inferior, reference-scaled; variability of earlier studies."""

from design.bioequivalence.average import be_noninferiority, be_tost
from design.bioequivalence.scaled import be_scaled, be_scaled_limits
from design.bioequivalence.variability import be_cv, be_cv_from_ci, be_cv_limits, be_cv_pooled

__all__ = [
    "be_cv",
    "be_cv_from_ci",
    "be_cv_limits",
    "be_cv_pooled",
    "be_noninferiority",
    "be_scaled",
    "be_scaled_limits",
    "be_tost",
]
