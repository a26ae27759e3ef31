"""Free text cut into items, each an inclusion or an exclusion."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from design.cohort.reading.lexicon import lexicon

_CIRCLED = re.compile(r"[\u2460-\u2473\u2474-\u2487\u2488-\u249b]")
_SIGNS = str.maketrans({"−": "-", "﹣": "-", "‐": "-", "‑": "-", "≧": "≥", "≦": "≤", "⩾": "≥",
                        "⩽": "≤", "〜": "~", "∼": "~", "µ": "μ"})  # fmt: skip
_COUNTED = re.compile(r"\s*[(\[]?(\d{1,2})\s*[.、):]")
_FIRST = re.compile(r":\s*[(\[]?1\s*[.、)]")
# (ALT>2×ULN; AST>2×ULN) is of one criterion.
_BRACKET = re.compile(r"\([^()\n]{1,300}\)")
# ×109/L of a text that lost its superscripts.
_TEN = re.compile(r"([×xX*])\s*10\s?(6|9|12)\s*/(?=\s*[LlmuμUµ])")
_NUMBERING = re.compile(
    r"^\s*(?:[-*•·▪◦]+\s+)?(?:(?:[IE]\d{1,2}|[(\[]?\d{1,2}|[(\[]?[a-h]|[(\[]?[一二三四五六七八九十]{1,3})"
    r"\s*(?:[)\]、]|[.:](?!\d))\s*)?"
)
_INLINE = re.compile(r"(?<=[\s;,。.])(?=[(]?\d{1,2}[).、]\s*(?!\d)\S)")
_GOES_ON = re.compile(r"\s*[a-z](?![)\].])")
_WRAPPED = 60  # characters of a line that was broken for its length
_ENDS = re.compile(r"[;。\n\r]+|(?<=[A-Za-z)\]%])\.(?:\s+(?=[A-Z(])|\s*$)")


@dataclass(frozen=True, slots=True)
class Item:
    """One criterion as written, without its number.

    Attributes:
        text: The words.
        excluded: It stands under exclusions.
        style: How it is numbered: ``1.``, ``1)``, ``(1)``, ``a)``, ``-`` …; empty without.
        begins: A heading of inclusions or exclusions stands before it.
    """

    text: str
    excluded: bool
    style: str = ""
    begins: bool = False


def normal(text: str) -> str:
    """Normal width and plain signs; circled numbers begin a line."""
    text = _CIRCLED.sub("\n◦ ", text)
    text = _TEN.sub(r"\1 10^\2/", text)
    text = re.sub(r"10([⁰¹²³⁴⁵⁶⁷⁸⁹]+)", _superscript, text)
    return unicodedata.normalize("NFKC", text).translate(_SIGNS)


def _superscript(found: re.Match[str]) -> str:
    return "10^" + unicodedata.normalize("NFKC", found[1])


def items(text: str) -> Iterator[Item]:
    """Criteria in order. Before any heading they are inclusions."""
    words = lexicon()
    excluded = False
    begins = True
    for line in _counted_on(_lines(_unwrapped(normal(text)))):
        numbered = _NUMBERING.match(line)
        style = _style(numbered[0]) if numbered else ""
        rest = _NUMBERING.sub("", line).strip()
        while rest:
            heading = words.neutral.match(rest)
            if heading is None:
                heading = words.exclusion.match(rest)
                if heading is not None:
                    excluded = True
                else:
                    heading = words.inclusion.match(rest)
                    if heading is not None:
                        excluded = False
            if heading is None:
                break
            begins = True
            numbered = _NUMBERING.match(rest[heading.end() :])
            style = _style(numbered[0]) if numbered else ""
            rest = _NUMBERING.sub("", rest[heading.end() :]).strip(" :,，")
        rest = rest.strip(" ,.。")
        if rest:
            yield Item(rest, excluded, style, begins)
            begins = False


def _counted_on(lines: Iterator[str]) -> Iterator[str]:
    """Lines with a space after a number that the one before it leads to.

    「2.2型糖尿病；3.7%≤HbA1c」 are items 2 and 3, where item 1 has gone before.
    """
    last = 0
    given = list(lines)
    for place, line in enumerate(given):
        found = _COUNTED.match(line)
        heading = any(p.match(line) for p in (lexicon().inclusion, lexicon().exclusion))
        number = int(found[1]) if found else 0
        tight = found is not None and line[found.end() : found.end() + 1].isdigit()
        after = _COUNTED.match(given[place + 1]) if place + 1 < len(given) else None
        begins = number == 1 and after is not None and after[1] == "2"
        if found is not None and (not tight or begins or number == last + 1 > 1):
            last = number
            line = f"{line[: found.end()]} {line[found.end() :]}"
        elif heading:
            last = 1 if _FIRST.search(line) else 0
            after = _COUNTED.match(given[place + 1]) if place + 1 < len(given) else None
            if last and after is not None and after[1] == "2":
                line = _FIRST.sub(r"\g<0> ", line, count=1)
        yield line


def _style(numbering: str) -> str:
    """The manner of a number: ``2)`` and ``3)`` are of one."""
    shown = re.sub(r"\d+", "1", numbering.strip())
    return re.sub(r"[a-h]", "a", re.sub(r"[一二三四五六七八九十]+", "一", shown))


def _unwrapped(text: str) -> str:
    """Lines of a hard-wrapped text joined, so that no sentence is read in halves.

    A line goes on from a long one before it when it begins in lower case, without a number or
    bullet of its own.
    """
    lines: list[str] = []
    for line in text.splitlines():
        goes_on = _GOES_ON.match(line) and lines and len(lines[-1]) >= _WRAPPED
        if goes_on and not lines[-1].rstrip().endswith((".", ";", ":")):
            lines[-1] = f"{lines[-1].rstrip()} {line.strip()}"
        else:
            lines.append(line)
    return "\n".join(lines)


def _lines(text: str) -> Iterator[str]:
    # A heading within a line begins a new one.
    words = lexicon()
    for pattern in (words.inclusion, words.exclusion):
        text = re.sub(rf"(?<=[\s;,:。.)])({pattern.pattern})", r"\n\1", text, flags=re.IGNORECASE)
    text = _BRACKET.sub(lambda found: found[0].replace(";", ","), text)
    for part in _ENDS.split(text):
        yield from (piece for piece in _INLINE.split(part) if piece.strip())
