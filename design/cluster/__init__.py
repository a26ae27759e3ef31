"""Clusters: design effect, surveys, randomised trials of two arms, stepped wedge."""

from design.cluster.periods import stepped_wedge
from design.cluster.survey import cluster_design_effect, cluster_icc, cluster_survey
from design.cluster.two_arms import cluster_means, cluster_proportions, cluster_rates

__all__ = [
    "cluster_design_effect",
    "cluster_icc",
    "cluster_means",
    "cluster_proportions",
    "cluster_rates",
    "cluster_survey",
    "stepped_wedge",
]
