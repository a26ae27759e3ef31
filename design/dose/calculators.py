"""BOIN boundaries, decisions of the interval designs, and the dose to recommend at the end."""

from __future__ import annotations

from typing import Any

import numpy as np

from design.dose.inputs import (
    NAMES,
    Cases,
    Cutoff,
    Design,
    From,
    Half,
    Patients,
    PerDose,
    Rate,
    TableSize,
    Target,
    checked_counts,
    checked_limits,
)
from design.dose.isotonic import eliminated, estimates, select
from design.dose.rules import (
    Settings,
    Thresholds,
    boin_lambdas,
    excess_probability,
    threshold,
    thresholds,
)
from design.errors import BadDesign
from design.registry import calculator
from design.result import Outcome

_BOIN = (
    "Liu S, Yuan Y. Bayesian optimal interval designs for phase I clinical trials. J R Stat Soc C "
    "2015;64:507-523"
)
_INTERVALS = (
    f"{_BOIN}; Guo W et al. A Bayesian interval dose-finding design addressing Ockham's razor: "
    "mTPI-2. Contemp Clin Trials 2017;58:23-33; Yan F, Mandrekar SJ, Yuan Y. Keyboard. Clin "
    "Cancer Res 2017;23:3994-4003; Liu M, Wang SJ, Ji Y. The i3+3 design. J Biopharm Stat "
    "2020;30:294-304"
)


@calculator(
    reference=_BOIN,
    formula="lambda_e = ln((1-p_saf)/(1-target)) / ln(target(1-p_saf) / (p_saf(1-target))); "
    "lambda_d = ln((1-target)/(1-p_tox)) / ln(p_tox(1-target) / (target(1-p_tox))); eliminate "
    "when P(p > target | data) > cutoff, prior Beta(1, 1)",
)
def boin_boundaries(
    *,
    target: Target,
    p_saf: Rate | None = None,
    p_tox: Rate | None = None,
    max_n: TableSize = 30,
    cohort: Patients = 3,
    cutoff: Cutoff = 0.95,
    eliminate_from: From = 3,
) -> Outcome:
    """Escalation and de-escalation boundaries of BOIN, with the table for each cohort.

    ``p_saf`` and ``p_tox`` are 0.6 and 1.4 times the target when left out.
    """
    low, high = checked_limits(target, p_saf, p_tox)
    lambda_e, lambda_d = boin_lambdas(target, low, high)
    settings = Settings("boin", target, low, high, cutoff=cutoff, eliminate_from=eliminate_from)
    table = _every(thresholds(settings, max_n), cohort)
    outputs = {"lambda_e": lambda_e, "lambda_d": lambda_d, "p_saf_used": low, "p_tox_used": high}
    return Outcome(outputs | _columns(table), "boundaries", ("boin_limits", "elimination"))


@calculator(
    reference=_INTERVALS,
    formula="boin: observed rate against lambda_e and lambda_d; mtpi2 and keyboard: the interval "
    "with the largest posterior density, prior Beta(1, 1); i3+3: y/n and (y-1)/n against the "
    "interval target - epsilon1 to target + epsilon2",
)
def dose_decision(
    *,
    target: Target,
    n: Patients,
    dlt: Cases,
    design: Design = "boin",
    p_saf: Rate | None = None,
    p_tox: Rate | None = None,
    epsilon1: Half = 0.05,
    epsilon2: Half = 0.05,
    cutoff: Cutoff = 0.95,
    eliminate_from: From = 3,
) -> Outcome:
    """What to do after ``dlt`` of ``n`` patients at the current dose had a DLT.

    ``eliminate`` means: de-escalate and never come back to this dose or a higher one.
    """
    if dlt > n:
        raise BadDesign(f"dlt = {dlt} is more than the n = {n} patients", "dlt")
    settings = Settings(design, target, p_saf, p_tox, epsilon1, epsilon2, cutoff, eliminate_from)
    rule = threshold(settings, n)
    decision = rule.decision(dlt)
    outputs = {
        "decision": decision,
        "observed": dlt / n,
        "probability_excess": excess_probability(dlt, n, target),
        "escalate_at_most": rule.escalate_at_most,
        "deescalate_at_least": rule.deescalate_at_least,
        "eliminate_at_least": rule.eliminate_at_least,
    }
    said = (_key(design), "elimination")
    return Outcome(outputs, decision.replace("-", ""), said, values={"design_name": NAMES[design]})


@calculator(reference=_INTERVALS, formula="as in dose_decision, for every number of patients")
def dose_decision_table(
    *,
    target: Target,
    design: Design = "boin",
    max_n: TableSize = 18,
    cohort: Patients = 1,
    p_saf: Rate | None = None,
    p_tox: Rate | None = None,
    epsilon1: Half = 0.05,
    epsilon2: Half = 0.05,
    cutoff: Cutoff = 0.95,
    eliminate_from: From = 3,
) -> Outcome:
    """The decision table that a protocol prints, for multiples of ``cohort`` patients."""
    settings = Settings(design, target, p_saf, p_tox, epsilon1, epsilon2, cutoff, eliminate_from)
    table = _every(thresholds(settings, max_n), cohort)
    said = (_key(design), "elimination")
    return Outcome(_columns(table), "table", said, values={"design_name": NAMES[design]})


@calculator(
    reference="Yan F, Zhang L, Zhou Y, Pan H, Liu S, Yuan Y. BOIN: an R package for designing "
    "single-agent and drug-combination dose-finding trials. J Stat Softw 2020;94(13)",
    formula="isotonic regression of (y + 0.05)/(n + 0.1), weights 1/variance; the dose closest to "
    "the target among those not eliminated",
)
def mtd_selection(
    *,
    target: Target,
    n: PerDose,
    dlt: PerDose,
    cutoff: Cutoff = 0.95,
    eliminate_from: From = 3,
) -> Outcome:
    """The maximum tolerated dose at the end of a trial, from patients and DLT at each dose."""
    checked_counts(n, dlt)
    if not any(n):
        raise BadDesign("no dose has patients", "n")
    patients, cases = np.array(n), np.array(dlt)
    out = eliminated(patients, cases, target, cutoff, eliminate_from)
    chosen = int(select(patients, cases, target, out))
    fits = estimates(patients, cases)
    outputs: dict[str, Any] = {
        "mtd": None if chosen < 0 else chosen + 1,
        "estimates": [None if np.isnan(fit) else float(fit) for fit in fits],
        "eliminated": [dose for dose, gone in enumerate(out, start=1) if gone],
    }
    if chosen >= 0:
        outputs["mtd_estimate"] = float(estimates(patients, cases, ~out)[chosen])
    return Outcome(outputs, "selected" if chosen >= 0 else "none", ("isotonic", "elimination"))


def _every(rules: list[Thresholds], cohort: int) -> list[Thresholds]:
    kept = [rule for rule in rules if rule.n % cohort == 0]
    if not kept:
        raise BadDesign(f"a cohort of {cohort} is larger than max_n", "cohort")
    return kept


def _columns(table: list[Thresholds]) -> dict[str, list[int | None]]:
    return {
        "n": [rule.n for rule in table],
        "escalate_at_most": [rule.escalate_at_most for rule in table],
        "deescalate_at_least": [rule.deescalate_at_least for rule in table],
        "eliminate_at_least": [rule.eliminate_at_least for rule in table],
    }


def _key(design: str) -> str:
    return {"boin": "boin_limits_short", "i3+3": "i3"}.get(design, design)
