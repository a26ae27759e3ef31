"""Multiplicity: several endpoints, doses or subgroups at one family-wise level."""

from design.multiplicity.testing import graphical_testing, multiple_testing, multiplicity_levels

__all__ = ["graphical_testing", "multiple_testing", "multiplicity_levels"]
