"""Time to an event: events, patients and time of log-rank, Cox, RMST and one-sample designs."""

from design.survival.cox import cox_covariate, cox_groups, cox_interaction
from design.survival.logrank import logrank
from design.survival.schoenfeld import hazard_ratio_z, logrank_events

__all__ = [
    "cox_covariate",
    "cox_groups",
    "cox_interaction",
    "hazard_ratio_z",
    "logrank",
    "logrank_events",
]
