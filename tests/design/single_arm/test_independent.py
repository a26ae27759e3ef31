"""Two-stage designs by trying every one; the admissible ones by trying every weight."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from design import calculate

Design = tuple[float, int, int, int, int]  # expected size, r1, n1, r, n


def _best_of_each_size(p0: float, p1: float, alpha: float, power: float, most: int) -> list[Design]:
    found: list[Design] = []
    for n in range(5, most + 1):
        best: Design | None = None
        for n1 in range(1, n):
            later = n - n1
            for r1 in range(n1):
                if binom.sf(r1, n1, p1) < power:
                    break
                x = np.arange(r1 + 1, n1 + 1)
                null, alternative = binom.pmf(x, n1, p0), binom.pmf(x, n1, p1)
                r = next(r for r in range(r1, n) if null @ binom.sf(r - x, later, p0) <= alpha)
                if alternative @ binom.sf(r - x, later, p1) < power:
                    continue
                expected = n1 + float(binom.sf(r1, n1, p0)) * later
                if best is None or expected < best[0]:
                    best = (expected, r1, n1, r, n)
        if best is not None:
            found.append(best)
    return found


def test_every_design_up_to_a_size() -> None:
    p0, p1, alpha, power = 0.2, 0.5, 0.1, 0.9
    designs = _best_of_each_size(p0, p1, alpha, power, 24)
    asked = {"p0": p0, "p1": p1, "alpha": alpha, "power": power}
    for criterion, best in (("minimax", designs[0]), ("optimal", min(designs))):
        found = calculate("simon_two_stage", asked | {"criterion": criterion}).outputs
        assert found["design"] == "{}/{} {}/{}".format(*best[1:])
        assert found["en0"] == pytest.approx(best[0])
    weights = np.linspace(0, 1, 2001)
    admissible = {min(designs, key=lambda d: w * d[4] + (1 - w) * d[0]) for w in weights}
    found = calculate("simon_two_stage", asked | {"criterion": "admissible"}).outputs
    expected = ["{}/{} {}/{}".format(*d[1:]) for d in sorted(admissible, key=lambda d: d[4])]
    assert found["admissible"] == expected
