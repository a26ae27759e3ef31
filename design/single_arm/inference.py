"""Estimate, interval and p-value after a two-stage trial that could stop for futility."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field
from scipy import special

from design.errors import BadDesign
from design.quantities import Level, Probability
from design.registry import calculator
from design.result import Outcome
from design.single_arm.inputs import checked_rule
from design.single_arm.two_stage import Threshold, Treated
from design.single_arm.two_stage_rule import Rule, mass, more_than, survival
from design.solving import root


@calculator(
    reference="Jung SH, Kim KM. On the estimation of the binomial probability in multistage "
    "clinical trials. Stat Med 2004;23:881-896 (estimate); Koyama T, Chen H. Proper inference "
    "from Simon's two-stage designs. Stat Med 2008;27:3145-3154 (p-value, interval)",
    formula="UMVUE = sum over x1 > r1 of C(n1-1, x1-1) C(n2, x-x1) / sum of C(n1, x1) C(n2, x-x1); "
    "p-value = P(stage 2 reached, X >= x | p0); the interval holds the p0 not rejected",
)
def two_stage_inference(
    *,
    r1: Threshold,
    n1: Treated,
    r: Threshold,
    n: Treated,
    responses: Annotated[
        int, Field(ge=0, le=100_000, description="Responses of all patients. 总有效例数")
    ],
    p0: Probability,
    level: Level = 0.9,
) -> Outcome:
    """Response rate after a Simon design, with the early look allowed for.

    ``responses`` of r1 or fewer mean that the trial ended after stage 1; more, that it went on
    to ``n`` patients. ``level`` 0.9 goes with a one-sided alpha of 0.05.
    """
    rule = checked_rule(r1, n1, r, n)
    stopped = responses <= r1
    treated = n1 if stopped else n
    if responses > treated:
        raise BadDesign(f"responses = {responses} are more than the {n} patients", "responses")
    tail = (1 - level) / 2
    outputs = {
        "stage": 1 if stopped else 2,
        "patients": treated,
        "estimate": _estimate(rule, responses),
        "estimate_naive": responses / treated,
        "lower": _bound(rule, responses, tail),
        "upper": _bound(rule, responses + 1, 1 - tail),
        "p_value": _as_many(rule, responses, p0),
        "promising": not stopped and responses > r,
    }
    key = "stopped" if stopped else ("promising" if responses > r else "not_promising")
    return Outcome(outputs, key, ("stagewise_order", "exact_binomial"))


def _estimate(rule: Rule, x: int) -> float:
    """Uniformly minimum variance unbiased estimate."""
    if x <= rule.r1:
        return x / rule.n1
    first = np.arange(max(rule.r1 + 1, x - (rule.n - rule.n1)), min(rule.n1, x) + 1)
    # C(n1-1, x1-1) C(n2, x-x1) is x1/n1 of C(n1, x1) C(n2, x-x1)
    log_paths = _log_choose(rule.n1, first) + _log_choose(rule.n - rule.n1, x - first)
    paths = np.exp(log_paths - log_paths.max())
    return float(paths @ first / paths.sum() / rule.n1)


def _log_choose(n: int, k: np.ndarray) -> np.ndarray:
    return np.asarray(special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1))


def _as_many(rule: Rule, x: int, p: float) -> float:
    """Probability of an outcome at least as good as ``x`` responses, stage 2 above stage 1."""
    if x <= 0:
        return 1.0
    if x <= rule.r1:
        return more_than(x - 1, rule.n1, p)
    first = np.arange(rule.r1 + 1, rule.n1 + 1)
    return float(mass(first, rule.n1, p) @ survival(x - 1 - first, rule.n - rule.n1, p))


def _bound(rule: Rule, x: int, tail: float) -> float:
    """The rate at which outcomes as good as ``x`` have probability ``tail``."""
    if x <= 0:
        return 0.0
    if x > rule.n:
        return 1.0
    low, high = 1e-12, 1 - 1e-12
    if _as_many(rule, x, high) < tail:
        return 1.0
    return root(lambda p: _as_many(rule, x, p) - tail, low, high, xtol=1e-12)
