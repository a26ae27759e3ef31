"""Power and sensitivity curves of any calculator: one input varied, one output followed."""

from design.curves.curve import Curve, Line, Refused, curve, spread
from design.curves.table import sensitivity_table

__all__ = ["Curve", "Line", "Refused", "curve", "sensitivity_table", "spread"]
