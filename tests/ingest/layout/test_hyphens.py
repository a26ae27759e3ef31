"""Compounds broken at a line end."""

from __future__ import annotations

from ingest.layout.hyphens import Hyphens
from ingest.layout.shapes import Cell, Line, Page
from ingest.text import join_lines


def _hyphens(text: str) -> Hyphens:
    line = Line([Cell(text, 0, 1)], 0, 0, 1, 1, 10, False, (0, 0, 1, 1))
    hyphens = Hyphens()
    hyphens.learn([Page(1, 600, 800, [[line]])])
    return hyphens


def test_known_compound_keeps_its_hyphen() -> None:
    hyphens = _hyphens("each post-baseline visit, a follow-up call")
    lines = hyphens.keep(["at the post-", "baseline, or follow-", "up visit"])
    assert join_lines(lines) == "at the post-baseline, or follow-up visit"


def test_broken_word_is_mended() -> None:
    hyphens = _hyphens("randomisation and nonfatal events")
    lines = ["the random-", "isation of non-", "fatal events"]
    assert join_lines(hyphens.keep(lines)) == "the randomisation of nonfatal events"
