"""Feasibility from what the index holds: trials that compete for the same patients."""

from assistant.feasibility.competing import Competing, CompetingTrial, Sought, competing_trials

__all__ = ["Competing", "CompetingTrial", "Sought", "competing_trials"]
