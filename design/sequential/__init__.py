"""Group sequential and adaptive designs, by exact numerical integration."""

from design.sequential.combination import fisher_combination, inverse_normal_combination
from design.sequential.conditional import conditional_power, predictive_power
from design.sequential.estimation import group_sequential_estimate
from design.sequential.means import group_sequential_means
from design.sequential.monitoring import group_sequential_update
from design.sequential.proportions import group_sequential_proportions
from design.sequential.reestimation import sample_size_reestimation
from design.sequential.standard import group_sequential, group_sequential_probabilities
from design.sequential.survival import group_sequential_survival

__all__ = [
    "conditional_power",
    "fisher_combination",
    "group_sequential",
    "group_sequential_estimate",
    "group_sequential_means",
    "group_sequential_probabilities",
    "group_sequential_proportions",
    "group_sequential_survival",
    "group_sequential_update",
    "inverse_normal_combination",
    "predictive_power",
    "sample_size_reestimation",
]
