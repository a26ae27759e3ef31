"""Automatic numbers of Word paragraphs as text: the ``一、`` or ``1.1`` that Word shows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ingest.structure.docxpackage import Element, W, child, integer, is_on, value

_DIGITS = "〇一二三四五六七八九"
_TO_LEGAL = str.maketrans(_DIGITS + "十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
          (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_CHINESE = frozenset(
    [
        "chineseCounting",
        "chineseCountingThousand",
        "japaneseCounting",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
        "ideographDigital",
        "japaneseDigitalTenThousand",
        "taiwaneseDigital",
        "koreanDigital2",
        "chosung",
    ]
)
_LEGAL = frozenset(["chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"])


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    format: str
    text: str
    restart: int | None
    legal: bool
    suffix: str


@dataclass(slots=True)
class _Number:
    """One ``w:num``: the list it belongs to and what it changes there."""

    abstract: str
    starts: dict[int, int] = field(default_factory=dict)
    levels: dict[int, _Level] = field(default_factory=dict)
    started: bool = False


class Numbering:
    """Counts the numbered paragraphs of a document in reading order."""

    def __init__(self, part: Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._numbers: dict[str, _Number] = {}
        self._counts: dict[str, dict[int, int]] = {}
        if part is None:
            return
        links: dict[str, str] = {}
        named: dict[str, str] = {}
        for item in part.iter(f"{W}abstractNum"):
            identifier = item.get(f"{W}abstractNumId", "")
            self._levels[identifier] = _levels(item)
            if (style := value(item, "styleLink")) is not None:
                named[style] = identifier
            if (style := value(item, "numStyleLink")) is not None:
                links[identifier] = style
        for identifier, style in links.items():
            if style in named:
                self._levels[identifier] = self._levels[named[style]]
        for item in part.iter(f"{W}num"):
            self._numbers[item.get(f"{W}numId", "")] = _number(item)

    def label(self, number: str, level: int) -> str | None:
        """Count a paragraph and return its label with the blank that follows it.

        Returns ``None`` when the numbering does not exist (the paragraph is then no list item)
        and an empty string for a bullet.
        """
        num = self._numbers.get(number)
        if num is None:
            return None
        levels = self._levels.get(num.abstract, {}) | num.levels
        if level not in levels:
            return None
        counts = self._counts.setdefault(num.abstract, {})
        if not num.started:
            num.started = True
            for changed, start in num.starts.items():
                counts[changed] = start - 1
        here = levels[level]
        counts[level] = counts.get(level, here.start - 1) + 1
        for deeper in [other for other in counts if other > level]:
            restart = levels[deeper].restart if deeper in levels else None
            if restart is None or (restart > 0 and level < restart):
                del counts[deeper]
        if here.format == "bullet":
            return ""
        return _render(here, levels, counts)


def _levels(item: Element) -> dict[int, _Level]:
    found: dict[int, _Level] = {}
    for element in item.iterchildren(f"{W}lvl"):
        number = integer(element.get(f"{W}ilvl"), 0) or 0
        found[number] = _level(element)
    return found


def _level(element: Element) -> _Level:
    text = child(element, "lvlText")
    return _Level(
        start=integer(value(element, "start"), 1) or 0,
        format=_format(element),
        text="" if text is None else text.get(f"{W}val", ""),
        restart=integer(value(element, "lvlRestart")),
        legal=bool(is_on(element, "isLgl")),
        suffix=value(element, "suff") or "tab",
    )


def _format(element: Element) -> str:
    """The number format; newer ones hide in an alternative for old readers."""
    found = element.find(f"{W}numFmt")
    if found is None:
        found = next(element.iter(f"{W}numFmt"), None)
    if found is None:
        return "decimal"
    name = str(found.get(f"{W}val", "decimal"))
    return str(found.get(f"{W}format", name)) if name == "custom" else name


def _number(item: Element) -> _Number:
    number = _Number(value(item, "abstractNumId") or "")
    for override in item.iterchildren(f"{W}lvlOverride"):
        level = integer(override.get(f"{W}ilvl"), 0) or 0
        start = integer(value(override, "startOverride"))
        changed = child(override, "lvl")
        if changed is not None:
            number.levels[level] = _level(changed)
        if start is not None:
            number.starts[level] = start
    return number


def _render(here: _Level, levels: dict[int, _Level], counts: dict[int, int]) -> str:
    def fill(match: re.Match[str]) -> str:
        level = int(match.group(1)) - 1
        if level not in levels:
            return ""
        count = counts.get(level, levels[level].start)
        return format_number(count, "decimal" if here.legal else levels[level].format)

    label = re.sub(r"%(\d)", fill, here.text).strip()
    if not label or here.suffix == "nothing" or re.search(r"[、）】．。：]$", label):
        return label
    return label + " "


def format_number(number: int, name: str) -> str:
    """Write a number in one of Word's number formats; unknown formats become decimal.

    >>> format_number(12, "chineseCounting"), format_number(3, "upperRoman")
    ('十二', 'III')
    """
    if name == "none":
        return ""
    if name in _CHINESE:
        return _chinese(number)
    if name in _LEGAL:
        return _chinese(number, short=False).translate(_TO_LEGAL)
    if name in {"upperRoman", "lowerRoman"}:
        return _roman(number).upper() if name == "upperRoman" else _roman(number)
    if name in {"upperLetter", "lowerLetter"}:
        first = "A" if name == "upperLetter" else "a"
        # Word writes AA, BB … after Z.
        return chr(ord(first) + (number - 1) % 26) * ((number - 1) // 26 + 1) if number > 0 else ""
    if name.startswith("decimalEnclosedCircle") and 1 <= number <= 20:
        return chr(ord("①") + number - 1)
    if name == "decimalEnclosedParen" and 1 <= number <= 20:
        return chr(ord("⑴") + number - 1)
    if name == "decimalEnclosedFullstop" and 1 <= number <= 20:
        return chr(ord("⒈") + number - 1)
    if name.startswith("ideographEnclosedCircle") and 1 <= number <= 10:
        return chr(ord("㊀") + number - 1)
    if name == "ideographTraditional" and number > 0:
        return _STEMS[(number - 1) % 10]
    if name == "ideographZodiac" and number > 0:
        return _BRANCHES[(number - 1) % 12]
    if name.startswith("decimalFullWidth"):
        return str(number).translate(_FULL_WIDTH)
    if name in {"decimalZero", "01, 02, 03, ..."}:
        return f"{number:02d}"
    if name == "ordinal":
        return f"{number}{_ordinal_ending(number)}"
    return str(number)


def _chinese(number: int, *, short: bool = True) -> str:
    """A number below ten thousand in Chinese: 12 is 十二 (一十二 if not short), 103 is 一百〇三."""
    if not 0 < number < 10_000:
        return _DIGITS[0] if number == 0 else str(number)
    written, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            written += (_DIGITS[0] if gap and written else "") + _DIGITS[digit] + name
        gap = not digit
    return written[1:] if short and 10 <= number < 20 else written


def _roman(number: int) -> str:
    written = ""
    for size, letters in _ROMAN:
        count, number = divmod(max(number, 0), size)
        written += letters * count
    return written


def _ordinal_ending(number: int) -> str:
    if 10 <= number % 100 <= 20:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
