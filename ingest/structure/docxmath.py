"""Formulas of Word (OMML) on one line: fractions with a slash, powers raised."""

from __future__ import annotations

import re
import unicodedata

from ingest.structure.ooxml import Element, M

RAISED = str.maketrans("0123456789+-−–n()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻ⁿ⁽⁾")
LOWERED = {raised: plain for plain, raised in RAISED.items()}
_PROPERTIES = re.compile(r"Pr$")
_STYLED = re.compile("[\U0001d400-\U0001d7ff]+")


def math_text(element: Element) -> str:
    """Return the text of a formula; structures this does not know give their parts in order."""
    name = _name(element)
    if name == "t":
        # 𝑓 and 𝐟 are the letter f to whoever searches for it.
        return _STYLED.sub(lambda m: unicodedata.normalize("NFKC", m[0]), element.text or "")
    parts = {_name(item): item for item in element.iterchildren()}
    if name == "f" and {"num", "den"} <= parts.keys():
        return f"{_grouped(parts['num'])}/{_grouped(parts['den'])}"
    if name in {"sSup", "sSub", "sSubSup"} and "e" in parts:
        return math_text(parts["e"]) + _below(parts.get("sub")) + _above(parts.get("sup"))
    if name == "rad" and "e" in parts:
        degree = math_text(parts["deg"]) if "deg" in parts else ""
        return f"{degree.translate(RAISED)}√{_grouped(parts['e'])}"
    if name == "nary" and "e" in parts:
        sign = _property(element, "naryPr", "chr", "∫")
        return f"{sign}{_limits(parts)}{math_text(parts['e'])}"
    if name == "d":
        inner = [math_text(item) for item in element.iterchildren(f"{M}e")]
        opening, closing = (
            _property(element, "dPr", "begChr", "("),
            _property(element, "dPr", "endChr", ")"),
        )
        return opening + "|".join(inner) + closing
    return "".join(
        math_text(item) for item in element.iterchildren() if not _PROPERTIES.search(_name(item))
    )


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
    return text if re.fullmatch(r"\w*|\(.*\)", text) else f"({text})"
