"""Scoring sentences with weights from a reviewed file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from assistant import confidence, scoring
from assistant.features import FEATURES, Asked, measure
from assistant.question import read_question
from assistant.scoring import BadWeights, read_weights, score_sentences, sentence_weights
from assistant.units import content_units
from retrieval import Filters, Hit, Index, Searcher, View

KNOWN = {"own": "…", "context": "…"}


@pytest.fixture(scope="module")
def view(rules_index: Path) -> Iterator[View]:
    with Index(rules_index).read() as view:
        yield view


def ask(text: str, searcher: Searcher, view: View) -> tuple[list[Hit], Asked]:
    units = content_units(text, searcher, view)
    hits = searcher.search(view, text, 12, Filters(), "2026-11-21")
    return hits, Asked(read_question(text).parts[0], text, units, units)


def weigh(monkeypatch: pytest.MonkeyPatch, weights: Mapping[str, float]) -> None:
    monkeypatch.setattr(scoring, "sentence_weights", lambda: weights)


def test_the_score_is_the_weighted_sum_of_what_was_measured(
    searcher: Searcher, view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    weigh(monkeypatch, {"own": 2.0, "length": -1.0})
    hits, asked = ask("甲类样本库收到使用申请后多久答复？", searcher, view)
    found = score_sentences(hits, asked)
    assert len(found) == len(measure(hits, asked)) > 5
    for one in found:
        assert one.score == pytest.approx(2 * one.features["own"] - one.features["length"])
        assert one.sentence is one.measured.sentence


def test_the_best_comes_first(searcher: Searcher, view: View) -> None:
    hits, asked = ask("甲类样本库收到使用申请后多久答复？", searcher, view)
    scores = [one.score for one in score_sentences(hits, asked)]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) > 1


def test_of_equals_the_first_found_comes_first(
    searcher: Searcher, view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    weigh(monkeypatch, {})
    hits, asked = ask("甲类样本库收到使用申请后多久答复？", searcher, view)
    found = [one.sentence for one in score_sentences(hits, asked)]
    assert found == [one.sentence for one in measure(hits, asked)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("甲类样本库收到使用申请后多久答复？", "20个工作日内书面答复申请人"),
        ("甲类样本库的使用记录保存多少年？", "15年"),
        ("样本库管理员多久培训一次？", "2年"),
    ],
)
def test_with_the_weights_that_ship_the_sentence_that_says_it_is_the_best(
    text: str, says: str, searcher: Searcher, view: View
) -> None:
    best = score_sentences(*ask(text, searcher, view))[0]
    assert says in best.sentence.text
    assert best.measured.wants_met


def test_no_hits_no_sentences(searcher: Searcher, view: View) -> None:
    _, asked = ask("多久答复？", searcher, view)
    assert score_sentences([], asked) == []


# --- files of weights -----------------------------------------------------------------------------


def test_a_table_of_weights_is_read(tmp_path: Path) -> None:
    path = tmp_path / "weights.toml"
    path.write_text('[weights]\nown = 1\n"context" = -2.5\n[others]\nown = 7.0\n', "utf-8")
    assert read_weights(path, KNOWN) == {"own": 1.0, "context": -2.5}
    assert read_weights(path, KNOWN, "others") == {"own": 7.0}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[weights]\nnan_or_not = 1.0\n", "nan_or_not"),
        ("[weights]\nown = nan\n", "finite"),
        ("[weights]\nown = inf\n", "finite"),
        ('[weights]\nown = "much"\n', ""),
        ("[weights]\nown = [1.0]\n", ""),
        ("weights = 3\n", ""),
        ("[other]\nown = 1.0\n", "weights"),
        ("[weights\n", ""),
        ("", "weights"),
    ],
)
def test_a_damaged_file_is_refused_by_its_name(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(BadWeights, match=r"mine\.toml") as caught:
        read_weights(path, KNOWN)
    assert says in str(caught.value)


def test_every_unknown_feature_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[weights]\nzeta = 1.0\nown = 1.0\nalpha = 1.0\n", "utf-8")
    with pytest.raises(BadWeights, match=r"there is no feature alpha, zeta$"):
        read_weights(path, KNOWN)


def test_bytes_that_are_no_text_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    with pytest.raises(BadWeights, match=r"mine\.toml"):
        read_weights(path, KNOWN)
    path.write_bytes(b"[weights]\nown = \xff\n")
    with pytest.raises(BadWeights, match=r"mine\.toml"):
        read_weights(path, KNOWN)


def test_the_files_that_ship_name_what_is_measured() -> None:
    for weights, known in (
        (sentence_weights(), FEATURES),
        (confidence.confidence_weights(), confidence.FEATURES),
    ):
        assert weights and weights.keys() <= known.keys()
        assert all(known.values())
