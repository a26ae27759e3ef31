"""The measurement of text recognition, and a small run of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.bench_ocr import (
    _FONTS,
    distance,
    draw_pages,
    main,
    measure,
    note_lines,
    scan,
    score,
    table,
    total,
)
from ingest.loaders.base import Loaded
from ingest.model import Block

FONTS = [font for font in _FONTS if font.exists()]
needs_font = pytest.mark.skipif(not FONTS, reason="no Chinese font on this machine")


def test_distance_of_known_pairs() -> None:
    assert distance("kitten", "sitting") == 3
    assert distance("受试者", "受试者") == 0
    assert distance("", "abc") == 3
    assert distance("abc", "") == 3


@given(st.text("ab", max_size=8), st.text("ab", max_size=8), st.text("ab", max_size=8))
def test_distance_is_a_metric(a: str, b: str, c: str) -> None:
    assert distance(a, b) == distance(b, a)
    assert distance(a, c) <= distance(a, b) + distance(b, c)
    assert (distance(a, b) == 0) == (a == b)


def test_wrong_digits_count_as_caught_only_where_they_are_flagged() -> None:
    truth = "剂量12.5 mg，共30例"
    said = [Block("paragraph", "剂量12.5 mg，"), Block("paragraph", "共80例")]
    open_ = score("x", truth, Loaded(said, pages=1), 1.0)
    assert (open_.digits, open_.digits_right, open_.digits_right_or_flagged) == (5, 0.8, 0.8)
    flagged = [said[0], replace(said[1], flags=("doubtful_digits",))]
    caught = score("x", truth, Loaded(flagged, pages=1), 1.0)
    assert (caught.digits_right_or_flagged, caught.digits_flagged_in_vain) == (1.0, 0.2)
    assert caught.accuracy == pytest.approx(1 - 1 / 13, abs=1e-3)
    assert total([open_, caught]).digits == 10
    assert table([open_]).count("\n") == 3


def test_notes_are_set_without_their_marks(repo: Path) -> None:
    for note in sorted((repo / "corpus" / "notes").rglob("*.md"))[:5]:
        lines = note_lines(note)
        assert any(heading for _, heading in lines)
        assert not any(text.startswith(("#", "- ", "|")) or "**" in text for text, _ in lines)


def test_without_a_font_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eval.bench_ocr._FONTS", ())
    assert main(["--notes", "1"]) == 2


@needs_font
def test_pages_are_repeatable() -> None:
    lines = [("受试者的年龄为18至75岁。" * 20, False)]
    first, truth = draw_pages(lines, FONTS[0])
    again, _ = draw_pages(lines, FONTS[0])
    assert scan(first, 1.0)[:2000] == scan(again, 1.0)[:2000]
    assert truth.replace("\n", "") == lines[0][0]


@pytest.mark.slow
@needs_font
def test_two_notes_are_read_as_the_project_promises(repo: Path) -> None:
    pytest.importorskip("rapidocr")
    notes = sorted((repo / "corpus" / "notes").rglob("*.md"))[:2]
    result = total(measure(notes, FONTS, "rapidocr", 1.0))
    assert result.accuracy >= 0.97
    assert result.digits_right_or_flagged >= 0.99
    assert result.digits_flagged_in_vain <= 0.1
