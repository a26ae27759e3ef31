"""What is looked for among sites, and the ranking that comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from design.sites.directory import Experience, Investigator, Site
from design.wording import Text, Wording

_WORDING = Wording(Path(__file__).with_name("texts.toml"))
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
