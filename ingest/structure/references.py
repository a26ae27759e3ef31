"""Find which blocks speak of which figure or table ("see Figure 2", 图2所示, Tables 3 and 4).

Works on the blocks of any format, after captions have been brought to their tables and figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ingest.model import Block
from ingest.numerals import chinese_to_int

FloatKind = Literal["figure", "table"]
_CN = "〇零一二三四五六七八九十百"
_ONE = (
    r"(?:[A-Z]{0,2}\d{1,3}(?:[.\-–:]\s?\d{1,3})*[a-z]?|[A-Z](?:[.\-–]?\d{1,3})+|[IVX]+\b"
    rf"|[{_CN}]{{1,3}})"
)
_EN = re.compile(
    rf"\b(?P<kind>fig(?:ure)?s?|tables?|tabs?)(?:\.\s?|\s)\s?(?P<numbers>{_ONE}"
    rf"(?:\s?(?:,|and|or|to|through|&|–|-)\s?{_ONE})*)",
    re.IGNORECASE,
)
_ZH = re.compile(
    rf"(?P<kind>[附插]?(?<![企意试地])图|[附续]?(?<![代列图报量填发])表)(?P<numbers>\s?{_ONE}(?:\s?(?:、|，|和|与|及|至|~|～|-|–)\s?{_ONE})*)"
)
_SPAN = re.compile(r"(?<![\d.\-–])(\d{1,2})\s?[\-–]\s?(\d{1,2})(?![\d.\-–])")
_RANGE = re.compile(r"^\s?(?:to|through|至|~|～|–|-)\s?$")


@dataclass(slots=True)
class Float:
    """A numbered figure or table.

    Attributes:
        kind, number: As in its caption: ``("table", "5.1-1")``.
        blocks: Numbers of the blocks that are it; several where a table goes over pages.
        mentions: Numbers of the blocks that speak of it, in reading order.
    """

    kind: FloatKind
    number: str
    blocks: list[int] = field(default_factory=list)
    mentions: list[int] = field(default_factory=list)


def references(blocks: Sequence[Block]) -> list[Float]:
    """The numbered figures and tables of a document, with the blocks that mention them.

    Where a number is given twice (each annex counting anew), a mention goes to the last one before
    it, else to the first after it.
    """
    floats = _floats(blocks)
    by_name: dict[tuple[FloatKind, str], list[Float]] = {}
    for item in floats:
        by_name.setdefault((item.kind, item.number), []).append(item)
    for place, block in enumerate(blocks):
        if "toc" in block.flags:
            continue
        own = {(item.kind, item.number) for item in floats if place in item.blocks}
        for name in mentioned(block.text):
            if name in own:
                continue
            candidates = by_name.get(name, [])
            if not candidates:
                continue
            before = [f for f in candidates if f.blocks[0] < place]
            target = before[-1] if before else candidates[0]
            if place not in target.mentions:
                target.mentions.append(place)
    return floats


def mentioned(text: str) -> list[tuple[FloatKind, str]]:
    """The figures and tables a text names, in order, each once; ranges name all between."""
    found: list[tuple[int, FloatKind, str]] = []
    for pattern in (_EN, _ZH):
        for match in pattern.finditer(text):
            word = match.group("kind").lower()
            kind: FloatKind = "figure" if word.startswith("fig") or "图" in word else "table"
            numbers = match.group("numbers")
            if word.endswith("s"):
                numbers = _SPAN.sub(r"\1 to \2", numbers)  # Tables 7-9 are three
            for number in _numbers(numbers):
                found.append((match.start(), kind, number))
    names = [(kind, number) for _, kind, number in sorted(found, key=lambda f: f[0])]
    return list(dict.fromkeys(names))


def _floats(blocks: Sequence[Block]) -> list[Float]:
    found: list[Float] = []
    for place, block in enumerate(blocks):
        caption = _caption(block)
        names = mentioned(caption[:80]) if caption else []
        named = [number for kind, number in names if kind == block.kind]
        if not named:
            continue
        last = found[-1] if found else None
        going_on = last is not None and (last.kind, last.number) == (block.kind, named[0])
        if last is not None and going_on and _follows(blocks, last.blocks[-1], place):
            last.blocks.append(place)
        else:
            kind: FloatKind = "figure" if block.kind == "figure" else "table"
            found.append(Float(kind, named[0], [place]))
    return found


def _caption(block: Block) -> str | None:
    if block.kind == "table" and block.table is not None:
        return block.table.caption
    return block.text if block.kind == "figure" else None


def _follows(blocks: Sequence[Block], last: int, place: int) -> bool:
    """Whether only notes stand between two parts with the same number."""
    return all(block.kind != "heading" for block in blocks[last + 1 : place])


def _numbers(text: str) -> Iterable[str]:
    """The single numbers of a list such as ``3, 4 and 6`` or ``2 to 5``."""
    previous: str | None = None
    end = 0
    for match in re.finditer(_ONE, text):
        number = _plain(match.group())
        between = text[end : match.start()]
        if previous is not None and _RANGE.match(between):
            yield from _between(previous, number)
        yield number
        previous, end = number, match.end()


def _between(first: str, last: str) -> Iterable[str]:
    if first.isdigit() and last.isdigit() and 0 < int(last) - int(first) <= 20:
        yield from (str(number) for number in range(int(first) + 1, int(last)))


def _plain(number: str) -> str:
    number = re.sub(r"\s+", "", number).replace("–", "-")
    if re.fullmatch(f"[{_CN}]+", number):
        value = chinese_to_int(number)
        return number if value is None else str(value)
    return number
