"""What a question gives for a computation, as typed values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Quantity = Literal[
    "sample_size",
    "power",
    "events",
    "boundaries",
    "escalation",
    "enrolment",
    "conditional",
    "randomisation",
]
Design = Literal[
    "two_arm", "single_arm", "simon", "boin", "cluster", "crossover", "paired", "diagnostic"
]
Aim = Literal["superiority", "noninferiority", "equivalence", "bioequivalence"]
Endpoint = Literal[
    "mean",
    "proportion",
    "survival",
    "count",
    "diagnostic",
    "correlation",
    "reliability",
    "precision",
    "elsewhere",
]
Spending = Literal[
    "obrien_fleming",
    "pocock",
    "lan_demets_obf",
    "lan_demets_pocock",
    "hwang_shih_decani",
    "haybittle_peto",
]


@dataclass(frozen=True, slots=True)
class ParsedInputs:
    """What a question gives for a computation; ``None`` where it gives nothing.

    Rates, error probabilities and drop-out are shares (65 % is 0.65; 120 % is 1.2, which
    :mod:`assistant.contradictions` names). Times are in months; rates of counts are per
    ``rate_unit`` months. ``ratio`` is treatment : control. Of a pair of arms without names the
    first is taken as the treatment, and ``arms_named`` is false; of a pair of medians the longer.
    ``unclear_change`` is a change of a rate by so many per cent that may be meant as percentage
    points or relative to the rate; it is no ``rate_difference``. ``gmr`` is a ratio of geometric
    means, ``limits`` the range it must lie in, both as ratios (80 % is 0.8). ``horizon`` is the
    time within which patients are wanted, ``toxic`` of ``treated`` patients had a toxicity.
    ``sd_control`` is there when the arms have different standard deviations; an ``endpoint`` of
    ``elsewhere`` has calculators of its own: ``by_name`` is the method whose ``named_inputs`` are
    all told, none where a question does not reach it. ``survival_time`` is the time at
    which the rates of the arms are survival rates. ``unread`` are numbers that no input was read
    from, ``unheeded`` features of the design that a calculator does not take up (``inputs.toml``).
    """

    quantity: Quantity = "sample_size"
    design: Design | None = None
    aim: Aim | None = None
    endpoint: Endpoint | None = None
    better: Literal["higher", "lower"] | None = None
    alpha: float | None = None
    sides: Literal[1, 2] | None = None
    power: float | None = None
    level: float | None = None
    ratio: tuple[int, int] | None = None
    dropout: float | None = None
    treatment_rate: float | None = None
    control_rate: float | None = None
    arms_named: bool = False
    rate_difference: float | None = None
    unclear_change: float | None = None
    survival_time: float | None = None
    rate_unit: float | None = None
    dispersion: float | None = None
    p0: float | None = None
    p1: float | None = None
    mean_difference: float | None = None
    elsewhere: str | None = None
    by_name: str | None = None
    named_inputs: tuple[tuple[str, Any], ...] = ()
    sd: float | None = None
    sd_control: float | None = None
    cv: float | None = None
    hazard_ratio: float | None = None
    treatment_median: float | None = None
    control_median: float | None = None
    event_rate: float | None = None
    events: float | None = None
    accrual: float | None = None
    follow_up: float | None = None
    margin: float | None = None
    icc: float | None = None
    null_icc: float | None = None
    raters: float | None = None
    correlation: float | None = None
    gmr: float | None = None
    be_design: str | None = None
    limits: tuple[float, float] | None = None
    prolongs: bool = False
    cluster_size: float | None = None
    accuracy: float | None = None
    measure: Literal["sensitivity", "specificity"] | None = None
    precision: float | None = None
    prevalence: float | None = None
    target_toxicity: float | None = None
    looks: int | None = None
    fractions: tuple[float, ...] = ()
    equal_spacing: bool = False
    spending: Spending | None = None
    shape: float | None = None
    criterion: Literal["optimal", "minimax"] | None = None
    z: float | None = None
    total_n: float | None = None
    group_n: float | None = None
    treatment_n: float | None = None
    control_n: float | None = None
    target_n: float | None = None
    sites: float | None = None
    sites_wanted: bool = False
    monthly: float | None = None
    start_up: float | None = None
    horizon: float | None = None
    treated: float | None = None
    toxic: float | None = None
    unread: tuple[str, ...] = ()
    unheeded: tuple[str, ...] = ()

    @property
    def tabulated(self) -> bool:
        """Of a kind that the corpus holds tables of: boundaries, escalation rules, Simon."""
        return self.quantity in {"boundaries", "escalation"} or self.design in {"simon", "boin"}
