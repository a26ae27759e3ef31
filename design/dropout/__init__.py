"""Patients lost, and treatment not taken: what they do to the number of patients."""

from design.dropout.adherence import adherence_dilution
from design.dropout.losses import attrition, dropout_inflation

__all__ = ["adherence_dilution", "attrition", "dropout_inflation"]
