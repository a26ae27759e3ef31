"""Tables of contents."""

from __future__ import annotations

from ingest.layout.shapes import Cell, Line
from ingest.layout.toc import toc_range


def _lines(*texts: str) -> list[Line]:
    return [
        Line([Cell(text, 72, 500)], 72, 20.0 * n, 500, 20.0 * n + 10, 10, False, (72, 0, 500, 10))
        for n, text in enumerate(texts)
    ]


def test_leaders_with_title_and_wrapped_entry() -> None:
    lines = _lines(
        "Intro text.",
        "TABLE OF CONTENTS",
        "1 INTRODUCTION ......... 1",
        "2 RATIONALE, OBJECTIVES, AND",
        "ASSESSMENT ........ 4",
        "3 DESIGN ......... 9",
        "Text after it.",
    )
    assert toc_range(lines, goes_on=False) == (1, 6)


def test_numbers_without_leaders_need_the_title() -> None:
    entries = ["1 Introduction 1", "2 Design 4", "3 Statistics 9"]
    assert toc_range(_lines("Contents", *entries), goes_on=False) == (0, 4)
    assert toc_range(_lines(*entries), goes_on=False) is None


def test_prose_is_no_contents_list() -> None:
    assert toc_range(_lines("Dose was 5", "and 10", "or 3"), goes_on=True) is None
