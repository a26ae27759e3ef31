"""Operating characteristics of an interval design, by simulating trials from a seed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from design.dose.inputs import NAMES, Cutoff, Design, Dose, From, Half, Rate, Rates, Target
from design.dose.isotonic import Numbers, eliminated, select
from design.dose.rules import DEESCALATE, ELIMINATE, ESCALATE, Settings, thresholds
from design.errors import BadDesign
from design.registry import calculator
from design.result import Outcome

_MOVE = {ESCALATE: 1, DEESCALATE: -1}
_ON_TARGET = 0.05
_MOST = 300


@calculator(
    reference="Liu S, Yuan Y. J R Stat Soc C 2015;64:507-523; Yan F et al. BOIN: an R package. "
    "J Stat Softw 2020;94(13) (stopping rules, selection of the MTD)",
    formula="trials simulated with NumPy's PCG64 generator; standard error of a share s of N "
    "trials sqrt(s(1-s)/N)",
)
def dose_finding_characteristics(
    *,
    target: Target,
    rates: Rates,
    cohorts: Annotated[int, Field(ge=1, le=100, description="Number of cohorts at most.")] = 10,
    cohort: Annotated[int, Field(ge=1, le=12, description="Patients of a cohort.")] = 3,
    design: Design = "boin",
    p_saf: Rate | None = None,
    p_tox: Rate | None = None,
    epsilon1: Half = 0.05,
    epsilon2: Half = 0.05,
    start: Dose = 1,
    stop_at: Annotated[
        int,
        Field(ge=1, le=1000, description="End when the dose would stay after so many patients."),
    ] = 1000,
    cutoff: Cutoff = 0.95,
    eliminate_from: From = 3,
    trials: Annotated[int, Field(ge=100, le=20_000, description="Trials to simulate.")] = 5000,
    seed: Annotated[int, Field(ge=0, le=2**32 - 1, description="Seed of the simulation.")] = 1,
) -> Outcome:
    """How often each dose is selected and how many patients it gets, were ``rates`` true."""
    if start > len(rates):
        raise BadDesign(f"start = {start}, but there are {len(rates)} doses", "start")
    if cohorts * cohort > _MOST:
        raise BadDesign(
            f"{cohorts} cohorts of {cohort} are more than the {_MOST} patients that are simulated",
            "cohorts",
        )
    settings = Settings(design, target, p_saf, p_tox, epsilon1, epsilon2, cutoff, eliminate_from)
    plan = _Plan(np.array(rates), cohorts, cohort, start - 1, stop_at)
    n, y, stopped = _simulate(settings, plan, trials, np.random.Generator(np.random.PCG64(seed)))
    out = eliminated(n, y, target, cutoff, eliminate_from)
    chosen = np.where(stopped, -1, select(n, y, target, out))
    share = [float(np.mean(chosen == dose)) for dose in range(len(rates))]
    near = min(range(len(rates)), key=lambda i: abs(rates[i] - target))
    above = np.array(rates) > target + _ON_TARGET
    outputs = {
        "selected": share,
        "selected_none": float(np.mean(chosen < 0)),
        "patients": [float(v) for v in n.mean(axis=0)],
        "dlt": [float(v) for v in y.mean(axis=0)],
        "expected_n": float(n.sum(axis=1).mean()),
        "expected_dlt": float(y.sum(axis=1).mean()),
        "best_dose": near + 1,
        "selected_best": share[near],
        "patients_above_target": float(n[:, above].sum() / n.sum()),
        "standard_error": (share[near] * (1 - share[near]) / trials) ** 0.5,
    }
    warnings: tuple[str, ...] = (
        ("off_target",) if abs(rates[near] - target) > 2 * _ON_TARGET else ()
    )
    warnings += ("not_rising",) if any(b < a for a, b in pairwise(rates)) else ()
    values = {"best_rate": rates[near], "design_name": NAMES[design]}
    return Outcome(outputs, "characteristics", ("simulated", "elimination"), warnings, values)


@dataclass(frozen=True, slots=True)
class _Plan:
    rates: NDArray[np.float64]
    cohorts: int
    cohort: int
    start: int
    stop_at: int


def _simulate(
    settings: Settings, plan: _Plan, trials: int, random: np.random.Generator
) -> tuple[Numbers, Numbers, NDArray[np.bool_]]:
    """Patients and DLT by (trial, dose), and whether the lowest dose was eliminated."""
    move, gone = _tables(settings, plan.cohorts * plan.cohort)
    doses = plan.rates.size
    n = np.zeros((trials, doses), dtype=np.int64)
    y = np.zeros_like(n)
    at = np.full(trials, plan.start)
    ceiling = np.full(trials, doses)  # doses from here up are eliminated
    going = np.ones(trials, dtype=bool)
    stopped = np.zeros(trials, dtype=bool)
    rows = np.arange(trials)
    for _ in range(plan.cohorts):
        cases = random.binomial(plan.cohort, plan.rates[at])  # drawn for all, used where going
        n[rows, at] += np.where(going, plan.cohort, 0)
        y[rows, at] += np.where(going, cases, 0)
        here = n[rows, at], y[rows, at]
        out = gone[here] & going
        ceiling = np.where(out, np.minimum(ceiling, at), ceiling)
        stopped |= out & (at == 0)
        going &= ~stopped
        step = np.where(out, -1, move[here])
        onward = np.clip(at + step, 0, np.maximum(ceiling - 1, 0))
        going &= ~((here[0] >= plan.stop_at) & (onward == at))
        at = np.where(going, onward, at)
    return n, y, stopped


def _tables(settings: Settings, max_n: int) -> tuple[Numbers, NDArray[np.bool_]]:
    """Step (-1, 0, 1) and elimination by [n, y]."""
    move = np.zeros((max_n + 1, max_n + 1), dtype=np.int64)
    gone = np.zeros((max_n + 1, max_n + 1), dtype=bool)
    for rule in thresholds(settings, max_n):
        for y in range(rule.n + 1):
            decision = rule.decision(y)
            move[rule.n, y] = _MOVE.get(decision, 0)
            gone[rule.n, y] = decision == ELIMINATE
    return move, gone
