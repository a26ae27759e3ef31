"""Phase I dose finding: interval designs (BOIN, mTPI-2, keyboard, i3+3), 3+3, CRM, dose levels."""

from design.dose.calculators import (
    boin_boundaries,
    dose_decision,
    dose_decision_table,
    mtd_selection,
)
from design.dose.characteristics import dose_finding_characteristics
from design.dose.crm import crm_next_dose
from design.dose.levels import dose_levels
from design.dose.three_plus_three import three_plus_three

__all__ = [
    "boin_boundaries",
    "crm_next_dose",
    "dose_decision",
    "dose_decision_table",
    "dose_finding_characteristics",
    "dose_levels",
    "mtd_selection",
    "three_plus_three",
]
