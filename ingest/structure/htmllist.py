"""Numbers of list items as a browser shows them."""

from __future__ import annotations

from lxml.html import HtmlElement

from ingest.structure.htmlsight import Sight


class ItemMarks:
    """Numbers the items of a list when the first of them is asked for."""

    def __init__(self, sight: Sight) -> None:
        self._sight = sight
        self._marks: dict[HtmlElement, str] = {}

    def of(self, item: HtmlElement) -> str:
        """The number of an item of an ordered list with its full stop and a blank, else nothing."""
        above = item.getparent()
        if above is None or above.tag != "ol":
            return ""
        if item not in self._marks:
            self._number(above)
        return self._marks[item]

    def _number(self, ordered: HtmlElement) -> None:
        items = [child for child in ordered if child.tag == "li"]
        step = 1 if ordered.get("reversed") is None else -1
        first = 1 if step > 0 else sum(not self._sight.why_unseen(item) for item in items)
        number = _integer(ordered.get("start"), first)
        style = ordered.get("type", "1")
        for item in items:
            number = _integer(item.get("value"), number)
            self._marks[item] = _mark(number, item.get("type", style))
            # What is not drawn is not counted.
            number += 0 if self._sight.why_unseen(item) else step


def _mark(number: int, style: str) -> str:
    if style in {"a", "A"} and 1 <= number <= 26:
        return f"{chr(ord(style) + number - 1)}. "
    return f"{number}. "


def _integer(value: str | None, default: int) -> int:
    try:
        return int(value) if value is not None else default
    except ValueError:
        return default
