"""How sites enrol, besides how many they are and how fast: starts, losses, season."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from design.enrolment.inputs import site_groups
from design.enrolment.model import Season, SiteGroup


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """Inputs that every prediction of enrolment takes, of all sites or a list with one a group."""

    rate_cv: float
    start_from: float | Sequence[float]
    start_to: float | Sequence[float]
    screen_failure: float | Sequence[float]
    dropout: float | Sequence[float]
    season: Season
    rate_variance: float | Sequence[float] | None = None

    def groups(self, sites: int | Sequence[int], rate: float | Sequence[float]) -> list[SiteGroup]:
        """So many sites with this mean rate.

        Raises:
            BadDesign: Two lists have different lengths, or a start window is the wrong way round.
        """
        return site_groups(
            sites=sites,
            rate=rate,
            rate_variance=self.rate_variance,
            rate_cv=self.rate_cv,
            screen_failure=self.screen_failure,
            dropout=self.dropout,
            start_from=self.start_from,
            start_to=self.start_to,
        )

    @property
    def conventions(self) -> tuple[str, ...]:
        """Keys of the texts that say what was taken as agreed."""
        said = ["gamma_rates" if self.rate_variance is None else "gamma_variance"]
        if self.start_to != self.start_from:
            said.append("uniform_start")
        if self.screen_failure:
            said.append("screen_failure")
        if self.dropout:
            said.append("completers")
        if self.season.multipliers:
            said.append("seasonality")
        return tuple(said)
