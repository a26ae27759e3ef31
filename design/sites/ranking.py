"""Rank sites by the patients they can be expected to enrol in time, with the reasons.

The rate of a site in past trials is drawn to the mean of all sites, the more the fewer trials it
has done; trials that compete for the same patients take a share off; the site counts from the day
it is open. What is assumed stands in ``assumptions.toml``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from design.errors import BadDesign
from design.sites.assumptions import assumptions
from design.sites.choice import choose
from design.sites.directory import Directory, Experience, Investigator, Site
from design.sites.ranked import Product, RankedSite, SiteRanking, Wanted
from design.wording import Text, Wording

_WORDING = Wording(Path(__file__).with_name("texts.toml"))


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
    chosen, probability = choose(sites, wanted)
    return SiteRanking(
        wanted, sites, left_out, chosen, probability, directory.synthetic, assumptions()
    )


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
