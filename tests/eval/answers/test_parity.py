"""Pairs of a question in both languages."""

from __future__ import annotations

from typing import Any

from eval.answers.parity import parity
from tests.eval.answers.conftest import make_answer


def test_languages_are_compared_over_pairs(made_up: Any) -> None:
    results = []
    for pair, zh, en in (("p1", True, True), ("p2", True, False), ("p3", True, False)):
        for lang, met in (("zh", zh), ("en", en)):
            answer = make_answer() if met else make_answer("insufficient_evidence", "")
            results.append(made_up(answer, id=f"{pair}{lang}", lang=lang, pair=pair))
    results.append(made_up(make_answer(), id="single", lang="zh", pair="p4"))
    found = parity(results)
    assert found is not None
    assert found["pairs"] == 3
    assert found["key_point_recall"] == {"zh": 1.0, "en": 0.3333}
    assert found["difference"] == 0.6667
    low, high = found["interval"]
    assert 0 <= low < 0.6667 < high <= 1
    assert found["same_status"] == 0.3333
    assert [one["pair"] for one in found["disagree"]] == ["p2", "p3"]


def test_without_pairs_there_is_nothing_to_compare(made_up: Any) -> None:
    assert parity([made_up(make_answer())]) is None


def test_pairs_without_key_points_are_compared_by_status(made_up: Any) -> None:
    results = [
        made_up(
            make_answer("refused"), id=lang, lang=lang, pair="p", expect="refuse", key_points=()
        )
        for lang in ("zh", "en")
    ]
    found = parity(results)
    assert found is not None
    assert (found["key_point_recall"], found["interval"]) == (None, None)
    assert found["same_status"] == 1.0
