"""Counts and rates of events: Poisson, negative binomial, incidence of cohorts; intervals."""

from design.counts.cohorts import incidence_rates
from design.counts.intervals import poisson_rate_interval, rate_ratio_interval
from design.counts.one_group import one_poisson_rate
from design.counts.two_groups import two_negative_binomial_rates, two_poisson_rates

__all__ = [
    "incidence_rates",
    "one_poisson_rate",
    "poisson_rate_interval",
    "rate_ratio_interval",
    "two_negative_binomial_rates",
    "two_poisson_rates",
]
