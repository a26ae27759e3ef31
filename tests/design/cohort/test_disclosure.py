"""Small counts cannot be had from the counts that are shown."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from design.cohort.disclosure import Ledger, group_rows, level_of
from design.cohort.outcome import Options
from tests.design.cohort.attack import Cells, count, intervals


def _drawn(seed: int, criteria: int, persons: int) -> tuple[Any, Any, Any]:
    """Persons whose criteria are met often or seldom, so that small groups abound."""
    chance = np.random.default_rng(seed)
    states = np.empty((persons, criteria), np.int64)
    for place in range(criteria):
        unknown = chance.choice([0.0, 0.03, 0.2])
        met = chance.choice([0.2, 0.6, 0.95, 1.0])
        shares = [(1 - unknown) * (1 - met), unknown, (1 - unknown) * met]
        states[:, place] = chance.choice(3, persons, p=shares)
    site = chance.choice(3, persons, p=chance.dirichlet([1.0, 1.0, 1.0]))
    year = chance.choice(3, persons, p=chance.dirichlet([1.0, 1.0, 1.0]))
    return states, site, year


def _attacked(
    seed: int, criteria: int, persons: int, missing: str, threshold: int = 10
) -> tuple[list[Any], list[Any]]:
    states, site, year = _drawn(seed, criteria, persons)
    options = Options(missing=missing, threshold=threshold)  # type: ignore[arg-type]
    found = count(states, site, year, options)
    meant = Cells(criteria, 3, 3)
    places = {kind: place for place, kind in enumerate(meant.kinds)}
    true = np.zeros(len(meant.kinds))
    for row in np.column_stack([states, site, year]):
        true[places[tuple(int(part) for part in row)]] += 1
    cells = list(meant.of(found))
    return cells, intervals(cells, true)


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    criteria=st.integers(1, 3),
    persons=st.integers(1, 400),
    missing=st.sampled_from(["exclude", "keep", "both"]),
)
def test_no_hidden_small_count_can_be_solved_for(
    seed: int, criteria: int, persons: int, missing: str
) -> None:
    cells, hidden = _attacked(seed, criteria, persons, missing)
    assert all(value is None or value == 0 or value >= 10 for _, _, value in cells)
    for name, real, width in hidden:
        if 0 < real < 10:
            assert width >= 1 - 1e-6, f"{name} = {real} can be solved for"


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    criteria=st.integers(1, 4),
    persons=st.integers(1, 600),
    missing=st.sampled_from(["exclude", "keep", "both"]),
    threshold=st.sampled_from([3, 5, 10, 20]),
)
def test_the_same_over_many_more(
    seed: int, criteria: int, persons: int, missing: str, threshold: int
) -> None:
    cells, hidden = _attacked(seed, criteria, persons, missing, threshold)
    assert all(value is None or value == 0 or value >= threshold for _, _, value in cells)
    for name, real, width in hidden:
        if 0 < real < threshold:
            assert width >= 1 - 1e-6, f"{name} = {real} can be solved for"


# What the first criterion's state says of the last one's, as a reader knows from their meaning.
_MEANT = {
    "within": lambda first, last: last <= first,  # at least 19 is at least 18
    "apart": lambda first, last: last <= 2 - first,  # nobody is male and female
    "around": lambda first, last: last >= 2 - first,  # everybody is over 18 or under 40
}


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    meant=st.sampled_from(sorted(_MEANT)),
    few=st.integers(0, 12),
    missing=st.sampled_from(["exclude", "keep"]),
)
def test_meaning_gives_no_small_group_away(seed: int, meant: str, few: int, missing: str) -> None:
    states, site, year = _drawn(seed, 3, 300)
    first = np.where(states[:, 0] == 1, 2, states[:, 0])
    last = {"within": first, "apart": 2 - first, "around": 2 - first}[meant].copy()
    strays = {"within": first == 2, "apart": first == 0, "around": first == 2}[meant]
    chosen = np.flatnonzero(strays)[:few]
    last[chosen] = {"within": 0, "apart": 0, "around": 2}[meant]
    states[:, 0], states[:, 2] = first, last
    found = count(states, site * 0, year * 0, Options(missing=missing))  # type: ignore[arg-type]
    cells = Cells(3, 1, 1)
    true = np.zeros(len(cells.kinds))
    for row in states:
        true[cells.kinds.index((*(int(part) for part in row), 0, 0))] += 1
    can_be = np.array([_MEANT[meant](kind[0], kind[2]) for kind in cells.kinds])
    known = np.array([1 not in (kind[0], kind[2]) for kind in cells.kinds])
    keep = can_be & known
    told = [(name, row[keep], value) for name, row, value in cells.of(found)]
    of_both = np.array([(kind[0], kind[2]) for kind in cells.kinds])[keep]
    pairs = [(a, b) for a in (0, 2) for b in (0, 2)]
    told += [(f"{a} and {b}", (of_both == (a, b)).all(axis=1) * 1.0, None) for a, b in pairs]
    for name, real, width in intervals(told, true[keep]):
        if 0 < real < 10:
            assert width >= 1 - 1e-6, f"{name} = {real} can be solved for"


def test_groups_that_leave_few_out_are_kept_back() -> None:
    # Three bands of age and 3 persons without one: no two of them tell, all three do.
    bands = np.array([[2, 0, 0], [0, 2, 0], [0, 0, 2], [1, 1, 1]], np.int8)
    ledger = Ledger(bands, np.array([100, 100, 100, 3]), threshold=10)
    assert ledger.offer(level_of([0, 0, 0]))
    shown = [ledger.offer(level_of(levels)) for levels in ([2, 0, 0], [0, 2, 0], [0, 0, 2])]
    assert shown == [True, True, False]


def test_too_many_ways_to_add_up_are_kept_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("design.cohort.disclosure._MOST_STEPS", 1)
    bands = np.array([[2, 0, 0], [0, 2, 0], [0, 0, 2]], np.int8)
    ledger = Ledger(bands, np.array([100, 100, 100]), threshold=10)
    assert ledger.offer(level_of([0, 0, 0])) and ledger.offer(level_of([2, 0, 0]))
    assert not all(ledger.offer(level_of(each)) for each in ([0, 2, 0], [0, 0, 2]))


def test_a_funnel_of_large_groups_is_shown_whole() -> None:
    states, site, year = _drawn(3, 2, 400)
    states[:] = np.tile([[2, 2], [2, 0], [0, 2], [0, 0]], (100, 1))
    found = count(states, site * 0 + np.arange(400) // 200, year * 0, Options())
    assert not [step for step in found.to_json()["steps"] if step["suppressed"]]
    assert [step.remaining for step in found.steps] == [200, 100]


def test_a_count_that_would_give_a_difference_away_is_kept_back() -> None:
    ledger = Ledger(np.array([[2, 2], [2, 0]], np.int8), np.array([95, 5]), threshold=10)
    everyone, met = level_of([2, 0]), level_of([2, 2])
    assert ledger.offer(everyone)
    assert not ledger.offer(met)
    assert ledger.value(met) is None
    assert ledger.value(everyone, met) is None


@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda pair: (max(pair), min(pair))),
        max_size=8,
    )
)
def test_hidden_rows_of_a_table_hide_each_other(rows: list[tuple[int, int]]) -> None:
    shown = group_rows(rows, 10)
    for (whole, part), visible in zip(rows, shown, strict=True):
        if visible:
            assert not any(0 < n < 10 for n in (whole, part, whole - part))
    hidden = [row for row, visible in zip(rows, shown, strict=True) if not visible]
    if hidden and len(hidden) < len(rows):
        assert len(hidden) > 1
        together = [sum(column) for column in zip(*hidden, strict=True)]
        assert not any(0 < n < 10 for n in (*together, together[0] - together[1]))
