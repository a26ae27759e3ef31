"""Time to an event: events, patients and time of log-rank, Cox, RMST and one-sample designs."""

from design.survival.cox import cox_covariate, cox_groups, cox_interaction
from design.survival.difference import survival_difference
from design.survival.logrank import logrank
from design.survival.one_arm import one_arm_survival
from design.survival.schoenfeld import hazard_ratio_z, logrank_events
from design.survival.timeline import event_timeline, hazard_rate

__all__ = [
    "cox_covariate",
    "cox_groups",
    "cox_interaction",
    "event_timeline",
    "hazard_rate",
    "hazard_ratio_z",
    "logrank",
    "logrank_events",
    "one_arm_survival",
    "survival_difference",
]
