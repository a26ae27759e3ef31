"""Counting in a hospital's cohort from a conversation: criteria, confirmation, funnel."""

from assistant.counting.counter import CohortCounter

__all__ = ["CohortCounter"]
