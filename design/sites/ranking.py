"""Rank sites by the patients they can be expected to enrol in time, with the reasons.

The rate of a site in past trials is drawn to the mean of all sites, the more the fewer trials it
has done; trials that compete for the same patients take a share off; the site counts from the day
it is open. What is assumed stands in ``assumptions.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any, Literal

from design.enrolment.forecast import Forecast, forecast
from design.enrolment.model import SiteGroup, enrolled
from design.errors import BadDesign
from design.sites.directory import Directory, Experience, Investigator, Site
from design.wording import Text, Wording

_FOLDER = Path(__file__).parent
_WORDING = Wording(_FOLDER / "texts.toml")
Product = Literal["drug", "device", "any"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for.

    Attributes:
        condition: Key or Chinese name of a condition of the directory.
        months: Time for enrolment, from the selection of sites.
        target: Patients wanted in all; ``None`` ranks without choosing.
        eligible_share: Share of a site's patients who meet the criteria (from the cohort funnel).
        product: A drug trial needs a site filed for drugs, a device trial one filed for devices.
        regions: Only these; all when empty.
        phase1: Only sites with a phase I unit.
        assurance: Probability with which the chosen sites reach the target.
        lead_days: Days from the selection of sites until the first patient may be enrolled, when
            `months` begin: start-up counts only as far as it is longer.
    """

    condition: str
    months: float
    target: int | None = None
    eligible_share: float | None = None
    product: Product = "drug"
    regions: tuple[str, ...] = ()
    phase1: bool = False
    assurance: float = 0.8
    lead_days: float = 0.0


@dataclass(frozen=True, slots=True)
class RankedSite:
    """A site with its figures and why it stands where it does.

    ``rate`` is patients a month once open, ``expected`` the patients in the time wanted,
    ``opens`` the months until it is open.
    """

    rank: int
    site: Site
    experience: Experience
    rate: float
    opens: float
    months_open: float
    expected: float
    limited_by_patients: bool
    reasons: tuple[Text, ...]
    investigators: tuple[Investigator, ...]


@dataclass(frozen=True, slots=True)
class SiteRanking:
    """All ranked sites; ``chosen`` of them reach the target with ``probability``."""

    wanted: Wanted
    sites: tuple[RankedSite, ...]
    left_out: Mapping[str, int]
    chosen: int | None
    probability: float | None
    synthetic: bool
    assumptions: Mapping[str, float] = field(default_factory=dict)

    @property
    def sentence(self) -> Text:
        """The outcome in one sentence."""
        first = self.sites[0]
        values = {
            "count": len(self.sites), "name": first.site.name, "expected": first.expected,
            "months": self.wanted.months, "target": self.wanted.target, "chosen": self.chosen,
            "probability": self.probability, "assurance": self.wanted.assurance,
        }  # fmt: skip
        if self.wanted.target is None:
            return _WORDING.text("sentence", "ranked", values=values)
        key = "too_few" if self.chosen is None else "chosen"
        return _WORDING.text("sentence", key, values=values)

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "wanted": asdict(self.wanted),
            "sentence": self.sentence.to_json(),
            "chosen": self.chosen,
            "probability": self.probability,
            "synthetic": self.synthetic,
            "left_out": dict(self.left_out),
            "assumptions": dict(self.assumptions),
            "sites": [_site_json(site) for site in self.sites],
        }


def rank_sites(directory: Directory, wanted: Wanted) -> SiteRanking:
    """Rank the sites of a directory for a trial.

    Raises:
        BadDesign: The condition is not in the directory, no site is left, or a value is out of
            range.
    """
    _check(wanted)
    condition = directory.condition(wanted.condition)
    entries = [entry for entry in directory.experience if entry.condition == condition]
    left_out: dict[str, int] = {}
    kept = []
    for entry in entries:
        why = next(_unfit(directory.sites[entry.site_id], wanted), None)
        if why is None:
            kept.append(entry)
        else:
            left_out[why] = left_out.get(why, 0) + 1
    if not kept:
        raise BadDesign(f"no site is left for {condition}: {left_out}", "condition")
    usual = _Usual.of([directory.sites[entry.site_id] for entry in kept], kept)
    ranked = [_estimate(directory, entry, usual, wanted) for entry in kept]
    ranked.sort(key=lambda site: (-site.expected, site.site.site_id))
    sites = tuple(replace(site, rank=rank) for rank, site in enumerate(ranked, start=1))
    chosen, probability = _choose(sites, wanted)
    return SiteRanking(
        wanted, sites, left_out, chosen, probability, directory.synthetic, assumptions()
    )


