"""Number formats of spreadsheets, taken apart: sections, their conditions and what they print.

Follows ECMA-376, part 1, section 18.8.31 (number formats).
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|(?:\\|!(?=[.,]))(?P<escaped>.)|(?P<blank>_.)|\*.|\[(?P<bracket>[^\]]*)\]|(?P<end>;)'
    r"|(?P<general>General|G/通用格式)|(?P<clock>AM/PM|A/P|上午/下午)"
    r"|(?P<exponent>E[+-])|(?P<date>y+|m+|d+|h+|s+)|(?P<digit>[0#?])|(?P<sign>[.,%@/])|(?P<other>.)",
    re.I | re.S,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d*)?(?:E[+-]?\d+)?)$", re.I)
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "=": operator.eq, "<>": operator.ne,
}  # fmt: skip
_ELAPSED = re.compile(r"h+|m+|s+", re.I)
_COLOUR = re.compile(r"black|blue|cyan|green|magenta|red|white|yellow|colou?r ?\d+", re.I)
_LONGEST = 1000  # Excel's own bound is 255 characters


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a section.

    ``kind`` is ``text`` (printed as it stands), ``digit``, ``point``, ``comma``, ``percent``,
    ``exponent``, ``slash``, ``general``, ``value`` (``@``), ``date``, ``elapsed`` or ``blank``.
    """

    kind: str
    text: str


@dataclass(frozen=True)
class Section:
    """One of up to four parts of a format.

    ``condition`` is a comparison with a number, such as ``<`` and 0.5; ``coloured`` says that the
    section gives its numbers a colour.
    """

    tokens: tuple[Token, ...]
    condition: tuple[str, float] | None = None
    coloured: bool = False

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of tokens it holds."""
        return frozenset(token.kind for token in self.tokens)

    def takes(self, value: float) -> bool:
        """Tell whether the section's condition, if it has one, allows a value."""
        if self.condition is None:
            return True
        sign, limit = self.condition
        return _COMPARE[sign](value, limit)

    @cached_property
    def is_date(self) -> bool:
        """Whether it prints dates, times or durations; digits beside date letters are no format."""
        if not self.kinds & {"date", "elapsed"}:
            return False
        kinds = [token.kind for token in self.tokens]
        first = kinds.index("digit") if "digit" in kinds else None
        return first is None or kinds[max(first - 1, 0)] == "point"

    @cached_property
    def marks_sign(self) -> bool:
        """Whether a reader can tell from its own signs that a number is negative."""
        printed = "".join(token.text for token in self.tokens if token.kind == "text")
        return any(sign in printed for sign in "-−–(（△▲")


_GENERAL = Section((Token("general", "General"),))


@lru_cache(maxsize=2000)
def sections(code: str) -> tuple[Section, ...]:
    """The sections of a number format; at least one."""
    found: list[Section] = []
    tokens: list[Token] = []
    condition: tuple[str, float] | None = None
    coloured = False
    for match in _TOKEN.finditer(code[:_LONGEST]):
        if match["end"]:
            found.append(Section(tuple(tokens), condition, coloured))
            tokens, condition, coloured = [], None, False
        elif match["bracket"] is not None:
            inner = match["bracket"]
            compared = _CONDITION.match(inner)
            if compared is not None:
                condition = (compared[1], float(compared[2]))
            coloured |= _COLOUR.fullmatch(inner) is not None
            tokens += _bracket(inner)
        else:
            tokens.append(_token(match))
    found.append(Section(tuple(tokens), condition, coloured))
    return tuple(found)


def _token(match: re.Match[str]) -> Token:
    kind = match.lastgroup
    text = match[0]
    if kind is None:
        return Token("blank", "")  # * and a letter: as many as fill the cell
    if kind == "blank":
        return Token("blank", " ")  # as wide as the letter behind _
    if kind in {"quoted", "escaped", "other"}:
        return Token("text", match[kind])
    if kind == "clock":
        return Token("date", "clock")
    if kind == "sign":
        names = {".": "point", ",": "comma", "%": "percent", "@": "value", "/": "slash"}
        return Token(names[text], text)
    return Token(kind, text.lower() if kind == "date" else text)


def _bracket(inner: str) -> list[Token]:
    """``[h]`` counts hours beyond 24, ``[$¥-804]`` prints a currency; others print nothing."""
    if _ELAPSED.fullmatch(inner):
        return [Token("elapsed", inner.lower())]
    if inner.startswith("$"):
        sign = inner[1:].partition("-")[0]
        return [Token("text", sign)] if sign else []
    return []


def section_for(code: str, value: float) -> tuple[Section, bool]:
    """The section in force for a number, and whether it speaks of the number without its sign.

    The second of several sections is for negative numbers and brings its own minus, unless the
    sections have conditions.
    """
    parts = sections(code)
    numeric = parts[:3]
    if len(parts) > 1 and len(parts) < 4 and "value" in parts[-1].kinds:
        numeric = parts[:-1]  # a last section with @ is for text, however many there are
    if not any(part.condition for part in numeric[:2]):
        if len(numeric) == 1:
            return numeric[0], False
        if value < 0:
            return numeric[1], True
        return numeric[2 if value == 0 and len(numeric) > 2 else 0], False
    chosen = next((part for part in numeric if part.condition and part.takes(value)), None)
    if chosen is not None:
        return chosen, _only_negative(chosen) and chosen.marks_sign
    free = [part for part in numeric if part.condition is None]
    if len(free) == 2 and free[0] is numeric[1]:
        # [>5]0.0;-0.00;"rest": the second one keeps to negative numbers.
        return (free[0], True) if value < 0 else (free[1], False)
    return (free[-1] if free else _GENERAL), False


def _only_negative(section: Section) -> bool:
    if section.condition is None:
        return False
    sign, limit = section.condition
    return (sign == "<" and limit <= 0) or (sign in {"<=", "="} and limit < 0)


def section_for_text(code: str) -> Section | None:
    """The section for text; ``None`` when text is printed as it is."""
    parts = sections(code)
    if len(parts) >= 4:
        return parts[3]
    return parts[-1] if "value" in parts[-1].kinds else None
