"""Vaccines: efficacy against a limit, precision, burden of illness, titres, consistency of lots."""

from design.vaccine.efficacy import vaccine_efficacy, vaccine_efficacy_interval
from design.vaccine.immunogenicity import immunogenicity_gmt, lot_consistency
from design.vaccine.incidence import vaccine_composite, vaccine_relative_efficacy

__all__ = [
    "immunogenicity_gmt",
    "lot_consistency",
    "vaccine_composite",
    "vaccine_efficacy",
    "vaccine_efficacy_interval",
    "vaccine_relative_efficacy",
]
