"""How many of the ranked sites reach the target, and when: by the model of enrolment."""

from __future__ import annotations

from collections.abc import Sequence

from design.enrolment.forecast import Forecast, forecast
from design.enrolment.model import SiteGroup, enrolled
from design.sites.assumptions import assumptions
from design.sites.ranked import RankedSite, SiteRanking, Wanted


def choose(sites: Sequence[RankedSite], wanted: Wanted) -> tuple[int | None, float | None]:
    """How many sites from the top reach the target with the assurance wanted."""
    if wanted.target is None:
        return None, None
    all_sites = _reach(sites, wanted)
    if all_sites < wanted.assurance:
        return None, all_sites
    low, high = 0, len(sites)
    while high - low > 1:
        middle = (low + high) // 2
        enough = _reach(sites[:middle], wanted) >= wanted.assurance
        low, high = (low, middle) if enough else (middle, high)
    return high, _reach(sites[:high], wanted)


def _reach(sites: Sequence[RankedSite], wanted: Wanted) -> float:
    """Probability that these sites enrol the target in time, by the Poisson-gamma model."""
    assert wanted.target is not None
    return enrolled(site_groups_of(sites), wanted.months).at_least(wanted.target)


def site_groups_of(sites: Sequence[RankedSite]) -> list[SiteGroup]:
    """Ranked sites as the enrolment model takes them, each with its own start."""
    assumed = assumptions()
    groups = []
    for ranked in sites:
        spread = assumed["rate_cv"] / (1 + ranked.experience.trials_completed) ** 0.5
        kept = 1 - ranked.experience.dropout_rate
        variance = (ranked.rate * spread) ** 2
        groups.append(SiteGroup(1, ranked.rate, variance, kept, ranked.opens, ranked.opens))
    return groups


def forecast_of(ranking: SiteRanking, level: float = 0.9) -> Forecast:
    """Enrolment at the chosen sites, or at all when none are chosen, month by month."""
    wanted = ranking.wanted
    return forecast(
        site_groups_of(ranking.sites[: ranking.chosen or len(ranking.sites)]),
        target=wanted.target,
        planned=wanted.months,
        level=level,
        assurance=wanted.assurance,
    )
