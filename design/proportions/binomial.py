"""The exact binomial test of one proportion: critical counts, power, and the search for n."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from design.errors import BadDesign
from design.sizes import with_dropout

MOST = 50_000  # patients up to which n is searched
_BLOCK = 4096

Array = NDArray[Any]


def upper_tail(count: Array, n: Array, p: float) -> Array:
    """P(X >= count)."""
    inside = (count > 0) & (count <= n)
    safe = np.where(inside, count, 1)
    chance = special.betainc(safe, np.maximum(n - safe + 1, 1), p)
    return np.where(inside, chance, np.where(count <= 0, 1.0, 0.0))


def critical(n: Array, p0: float, alpha: float) -> Array:
    """The smallest count with P(X >= count | p0) <= alpha, for each n; n + 1 when there is none."""
    centre = n * p0 + np.sqrt(n * p0 * (1 - p0)) * special.ndtri(1 - alpha)
    low, high = np.maximum(np.floor(centre) - 20, 0), np.minimum(np.ceil(centre) + 20, n + 1)
    low = np.where(upper_tail(low, n, p0) <= alpha, 0, low)
    high = np.where(upper_tail(high, n, p0) > alpha, n + 1, high)
    while np.any(high - low > 1):
        middle = np.floor((low + high) / 2)
        rejects = upper_tail(middle, n, p0) <= alpha
        high = np.where(rejects, middle, high)
        low = np.where(rejects, low, middle)
    return np.asarray(high)


def power(n: Array, p: float, p0: float, alpha: float) -> tuple[Array, Array]:
    """Critical count and power of the one-sided test in the direction of ``p``.

    The count is of events when p > p0, otherwise of events at most (``count`` or fewer reject).
    """
    if p > p0:
        count = critical(n, p0, alpha)
        return count, upper_tail(count, n, p)
    mirrored = critical(n, 1 - p0, alpha)
    return n - mirrored, upper_tail(mirrored, n, 1 - p)


def outputs(
    p: float, p0: float, alpha: float, wanted: float | None, known: float | None, dropout: float
) -> dict[str, Any]:
    """Outputs of :func:`design.proportions.one_proportion` with the exact test.

    ``n_stable`` is the smallest n from which the power holds: with whole counts it goes up and
    down as n grows.

    Raises:
        BadDesign: No n up to ``MOST`` reaches the power.
    """
    if known is not None:
        return _at(int(known), p, p0, alpha)
    assert wanted is not None
    first, stable = search(lambda n: power(n, p, p0, alpha)[1], wanted)
    found = _at(first, p, p0, alpha)
    found["power_achieved"] = found.pop("power")
    extra = with_dropout("n", first, dropout) if dropout else {}
    return {"n": first, "n_stable": stable} | found | extra


def _at(n: int, p: float, p0: float, alpha: float) -> dict[str, Any]:
    count, reached = power(np.array([float(n)]), p, p0, alpha)
    tail = (
        upper_tail(count, np.array([float(n)]), p0)
        if p > p0
        else upper_tail(n - count, np.array([float(n)]), 1 - p0)
    )
    return {
        "critical_count": int(count[0]),
        "power": float(reached[0]),
        "alpha_achieved": float(tail[0]),
    }


def search(reach: Any, wanted: float) -> tuple[int, int]:
    """The first n that reaches the power, and the first from which all up to twice it do.

    Raises:
        BadDesign: None up to ``MOST`` does.
    """
    first, last_failure, seen = 0, 0, 0
    while not first or seen < 2 * first + 50:
        if seen >= MOST:
            if first:
                break
            raise BadDesign(
                f"no n up to {MOST} reaches this power by the exact test; take test=score", "test"
            )
        n = np.arange(seen + 1, seen + _BLOCK + 1, dtype=float)
        holds = reach(n) >= wanted
        if not first and holds.any():
            first = int(n[holds.argmax()])
        if not holds.all():
            last_failure = int(n[~holds][-1])
        seen += _BLOCK
    return first, max(first, last_failure + 1)


def equivalence_power(
    n: Array, p: float, lower: float, upper: float, alpha: float
) -> tuple[Array, Array, Array]:
    """Least and most events that show equivalence, and the chance of falling between them."""
    least = critical(n, lower, alpha)
    most = n - critical(n, 1 - upper, alpha)
    inside = upper_tail(least, n, p) - upper_tail(most + 1, n, p)
    return least, most, np.where(least <= most, np.maximum(inside, 0.0), 0.0)


def equivalence_outputs(
    p: float, lower: float, upper: float, alpha: float,
    wanted: float | None, known: float | None, dropout: float,
) -> dict[str, Any]:  # fmt: skip
    """Outputs of :func:`design.proportions.one_proportion_equivalence` with exact tests.

    Raises:
        BadDesign: No n up to ``MOST`` reaches the power.
    """
    sizes: dict[str, Any] = {}
    if known is None:
        assert wanted is not None
        first, stable = search(lambda n: equivalence_power(n, p, lower, upper, alpha)[2], wanted)
        sizes = {"n": first, "n_stable": stable}
        if dropout:
            sizes |= with_dropout("n", first, dropout)
        known = first
    least, most, reached = equivalence_power(np.array([float(known)]), p, lower, upper, alpha)
    name = "power_achieved" if sizes else "power"
    return sizes | {
        "least_count": int(least[0]),
        "most_count": int(most[0]),
        name: float(reached[0]),
    }
