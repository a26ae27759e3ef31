"""Published numbers recomputed: reads a gold file, calls the calculators, compares row by row."""

from design.verification.gold import GoldRow, read_gold
from design.verification.verify import Checked, Verification, verify

__all__ = ["Checked", "GoldRow", "Verification", "read_gold", "verify"]
