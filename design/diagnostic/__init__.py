"""Diagnostic accuracy: sensitivity, specificity, ROC curves, likelihood ratios, detection."""

from design.diagnostic.accuracy import diagnostic_paired, diagnostic_precision, diagnostic_target
from design.diagnostic.detection import detect_disease
from design.diagnostic.ratios import diagnostic_likelihood_ratio, predictive_values
from design.diagnostic.roc import (
    diagnostic_auc,
    diagnostic_auc_compare,
    diagnostic_auc_precision,
)

__all__ = [
    "detect_disease",
    "diagnostic_auc",
    "diagnostic_auc_compare",
    "diagnostic_auc_precision",
    "diagnostic_likelihood_ratio",
    "diagnostic_paired",
    "diagnostic_precision",
    "diagnostic_target",
    "predictive_values",
]
