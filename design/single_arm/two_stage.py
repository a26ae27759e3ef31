"""Simon's two-stage designs, and what a given two-stage design does."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from design.errors import BadDesign
from design.quantities import Alpha, Dropout, Power, Probability, Share
from design.registry import calculator
from design.result import Outcome
from design.single_arm.inputs import checked_errors, checked_rates, checked_rule, objections
from design.single_arm.search import Goal, admissible, frontier
from design.single_arm.two_stage_rule import Rule
from design.sizes import with_dropout

Criterion = Annotated[
    Literal["optimal", "minimax", "admissible"],
    Field(
        description="optimal: fewest patients expected under p0; minimax: fewest in all; "
        "admissible: fewest of weight * n + (1 - weight) * expected. 准则"
    ),
]
Treated = Annotated[int, Field(ge=1, le=20_000, description="Patients treated. 例数")]
Threshold = Annotated[int, Field(ge=0, le=100_000, description="A number of responses. 有效例数")]


@calculator(
    reference="Simon R. Optimal two-stage designs for phase II clinical trials. Control Clin "
    "Trials 1989;10:1-10; Jung SH, Lee T, Kim KM, George SL. Admissible two-stage designs for "
    "phase II cancer clinical trials. Stat Med 2004;23:561-569",
    formula="declare with more than r of n: sum over x1 > r1 of b(x1; n1, p) P(X2 > r - x1), "
    "at most alpha at p0, at least the power at p1; EN = n1 + (1 - PET)(n - n1)",
)
def simon_two_stage(
    *,
    p0: Probability,
    p1: Probability,
    alpha: Alpha = 0.05,
    power: Power = 0.8,
    criterion: Criterion = "optimal",
    weight: Share | None = None,
    max_n: Treated | None = None,
    dropout: Dropout = 0.0,
) -> Outcome:
    """The two-stage design of a single-arm trial that stops early for futility only.

    The search is exhaustive up to 600 patients. ``weight`` (0.5 when left out) is for the
    admissible criterion; all admissible designs are listed whatever the criterion. ``max_n`` keeps
    to designs of so many patients.
    """
    checked_rates(p0, p1)
    checked_errors(alpha, power)
    if weight is not None and criterion != "admissible":
        raise BadDesign("weight is for criterion admissible only", "weight")
    rules = frontier(Goal(p0, p1, alpha, 1 - power), max_n)
    hull = admissible(rules, p0)
    share = {"optimal": 0.0, "minimax": 1.0, "admissible": 0.5 if weight is None else weight}
    rule = _chosen([found for found, _, _ in hull], p0, share[criterion])
    outputs = _outputs(rule, p0, p1) | {
        "admissible": [found.label for found, _, _ in hull],
        "admissible_r1": [found.r1 for found, _, _ in hull],
        "admissible_n1": [found.n1 for found, _, _ in hull],
        "admissible_r": [found.r for found, _, _ in hull],
        "admissible_n": [found.n for found, _, _ in hull],
        "admissible_en0": [found.expected_n(p0) for found, _, _ in hull],
        "admissible_pet0": [found.stop_early(p0) for found, _, _ in hull],
        "admissible_alpha": [found.declare(p0) for found, _, _ in hull],
        "admissible_power": [found.declare(p1) for found, _, _ in hull],
        "admissible_weight_from": [low for _, low, _ in hull],
        "admissible_weight_to": [high for _, _, high in hull],
    }
    if dropout:
        outputs |= with_dropout("n1", rule.n1, dropout) | with_dropout("n", rule.n, dropout)
    said = ("one_sided", "exact_binomial", f"criterion_{criterion}", "futility_only")
    return Outcome(
        outputs,
        "design",
        (
            *said,
            *(() if max_n is None else ("within_max_n",)),
            *(("dropout",) if dropout else ()),
        ),
        objections(alpha, power),
        {"weight_used": share[criterion]},
    )


@calculator(
    reference="Simon R. Optimal two-stage designs for phase II clinical trials. Control Clin "
    "Trials 1989;10:1-10; with a stop for efficacy: Mander AP, Thompson SG. Contemp Clin Trials "
    "2010;31:572-578",
    formula="P(X1 >= e1) + sum over r1 < x1 < e1 of b(x1; n1, p) P(X2 > r - x1), at p0 and p1",
)
def two_stage_characteristics(
    *,
    r1: Annotated[int, Field(ge=-1, le=100_000, description="Futility after stage 1 at r1.")],
    n1: Treated,
    r: Threshold,
    n: Treated,
    p0: Probability,
    p1: Probability,
    e1: Threshold | None = None,
) -> Outcome:
    """Error rates, chance of early termination and expected size of a given two-stage design.

    Stop for futility with ``r1`` responses or fewer of ``n1`` (-1: never), for efficacy with
    ``e1`` or more (left out: never); promising with more than ``r`` of ``n``.
    """
    checked_rates(p0, p1)
    rule = checked_rule(r1, n1, r, n, e1)
    outputs = _outputs(rule, p0, p1)
    if e1 is not None:
        outputs |= {
            "efficacy_stop0": rule.stop_for_efficacy(p0),
            "efficacy_stop1": rule.stop_for_efficacy(p1),
        }
    said = ("exact_binomial", "futility_only" if e1 is None else "both_stops")
    return Outcome(outputs, "characteristics", said)


def _chosen(rules: list[Rule], p0: float, weight: float) -> Rule:
    """The rule with the smallest ``weight * n + (1 - weight) * expected n``."""
    return min(rules, key=lambda rule: weight * rule.n + (1 - weight) * rule.expected_n(p0))


def _outputs(rule: Rule, p0: float, p1: float) -> dict[str, Any]:
    return {
        "design": rule.label,
        "r1": rule.r1,
        "n1": rule.n1,
        "r": rule.r,
        "n": rule.n,
        "n2": rule.n - rule.n1,
        "en0": rule.expected_n(p0),
        "en1": rule.expected_n(p1),
        "pet0": rule.stop_early(p0),
        "pet1": rule.stop_early(p1),
        "alpha_achieved": rule.declare(p0),
        "power_achieved": rule.declare(p1),
    }
