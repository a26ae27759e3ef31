"""Find headers, footers and page numbers by their repetition over pages.

A line is furniture when the same text stands at the same distance from the page edge on at least
three pages, or when the lines there differ only in numbers that count along with the pages.
Text that stands on one page only is never dropped, except a bare page number.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable

from ingest.layout.numbering import mark_of
from ingest.layout.shapes import Line, Page

_MARGIN = 0.16  # of the page height, at the top and at the bottom
_OUTER = 0.085  # of the page height; further in, a header must hang together with one there
_MIN_PAGES = 3
_AROUND = 60  # notes of a line looked at before and behind a page, so long files stay quick
_NUMBER = re.compile(r"\d+")
_ROMAN = re.compile(r"m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})", re.IGNORECASE)
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_PAGE_NUMBER = re.compile(
    r"[-–—~·\s]*(?:"
    r"(?:page|p\.|pg\.?)\s*\d+(?:\s*(?:of|/)\s*\d+)?"
    r"|第\s*\d+\s*页(?:\s*[,，/]?\s*共\s*\d+\s*页)?"
    r"|\d+\s*(?:of|/)\s*\d+"
    r"|\d{1,4}"
    r")[-–—~·\s]*",
    re.IGNORECASE,
)


_NAMED_PAGE = re.compile(
    r"\s*(?:page\s*\d+\s*(?:of|/)\s*\d+|第\s*\d+\s*页.*|[-–—]\s*\d+\s*[-–—])\s*", re.IGNORECASE
)


# One visit or cycle a page counts with the pages, and is what the page is about.
_NAMES_A_STEP = re.compile(
    r"\s*(?:visit|cycle|day|week|month|period|cohort|arm|stage|step|phase|part|dose|level|group|site|"
    r"subject|patient|case|question|slide|访视|周期|"
    r"队列|阶段|剂量|组别|受试者|病例|步骤|问题)\s*#?\s*\d"
    r"|\s*第\s*\d+\s*(?:天|周|月|个月|次|例|周期|步|阶段|部分|组)",
    re.IGNORECASE,
)


class Furniture:
    """Learns repeated lines page by page, then tells which lines of a page are furniture."""

    def __init__(self) -> None:
        self._pages: dict[tuple[str, bool], list[tuple[int, int, str]]] = defaultdict(list)
        self._seen = 0

    def learn(self, pages: Iterable[Page]) -> None:
        """Note the lines near the top and bottom edge of ``pages``."""
        for page in pages:
            self._seen += 1
            for line, top, distance in _edge_lines(page):
                self._pages[_key(line.text), top].append((page.number, distance, line.text))

    def strip(self, page: Page) -> int:
        """Remove the furniture from ``page``; returns how many lines went."""
        unwanted: set[int] = set()
        for top in (True, False):
            found = [
                line
                for line, is_top, distance in _edge_lines(page)
                if is_top == top and self._is_furniture(page, line, top, distance)
            ]
            unwanted |= _without_body(page, _outer(page, found, top), top)
        if unwanted:
            page.columns = [
                kept
                for column in page.columns
                if (kept := [line for line in column if id(line) not in unwanted])
            ]
        return len(unwanted)

    def _is_furniture(self, page: Page, line: Line, top: bool, distance: int) -> bool:
        if _NAMED_PAGE.fullmatch(line.text) and is_page_number(line.text, page.number):
            return True
        if self._seen < _MIN_PAGES:
            # A visit's number in the head of a table is no page number.
            return (
                line.grid is None
                and is_page_number(line.text, page.number)
                and _is_outermost(page, line, top)
            )
        key = _key(line.text)
        notes = self._pages.get((key, top), [])
        here = bisect_left(notes, (page.number,))
        around = notes[max(here - _AROUND, 0) : here + _AROUND]
        near = [note for note in around if abs(note[1] - distance) <= 4]
        same = {number for number, _, text in near if text == line.text}
        if len(same) >= _MIN_PAGES:
            return True
        if len({number for number, _, _ in near}) < _MIN_PAGES:
            return False
        if _is_numbered(line.text) or _NAMES_A_STEP.match(line.text):
            return False
        return _counts_along(page.number, line.text, near)


def _is_numbered(text: str) -> bool:
    """Whether ``text`` is a numbered heading or item, not a page number with a name."""
    mark = mark_of(text)
    return mark is not None and mark.text != text


def _outer(page: Page, found: list[Line], top: bool) -> list[Line]:
    """The lines of ``found`` in the outer margin and those that hang together with them."""

    def span(line: Line) -> tuple[float, float]:
        _, y0, _, y1 = line.shown
        return (y0, y1) if top else (page.height - y1, page.height - y0)

    sizes: Counter[float] = Counter()
    for column in page.columns:
        for line in column:
            sizes[line.size] += len(line.text)
    main = sizes.most_common(1)[0][0] if sizes else 0.0
    kept: list[Line] = []
    reached = 0.0
    for line in sorted(found, key=span):
        start, end = span(line)
        # A deep header is told from the text by its type, if nothing stands further out.
        deep = not kept and abs(line.size - main) >= 0.5 and _is_outermost(page, line, top)
        near = start <= _OUTER * page.height or start - reached <= 2 * line.size
        number = _PAGE_NUMBER.fullmatch(line.text) is not None
        if not (near or deep or number or line.turned):
            break
        kept.append(line)
        reached = max(reached, end)
    return kept


def _without_body(page: Page, found: list[Line], top: bool) -> set[int]:
    """The lines of ``found`` that are not the first or last lines of the text itself.

    Text may repeat at the edge of pages (the same form again and again). It is told from a header
    by what follows it at the usual line distance in the same type.
    """
    unwanted = {id(line) for line in found}
    lines = [line for column in page.columns for line in column]
    found = sorted(found, key=lambda line: line.shown[1], reverse=top)
    for line in found:
        if is_page_number(line.text, page.number):
            continue
        for other in lines:
            if id(other) in unwanted or other.bold != line.bold or other.grid is not None:
                continue
            upper, lower = (line, other) if top else (other, line)
            gap = lower.shown[1] - upper.shown[3]
            beside = other.shown[0] < line.shown[2] and line.shown[0] < other.shown[2]
            if beside and abs(other.size - line.size) < 0.5 and -2 < gap < 0.7 * line.size:
                unwanted.discard(id(line))
                break
    return unwanted


def is_page_number(text: str, number: int) -> bool:
    """Whether ``text`` is nothing but the page number of page ``number``."""
    return _PAGE_NUMBER.fullmatch(text) is not None and str(number) in _NUMBER.findall(text)


def _counts_along(number: int, text: str, near: list[tuple[int, int, str]]) -> bool:
    """Whether ``text`` differs from the lines at its place only in numbers that count the pages.

    A document may start counting anew, so a line needs only two others in step with it: each of
    their numbers is the same or as far from the page number, and at least one counts.
    """
    values = _values(text)
    in_step = {number}
    for page, _, other in near:
        pairs = list(zip(values, _values(other), strict=False))
        step = page - number
        if not step or any(theirs not in (mine, mine + step) for mine, theirs in pairs):
            continue
        if any(theirs == mine + step for mine, theirs in pairs):
            in_step.add(page)
    return len(in_step) >= _MIN_PAGES


def _values(text: str) -> list[int]:
    if _is_roman(text):
        return [_roman(text.strip())]
    return [int(number[:9]) for number in _NUMBER.findall(text)]


def _key(text: str) -> str:
    if _is_roman(text):
        return "#"
    return re.sub(r"\s+", "", _NUMBER.sub("#", text))


def _is_roman(text: str) -> bool:
    text = text.strip()
    return 0 < len(text) <= 8 and _ROMAN.fullmatch(text) is not None


def _roman(text: str) -> int:
    values = [_ROMAN_VALUES[c] for c in text.lower()]
    following = [*values[1:], 0]
    return sum(-v if v < n else v for v, n in zip(values, following, strict=True))


def _edge_lines(page: Page) -> Iterable[tuple[Line, bool, int]]:
    """Lines in the page's margins: the line, whether at the top, and its distance to the edge."""
    for column in page.columns:
        for line in column:
            if _is_in_table(page, line):
                continue
            _, y0, _, y1 = line.shown
            if y1 <= _MARGIN * page.height:
                yield line, True, round(y0)
            elif y0 >= (1 - _MARGIN) * page.height:
                yield line, False, round(page.height - y1)
            elif line.turned:
                # Stamps along the side of the page repeat as headers do.
                yield line, True, round(y0)


def _is_in_table(page: Page, line: Line) -> bool:
    """Whether a line belongs to a ruled table that reaches into the text of the page.

    Such a table repeats its head on every page, and its ticks stand at the same places.
    """
    lattice = page.grids.get(line.grid) if line.grid is not None else None
    if lattice is None:
        return False
    if line.turned:
        return True
    return lattice.ys[-1] > 2 * _MARGIN * page.height and lattice.ys[0] < (
        (1 - 2 * _MARGIN) * page.height
    )


def _is_outermost(page: Page, line: Line, top: bool) -> bool:
    others = [other.shown for column in page.columns for other in column if other is not line]
    if top:
        return all(box[1] >= line.shown[1] for box in others)
    return all(box[3] <= line.shown[3] for box in others)
