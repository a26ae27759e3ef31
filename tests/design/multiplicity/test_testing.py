"""Multiple testing against closed testing in full, and values worked out by hand."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from design import BadDesign, calculate
from design.multiplicity import procedures


def adjusted(method: str, p: list[float], **inputs: Any) -> list[float]:
    asked = {"p_values": p, "method": method, **inputs}
    return list(calculate("multiple_testing", asked).outputs["adjusted_p"])


def closed(p: list[float], test: Any) -> list[float]:
    """Adjusted P values as the largest P value of all intersections that hold a hypothesis."""
    found = [0.0] * len(p)
    for size in range(1, len(p) + 1):
        for held in itertools.combinations(range(len(p)), size):
            value = min(1.0, test([p[i] for i in held]))
            for i in held:
                found[i] = max(found[i], value)
    return found


def simes(p: list[float]) -> float:
    return min(len(p) * value / rank for rank, value in enumerate(sorted(p), start=1))


def hochberg_local(p: list[float]) -> float:
    return min((len(p) - rank + 1) * value for rank, value in enumerate(sorted(p), start=1))


P = st.lists(st.floats(0.0001, 1), min_size=1, max_size=5)


@settings(max_examples=60, deadline=None)
@given(P)
def test_procedures_are_closed_tests(p: list[float]) -> None:
    assert adjusted("holm", p) == pytest.approx(closed(p, lambda s: len(s) * min(s)))
    assert adjusted("hommel", p) == pytest.approx(closed(p, simes))
    assert adjusted("hochberg", p) == pytest.approx(closed(p, hochberg_local))


@settings(max_examples=60, deadline=None)
@given(P)
def test_procedures_keep_their_order(p: list[float]) -> None:
    holm, hochberg, hommel = (np.array(adjusted(m, p)) for m in ("holm", "hochberg", "hommel"))
    bonferroni = np.array(adjusted("bonferroni", p))
    assert (np.array(p) <= hommel + 1e-12).all() and (hommel <= hochberg + 1e-12).all()
    assert (hochberg <= holm + 1e-12).all() and (holm <= bonferroni + 1e-12).all()


def test_adjusted_values_by_hand() -> None:
    p = [0.01, 0.02, 0.022, 0.09]
    assert adjusted("holm", p) == pytest.approx([0.04, 0.06, 0.06, 0.09])
    assert adjusted("hochberg", p) == pytest.approx([0.04, 0.044, 0.044, 0.09])
    assert adjusted("fixed_sequence", [0.01, 0.2, 0.03]) == pytest.approx([0.01, 0.2, 0.2])


def test_fallback_passes_alpha_on() -> None:
    """Wiens 2003: a rejected hypothesis gives its share to the next, none goes back."""
    found = adjusted("fallback", [0.01, 0.03, 0.2], weights=[0.5, 0.25, 0.25])
    assert found == pytest.approx([0.02, 0.04, 0.2])
    held = adjusted("fallback", [0.04, 0.01, 0.02], weights=[0.5, 0.25, 0.25])
    assert held == pytest.approx([0.08, 0.04, 0.04])


GRAPHS = st.integers(2, 4).flatmap(
    lambda m: st.tuples(
        st.lists(st.floats(0.0005, 0.5), min_size=m, max_size=m),
        st.lists(st.floats(0.05, 1), min_size=m, max_size=m),
        st.lists(st.lists(st.floats(0.05, 1), min_size=m, max_size=m), min_size=m, max_size=m),
    )
)


@settings(max_examples=40, deadline=None)
@given(GRAPHS)
def test_a_graph_is_a_closed_weighted_bonferroni_test(graph: Any) -> None:
    p, shares, rows = graph
    weights = np.array(shares) / sum(shares)
    moves = np.array(rows)
    np.fill_diagonal(moves, 0)
    moves /= moves.sum(axis=1, keepdims=True)

    def left(held: tuple[int, ...]) -> Any:
        weight, going, now = weights.copy(), moves.copy(), list(range(len(p)))
        for gone in set(now) - set(held):
            now.remove(gone)
            weight, going = procedures._without(gone, now, weight, going)
        return weight

    wanted = [0.0] * len(p)
    for size in range(1, len(p) + 1):
        for held in itertools.combinations(range(len(p)), size):
            weight = left(held)
            value = min(1.0, min(p[i] / weight[i] for i in held if weight[i] > 0))
            for i in held:
                wanted[i] = max(wanted[i], value)
    asked = {"p_values": p, "weights": weights.tolist(), "transitions": moves.tolist()}
    found = calculate("graphical_testing", asked).outputs["adjusted_p"]
    assert found == pytest.approx(wanted, abs=1e-9)


def test_equal_graphs_are_holm() -> None:
    p = [0.013, 0.2, 0.021]
    asked = {
        "p_values": p,
        "weights": [1 / 3] * 3,
        "transitions": [[0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]],
    }
    found = calculate("graphical_testing", asked).outputs["adjusted_p"]
    assert found == pytest.approx(adjusted("holm", p))


def test_levels() -> None:
    found = calculate("multiplicity_levels", {"tests": 3, "alpha": 0.05})
    assert found.outputs["alpha_each"] == pytest.approx(0.05 / 3)
    assert "0.0167" in found.sentence.zh
    sidak = calculate("multiplicity_levels", {"tests": 2, "method": "sidak"}).outputs
    assert sidak["alpha_each"] == pytest.approx(1 - 0.95**0.5)
    shared = calculate("multiplicity_levels", {"tests": 2, "weights": [0.8, 0.2]}).outputs
    assert shared["alpha_levels"] == pytest.approx([0.04, 0.01])


@pytest.mark.parametrize(
    ("method", "inputs", "said"),
    [
        ("multiple_testing", {"p_values": [0.1], "weights": [1]}, "fallback"),
        (
            "multiple_testing",
            {"p_values": [0.1], "method": "fallback", "weights": [2]},
            "less than or equal",
        ),
        (
            "graphical_testing",
            {"p_values": [0.1, 0.2], "weights": [0.5, 0.5], "transitions": [[0, 1]]},
            "2 rows",
        ),
        (
            "graphical_testing",
            {"p_values": [0.1, 0.2], "weights": [0.9, 0.5], "transitions": [[0, 1], [1, 0]]},
            "sum",
        ),
        (
            "graphical_testing",
            {"p_values": [0.1, 0.2], "weights": [0.5, 0.5], "transitions": [[0.5, 0.5], [1, 0]]},
            "itself",
        ),
        ("multiplicity_levels", {"tests": 3, "weights": [0.5, 0.5]}, "3 hypotheses"),
    ],
)
def test_what_is_no_procedure_is_refused(method: str, inputs: dict[str, Any], said: str) -> None:
    with pytest.raises(BadDesign, match=said):
        calculate(method, inputs)
