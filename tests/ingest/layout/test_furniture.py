"""Headers, footers and page numbers."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ingest.layout.furniture import Furniture, is_page_number
from ingest.layout.shapes import Cell, Line, Page


def _line(text: str, y: float) -> Line:
    box = (72.0, y, 400.0, y + 10)
    return Line([Cell(text, 72.0, 400.0)], 72.0, y, 400.0, y + 10, 10.0, False, box)


def _strip(pages: Sequence[Sequence[tuple[str, float]]]) -> list[list[str]]:
    """What is left on each page of 800 points height."""
    read = [
        Page(n, 600, 800, [[_line(text, y) for text, y in lines]])
        for n, lines in enumerate(pages, 1)
    ]
    furniture = Furniture()
    furniture.learn(read)
    for page in read:
        furniture.strip(page)
    return [[line.text for column in page.columns for line in column] for page in read]


def test_repeated_header_and_counting_footer_go() -> None:
    pages = [
        [("Trial 1245.121", 30), (f"Body {n}", 400), (f"Page {n} of 9", 770)] for n in range(1, 10)
    ]
    assert _strip(pages) == [[f"Body {n}"] for n in range(1, 10)]


def test_chinese_and_roman_page_numbers_go() -> None:
    numerals = ["i", "ii", "iii", "iv"]
    pages = [[("正文" + r, 400), (r, 770)] for r in numerals]
    assert _strip(pages) == [["正文" + r] for r in numerals]
    pages = [[(f"正文{n}", 400), (f"第 {n} 页 共 4 页", 770)] for n in range(1, 5)]
    assert _strip(pages) == [[f"正文{n}"] for n in range(1, 5)]


def test_section_numbers_at_the_top_stay() -> None:
    # All differ only in digits, but the digits do not count the pages.
    tops = ["4.2.2.", "4.8.10.", "5.1.3.", "5.5.1.", "8.2.4."]
    assert _strip([[(top, 72), ("x", 400)] for top in tops]) == [[top, "x"] for top in tops]


def test_text_of_one_page_stays_at_the_edge() -> None:
    pages = [[(f"Only here: {word}", 30)] for word in ("alpha", "beta", "gamma", "delta")]
    assert [len(page) for page in _strip(pages)] == [1, 1, 1, 1]


def test_repetition_in_the_middle_stays() -> None:
    assert _strip([[("Yes", 400)]] * 5) == [["Yes"]] * 5


def test_short_documents_lose_only_bare_page_numbers() -> None:
    pages = [[("ACME", 30), ("a", 400), ("1", 770)], [("ACME", 30), ("b", 400), ("- 2 -", 770)]]
    assert _strip(pages) == [["ACME", "a"], ["ACME", "b"]]


def test_page_number_must_be_the_page() -> None:
    assert is_page_number("Page 3 of 120", 3)
    assert not is_page_number("Page 3 of 120", 4)
    assert not is_page_number("3 patients", 3)


def test_text_that_repeats_under_the_header_stays() -> None:
    form = [
        ("Trial 1", 30),
        ("Dear participant,", 72),
        ("please answer", 84),
        ("all questions", 96),
    ]
    pages = [[*form, ("of this page", 108), (f"Question {n}", 300)] for n in range(1, 6)]
    assert all("please answer" in page and "Trial 1" not in page for page in _strip(pages))


@pytest.mark.parametrize("word", ["Visit", "Cycle", "访视", "队列"])
def test_steps_that_count_with_the_pages_are_no_page_numbers(word: str) -> None:
    pages = [[(f"{word} {n}", 40), (f"Body {n}", 400)] for n in range(1, 7)]
    assert _strip(pages) == [[f"{word} {n}", f"Body {n}"] for n in range(1, 7)]
