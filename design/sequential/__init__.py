"""Group sequential and adaptive designs, by exact numerical integration."""

from design.sequential.standard import group_sequential, group_sequential_probabilities

__all__ = ["group_sequential", "group_sequential_probabilities"]
