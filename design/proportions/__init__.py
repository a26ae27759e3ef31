"""Proportions: two groups, one group against a target value, pairs; and their intervals."""

from design.proportions.two_groups import two_proportions

__all__ = ["two_proportions"]
