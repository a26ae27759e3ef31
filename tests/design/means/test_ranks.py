"""Rank tests: published numbers, and a simulation of the efficiency."""

from __future__ import annotations

import math

import numpy as np
import pytest

from design import BadDesign, calculate


def test_noether() -> None:
    # statpsych, help of size.test.mann: alpha 0.05, power 0.9, p 0.3: 44 per group
    assert calculate("rank_sum", {"p1": 0.3, "power": 0.9}).outputs["n1"] == 44
    # Noether's N = (z + z)^2 / (12 c (1 - c) (p - 1/2)^2) for two of three patients in group 1
    n = calculate("rank_sum", {"p1": 0.7, "power": 0.8, "ratio": 2}).outputs["n_total_raw"]
    assert n == pytest.approx((1.959964 + 0.841621) ** 2 / (12 * 2 / 9 * 0.04), abs=1e-3)


def test_chow() -> None:
    # Chow, Shao, Wang, examples 14.2 and 14.3 (TrialSize)
    given = {"p1": 0.7, "p2": 0.8, "p3": 0.8, "power": 0.8}
    result = calculate("rank_sum", given)
    assert result.outputs["n1"] == 54
    assert any("概率上不可能" in text.zh for text in result.warnings)
    given = {"p2": 0.3, "p3": 0.4, "p4": 0.05, "power": 0.8}
    assert calculate("signed_rank", given).outputs["n"] == 383
    with pytest.raises(BadDesign, match="below p1"):
        calculate("rank_sum", {"p1": 0.7, "p2": 0.4, "p3": 0.6, "power": 0.8})


def test_signed_rank_of_noether() -> None:
    # Noether 1987: n = (z + z)^2 / (3 (p - 1/2)^2)
    n = calculate("signed_rank", {"p_sum": 0.7, "power": 0.9}).outputs["n_raw"]
    assert n == pytest.approx((1.959964 + 1.281552) ** 2 / (3 * 0.04), abs=1e-3)


def test_efficiency_against_the_t_test() -> None:
    given = {"difference": 5, "sd": 10, "power": 0.9}
    t = calculate("two_means", given).outputs["n1_raw"]
    normal = calculate("rank_sum", given).outputs["n1_raw"]
    least = calculate("rank_sum", {**given, "shape": "least"}).outputs["n1_raw"]
    assert normal == pytest.approx(t * math.pi / 3)
    assert least == pytest.approx(t / 0.864)


def test_rank_sum_of_normal_outcomes_agrees_with_a_simulation() -> None:
    rng = np.random.default_rng(5)
    n, trials, shift = 30, 20_000, 0.75
    both = rng.normal(size=(trials, 2 * n))
    both[:, :n] += shift
    ranks = both.argsort(1).argsort(1) + 1
    u = ranks[:, :n].sum(1) - n * (n + 1) / 2
    z = (u - n * n / 2) / math.sqrt(n * n * (2 * n + 1) / 12)
    power = float((abs(z) > 1.959964).mean())
    found = calculate("rank_sum", {"difference": shift, "sd": 1, "n1": n}).outputs["power"]
    assert abs(power - found) < 0.015


@pytest.mark.parametrize(("shape", "told"), [("logistic", False), ("laplace", True)])
def test_where_the_efficiency_gives_too_few_it_is_told(shape: str, told: bool) -> None:
    """4,000 trials, seed 8, of an effect of 0.8 standard deviations planned for a power of 0.8."""
    result = calculate("rank_sum", {"difference": 0.8, "sd": 1, "shape": shape, "power": 0.8})
    n = result.outputs["n1"]
    rng = np.random.default_rng(8)
    scale = math.sqrt(3) / math.pi if shape == "logistic" else 1 / math.sqrt(2)
    both = getattr(rng, shape)(0, scale, (4000, 2 * n))
    both[:, :n] += 0.8
    ranks = both.argsort(1).argsort(1) + 1
    u = ranks[:, :n].sum(1) - n * (n + 1) / 2
    z = (u - n * n / 2) / math.sqrt(n * n * (2 * n + 1) / 12)
    power = float((abs(z) > 1.959964).mean())
    assert (power < 0.78) is told
    assert any("渐近效率" in text.zh for text in result.warnings) is told
