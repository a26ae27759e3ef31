"""One stage, one arm, against a fixed rate: the exact binomial design."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import special

from design.errors import BadDesign
from design.quantities import Alpha, Dropout, Power, Probability
from design.registry import calculator
from design.result import Outcome
from design.single_arm.inputs import checked_errors, checked_rates, objections
from design.single_arm.two_stage_rule import survival
from design.sizes import with_dropout

_MAX_N = 10_000
_DUST = 1e-12


@calculator(
    reference="A'Hern RP. Sample size tables for exact single-stage phase II designs. Stat Med "
    "2001;20:859-866; Fleming TR. Biometrics 1982;38:143-151",
    formula="smallest n with an r such that P(X > r | n, p0) <= alpha and "
    "P(X > r | n, p1) >= power",
)
def single_stage_exact(
    *,
    p0: Probability,
    p1: Probability,
    alpha: Alpha = 0.05,
    power: Power = 0.8,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Number of patients and of responses for one stage, by exact binomial probabilities.

    Exact power rises and falls from one n to the next. ``n`` is the smallest that will do;
    ``n_lasting`` the one from which on every n does. Searched up to 10 000 patients.
    """
    checked_rates(p0, p1)
    checked_errors(alpha, power)
    enough: tuple[int, int] | None = None
    lasting = 0
    for n, r, reached in _designs(p0, p1, alpha, power):
        if reached >= power - _DUST:
            enough = enough or (n, r)
            lasting = lasting or n
        else:
            lasting = 0
    if enough is None:
        raise BadDesign(
            f"no design of {_MAX_N} patients or fewer tells p0 = {p0:g} from p1 = {p1:g} at "
            "these error rates; take p1 further from p0, or larger rates",
            "p1",
        )
    n, r = enough
    outputs = {
        "design": f"{r}/{n}",
        "n": n,
        "r": r,
        "responses_needed": r + 1,
        "alpha_achieved": float(survival(r, n, p0)),
        "power_achieved": float(survival(r, n, p1)),
        "n_lasting": lasting or None,
    }
    if dropout:
        outputs |= with_dropout("n", n, dropout)
    said = (
        "one_sided",
        "exact_binomial",
        "smallest_n" if lasting else "smallest_n_alone",
        *(("dropout",) if dropout else ()),
    )
    return Outcome(outputs, "design", said, objections(alpha, power))


def _designs(p0: float, p1: float, alpha: float, power: float) -> Iterator[tuple[int, int, float]]:
    """n, r (the smallest that keeps the level) and power, to three times the approximate n.

    Beyond that the exact power, for all its saw teeth, stays above what was asked for.
    """
    z = float(special.ndtri(1 - alpha)), float(special.ndtri(power))
    spread = z[0] * (p0 * (1 - p0)) ** 0.5 + max(z[1], 0.0) * (p1 * (1 - p1)) ** 0.5
    normal = (spread / (p1 - p0)) ** 2
    last = min(_MAX_N, int(3 * normal + 10 / (p1 - p0)) + 100)
    r = 0
    for n in range(1, last + 1):
        while r < n and float(survival(r, n, p0)) > alpha + _DUST:
            r += 1
        if r < n:
            yield n, r, float(np.asarray(survival(r, n, p1)))
