from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.tokens import TokenLists

Lists = list[list[int]]
LISTS = st.lists(st.lists(st.integers(0, 65535), max_size=5), max_size=8)


def build(lists: Lists) -> TokenLists:
    return TokenLists.build([np.array(tokens, dtype=np.uint16) for tokens in lists])


def unpacked(found: TokenLists) -> Lists:
    assert found.tokens.dtype == np.uint16 and found.ends.dtype == np.int64
    assert len(found) == len(found.ends) - 1 and found.ends[-1] == len(found.tokens)
    return [part.tolist() for part in np.split(found.tokens, found.ends[1:-1])][: len(found)]


def rows(numbers: list[int]) -> npt.NDArray[np.int64]:
    return np.array(numbers, dtype=np.int64)


@given(LISTS)
def test_lists_come_back_as_they_were(lists: Lists) -> None:
    assert unpacked(build(lists)) == lists


@given(LISTS, st.data())
def test_rows_are_taken_in_the_order_asked(lists: Lists, data: st.DataObject) -> None:
    wanted = data.draw(st.lists(st.integers(0, len(lists) - 1), max_size=10)) if lists else []
    assert unpacked(build(lists).take(rows(wanted))) == [lists[row] for row in wanted]


@given(st.lists(LISTS, max_size=4))
def test_joining_puts_lists_one_after_another(parts: list[Lists]) -> None:
    assert unpacked(TokenLists.join([build(part) for part in parts])) == [
        tokens for part in parts for tokens in part
    ]


@given(st.lists(LISTS, max_size=4), st.data())
def test_merging_keeps_the_marked_rows_in_order(parts: list[Lists], data: st.DataObject) -> None:
    keeps = [data.draw(st.lists(st.booleans(), min_size=len(p), max_size=len(p))) for p in parts]
    merged = TokenLists.merge(
        [(build(part), np.array(keep, bool)) for part, keep in zip(parts, keeps, strict=True)]
    )
    assert unpacked(merged) == [
        tokens
        for part, keep in zip(parts, keeps, strict=True)
        for tokens, kept in zip(part, keep, strict=True)
        if kept
    ]


@pytest.mark.parametrize("lists", [[], [[]], [[], [3], []], [[1, 2], [65535]]])
def test_lists_survive_the_disk(tmp_path: Path, lists: Lists) -> None:
    build(lists).save(tmp_path)
    loaded = TokenLists.load(tmp_path)
    assert unpacked(loaded) == lists
    assert unpacked(loaded.take(rows(list(range(len(lists)))))) == lists


def test_what_was_dropped_is_not_written(tmp_path: Path) -> None:
    whole = build([[111, 222], [333]])
    TokenLists.merge([(whole, np.array([False, True]))]).save(tmp_path)
    written = np.load(tmp_path / "tokens.npy")
    assert written.tolist() == [333]
