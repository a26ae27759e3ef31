"""Proportions: two groups, one group against a target value, pairs; and their intervals."""

from design.proportions.alternatives import alternatives
from design.proportions.data_tests import mcnemar_test, two_proportions_test
from design.proportions.intervals_one import proportion_ci
from design.proportions.intervals_paired import paired_difference_ci
from design.proportions.intervals_two import odds_ratio_ci, risk_difference_ci, risk_ratio_ci
from design.proportions.ivd import ivd_agreement, ivd_precision
from design.proportions.many_groups import (
    chi_square_proportions,
    pairwise_proportions,
    trend_proportions,
)
from design.proportions.minimums import nmpa_minimum
from design.proportions.observational import (
    case_control,
    cohort_risk_ratio,
    matched_case_control,
)
from design.proportions.one_group import one_proportion, one_proportion_equivalence
from design.proportions.paired import mcnemar
from design.proportions.ratios import odds_ratio, risk_ratio
from design.proportions.sccs import self_controlled_case_series
from design.proportions.strata import cmh
from design.proportions.two_groups import two_proportions

__all__ = [
    "alternatives",
    "case_control",
    "chi_square_proportions",
    "cmh",
    "cohort_risk_ratio",
    "ivd_agreement",
    "ivd_precision",
    "matched_case_control",
    "mcnemar",
    "mcnemar_test",
    "nmpa_minimum",
    "odds_ratio",
    "odds_ratio_ci",
    "one_proportion",
    "one_proportion_equivalence",
    "paired_difference_ci",
    "pairwise_proportions",
    "proportion_ci",
    "risk_difference_ci",
    "risk_ratio",
    "risk_ratio_ci",
    "self_controlled_case_series",
    "trend_proportions",
    "two_proportions",
    "two_proportions_test",
]
