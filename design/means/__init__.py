"""Means: two groups, one group, pairs, cross-over, several groups, baseline, ranks."""

from design.means.anova import anova
from design.means.baseline import baseline_adjusted_means, difference_of_slopes
from design.means.crossover import crossover_means
from design.means.detectable import detectable_difference
from design.means.one_group import one_mean, paired_means
from design.means.pairwise import pairwise_means
from design.means.ranks_one import signed_rank
from design.means.ranks_two import rank_sum
from design.means.ratio import ratio_of_means
from design.means.two_groups import two_means

__all__ = [
    "anova",
    "baseline_adjusted_means",
    "crossover_means",
    "detectable_difference",
    "difference_of_slopes",
    "one_mean",
    "paired_means",
    "pairwise_means",
    "rank_sum",
    "ratio_of_means",
    "signed_rank",
    "two_means",
]
