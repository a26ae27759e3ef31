"""Marks of list items in JATS, as ``list-type`` asks for them."""

from __future__ import annotations

from ingest.structure.jatstext import TextReader
from ingest.structure.jatsxml import Element

_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"),
          (1, "i"))  # fmt: skip


def item_marks(element: Element, items: list[Element], text: TextReader) -> list[str]:
    """One mark an item: its label, its number or letter, or nothing for bullets."""
    kind = element.get("list-type", "")
    marks: list[str] = []
    for number, item in enumerate(items, start=1):
        label = item.find("label")
        own = text.read(label) if label is not None else ""
        marks.append(own.strip("•●-–") if own else _number(kind, number))
    return marks


def _number(kind: str, number: int) -> str:
    if kind in {"order", "ordered", "number"}:
        return f"{number}."
    if kind in {"alpha-lower", "alpha-upper"} and number <= 26:
        letter = chr(ord("a") + number - 1)
        return f"{letter if kind == 'alpha-lower' else letter.upper()}."
    if kind in {"roman-lower", "roman-upper"} and number < 400:
        return f"{_roman(number) if kind == 'roman-lower' else _roman(number).upper()}."
    return f"{number}." if kind.startswith(("alpha", "roman")) else ""


def _roman(number: int) -> str:
    written = ""
    for value, letters in _ROMAN:
        while number >= value:
            written, number = written + letters, number - value
    return written