@cache
def assumptions() -> Mapping[str, float]:
    """What is assumed, from ``assumptions.toml``."""
    return tomllib.loads((_FOLDER / "assumptions.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class _Usual:
    """Medians and means of the sites compared."""

    rate: float
    startup_days: float
    of_planned: float
    patients: float

    @classmethod
    def of(cls, sites: Sequence[Site], entries: Sequence[Experience]) -> _Usual:
        trials = sum(entry.trials_completed for entry in entries)
        total = sum(entry.enrolled_per_month * entry.trials_completed for entry in entries)
        plain = sum(entry.enrolled_per_month for entry in entries) / len(entries)
        return cls(
            rate=total / trials if trials else plain,
            startup_days=median(site.startup_days for site in sites),
            of_planned=median(entry.enrolled_of_planned for entry in entries),
            patients=median(entry.patients_per_year for entry in entries),
        )


def _check(wanted: Wanted) -> None:
    if not 0 < wanted.months <= 600:
        raise BadDesign("months must be above 0 and at most 600", "months")
    if wanted.target is not None and wanted.target < 1:
        raise BadDesign("target must be at least 1", "target")
    if wanted.eligible_share is not None and not 0 < wanted.eligible_share <= 1:
        raise BadDesign("eligible_share must be above 0 and at most 1", "eligible_share")
    if not 0 <= wanted.lead_days <= 3650:
        raise BadDesign("lead_days must be from 0 to 3650", "lead_days")
    if not 0 < wanted.assurance < 1:
        raise BadDesign("assurance must be between 0 and 1", "assurance")


def _unfit(site: Site, wanted: Wanted) -> Iterator[str]:
    """Why a site cannot take part."""
    if wanted.regions and site.region not in wanted.regions:
        yield "region"
    if wanted.product == "drug" and not site.drug_trial_filed:
        yield "not_filed_for_drugs"
    if wanted.product == "device" and not site.device_trial_filed:
        yield "not_filed_for_devices"
    if wanted.phase1 and not site.phase1_unit:
        yield "no_phase1_unit"


def _estimate(directory: Directory, entry: Experience, usual: _Usual, wanted: Wanted) -> RankedSite:
    assumed, site = assumptions(), directory.sites[entry.site_id]
    weight = assumed["prior_trials"]
    done = entry.trials_completed
    own = (entry.enrolled_per_month * done + usual.rate * weight) / (done + weight)
    free = own / (1 + assumed["competing_load"] * entry.trials_ongoing)
    most = float("inf")
    if wanted.eligible_share is not None:
        most = entry.patients_per_year / 12 * wanted.eligible_share * assumed["consent"]
    rate = min(free, most)
    opens = max(0.0, site.startup_days - wanted.lead_days) / assumed["days_per_month"]
    open_for = max(0.0, wanted.months - opens)
    return RankedSite(
        rank=0,
        site=site,
        experience=entry,
        rate=rate,
        opens=opens,
        months_open=open_for,
        expected=rate * (1 - entry.dropout_rate) * open_for,
        limited_by_patients=most < free,
        reasons=tuple(_reasons(site, entry, usual, rate, most < free)),
        investigators=_investigators(directory, entry, wanted.product),
    )


def _reasons(
    site: Site, entry: Experience, usual: _Usual, rate: float, limited: bool
) -> Iterator[Text]:
    values = {"site": site, "entry": entry, "usual": usual, "rate": rate}

    def said(key: str) -> Text:
        return _WORDING.text("reasons", key, values=values)

    yield said("rate" if entry.trials_completed else "rate_unknown")
    if limited:
        yield said("few_patients")
    if entry.trials_completed:
        kept = entry.enrolled_of_planned >= usual.of_planned
        yield said("kept_promise" if kept else "fell_short")
    yield said("fast" if site.startup_days <= usual.startup_days else "slow")
    if entry.trials_ongoing:
        yield said("competing")
    if site.ethics_mutual_recognition:
        yield said("mutual_recognition")


def _investigators(
    directory: Directory, entry: Experience, product: Product
) -> tuple[Investigator, ...]:
    """Who could lead there: eligible for drug trials, the least loaded and most experienced."""
    most = assumptions()["pi_most_ongoing"]
    found = [
        person
        for person in directory.investigators
        if person.site_id == entry.site_id
        and person.condition == entry.condition
        and person.trials_ongoing <= most
        and (product != "drug" or person.drug_pi_eligible)
    ]
    found.sort(key=lambda p: (-p.trials_as_pi, p.trials_ongoing, p.investigator_id))
    return tuple(found)


def _choose(sites: Sequence[RankedSite], wanted: Wanted) -> tuple[int | None, float | None]:
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


def _site_json(ranked: RankedSite) -> dict[str, Any]:
    return {
        "rank": ranked.rank,
        "site_id": ranked.site.site_id,
        "name": ranked.site.name,
        "region": ranked.site.region,
        "level": ranked.site.level,
        "rate_per_month": ranked.rate,
        "opens_after_months": ranked.opens,
        "months_open": ranked.months_open,
        "expected": ranked.expected,
        "limited_by_patients": ranked.limited_by_patients,
        "patients_per_year": ranked.experience.patients_per_year,
        "trials_completed": ranked.experience.trials_completed,
        "trials_ongoing": ranked.experience.trials_ongoing,
        "enrolled_of_planned": ranked.experience.enrolled_of_planned,
        "startup_days": ranked.site.startup_days,
        "reasons": [reason.to_json() for reason in ranked.reasons],
        "investigators": [asdict(person) for person in ranked.investigators],
    }
