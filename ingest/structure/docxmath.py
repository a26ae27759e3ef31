"""Formulas of Word (OMML) on one line: fractions with a slash, powers raised."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from ingest.structure.ooxml import Element, M

RAISED = str.maketrans("0123456789+-−–n()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻ⁿ⁽⁾")
LOWERED = {raised: plain for plain, raised in RAISED.items()}
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_GONE = frozenset([f"{_W}del", f"{_W}moveFrom"])
_STRIKES = ("strike", "dstrike")
_OFF = frozenset(["0", "false", "off", "none"])
_BELOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_PROPERTIES = re.compile(r"Pr$")
_STYLED = re.compile("[\U0001d400-\U0001d7ff]+")
# Beside these a digit is not the next one of a number: 2½ is not 21/2.
_CLOSED = frozenset(
    ["f", "sSub", "sSubSup", "sPre", "rad", "nary", "func", "limLow", "limUpp", "eqArr", "m"]
)


def math_text(element: Element) -> str:
    """Return the text of a formula; structures this does not know give their parts in order.

    Tracked deletions and struck-out runs are no part of it (:func:`dropped_parts`).
    """
    name = _name(element)
    if name == "t":
        # 𝑓 and 𝐟 are the letter f to whoever searches for it.
        return _STYLED.sub(lambda m: unicodedata.normalize("NFKC", m[0]), element.text or "")
    if element.tag in _GONE or (name == "r" and (_is_deleted(element) or _is_struck(element))):
        return ""
    parts = {_name(item): item for item in element.iterchildren()}
    if name == "f" and {"num", "den"} <= parts.keys():
        return _fraction(element, parts)
    if name in {"sSup", "sSub", "sSubSup"} and "e" in parts:
        return _base(parts["e"]) + _below(parts.get("sub")) + _above(parts.get("sup"))
    if name == "sPre" and "e" in parts:
        below = _below(parts.get("sub")).translate(_BELOW)
        return _above(parts.get("sup")) + below + math_text(parts["e"])
    if name == "rad" and "e" in parts:
        degree = math_text(parts["deg"]) if "deg" in parts else ""
        return f"{degree.translate(RAISED)}√{_grouped(parts['e'])}"
    if name == "nary" and "e" in parts:
        sign = _property(element, "naryPr", "chr", "∫")
        return f"{sign}{_limits(parts)}{math_text(parts['e'])}"
    if name in {"limLow", "limUpp"} and {"e", "lim"} <= parts.keys():
        return f"{math_text(parts['e'])}[{math_text(parts['lim'])}]"
    if name == "func" and {"fName", "e"} <= parts.keys():
        return _applied(math_text(parts["fName"]), math_text(parts["e"]))
    if name == "eqArr":
        # & is where the lines are aligned.
        return _listed("; ", (math_text(e).replace("&", "") for e in _children(element, "e")))
    if name == "m":
        rows = (_children(row, "e") for row in _children(element, "mr"))
        return _listed("; ", (_listed(", ", map(math_text, row)) for row in rows))
    if name == "phant" and _property(element, "phantPr", "show", "1") in _OFF:
        return ""
    if name == "d":
        inner = [math_text(item) for item in _children(element, "e")]
        opening, closing = (
            _property(element, "dPr", "begChr", "("),
            _property(element, "dPr", "endChr", ")"),
        )
        return opening + "|".join(inner) + closing
    return _in_order(element)


def dropped_parts(element: Element) -> tuple[int, int]:
    """How many tracked deletions and how many struck runs a formula leaves out."""
    deleted = sum(1 for item in element.iter(*_GONE) if next(item.iter(f"{M}t"), None) is not None)
    runs = (run for run in element.iter(f"{M}r") if next(run.iter(f"{M}t"), None) is not None)
    return deleted, sum(1 for run in runs if _is_struck(run))


def _in_order(element: Element) -> str:
    done, before = "", ""
    for item in _flat(element):
        name, text = _name(item), math_text(item)
        if text and {name, before} & _CLOSED:
            done = _apart(done, text)
        else:
            done += text
        before = name if text else before
    return done


def _flat(element: Element) -> Iterator[Element]:
    """What stands in an element, tracked insertions opened: their runs may be half a number."""
    for item in element.iterchildren():
        if item.tag == f"{_W}ins":
            yield from _flat(item)
        elif not _PROPERTIES.search(_name(item)):
            yield item


def _apart(left: str, right: str) -> str:
    meet = left[-1:].isdecimal() and re.match(r"\.?\d", right)
    return f"{left} {right}" if meet else left + right


def _applied(function: str, argument: str) -> str:
    """A function before what it is of: ``log10 5``, ``sin x``, ``ln(x)``."""
    meet = function[-1:].isalnum() and argument[:1].isalnum()
    return f"{function} {argument}" if meet else function + argument


def _fraction(element: Element, parts: dict[str, Element]) -> str:
    if _property(element, "fPr", "type", "bar") == "noBar":  # one above the other, no division
        return _listed("; ", (math_text(parts["num"]), math_text(parts["den"])))
    return f"{_grouped(parts['num'])}/{_grouped(parts['den'])}"


def _base(element: Element) -> str:
    """What a power is of; a fraction in brackets, or its lower part alone would seem raised."""
    whole = element.find(f".//{M}f") is None
    return math_text(element) if whole else _grouped(element)


def _children(element: Element, name: str) -> Iterator[Element]:
    return iter(element.iterchildren(f"{M}{name}"))


def _listed(mark: str, texts: Iterable[str]) -> str:
    return mark.join(text for text in texts if text)


def _is_deleted(run: Element) -> bool:
    return any(run.find(f"{_W}rPr/{tag}") is not None for tag in _GONE)


def _is_struck(run: Element) -> bool:
    for name in _STRIKES:
        found = run.find(f"{_W}rPr/{_W}{name}")
        if found is not None and found.get(f"{_W}val", "1") not in _OFF:
            return True
    return False


def _name(element: Element) -> str:
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


def _property(element: Element, group: str, name: str, default: str) -> str:
    found = element.find(f"{M}{group}/{M}{name}")
    return default if found is None else found.get(f"{M}val", "")


def _limits(parts: dict[str, Element]) -> str:
    """Limits of a sum or an integral in brackets: ``∑[i=1→n]``."""
    low = math_text(parts["sub"]) if "sub" in parts else ""
    high = math_text(parts["sup"]) if "sup" in parts else ""
    if low and high:
        return f"[{low}→{high}]"
    return f"[{low or high}]" if low or high else ""


def _below(element: Element | None) -> str:
    return "" if element is None else math_text(element)


def _above(element: Element | None) -> str:
    small = "" if element is None else math_text(element)
    if not small or re.fullmatch(r"[0-9+\-−n]+", small):
        return small.translate(RAISED)
    return f"^{small}" if len(small) == 1 else f"^({small})"


def _grouped(element: Element) -> str:
    text = math_text(element)
    return text if re.fullmatch(r"\w*", text) or _is_bracketed(text) else f"({text})"


def _is_bracketed(text: str) -> bool:
    """Whether one pair of brackets holds everything: (a)+(b) is not so."""
    if not (text.startswith("(") and text.endswith(")")):
        return False
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return place == len(text) - 1
    return False
