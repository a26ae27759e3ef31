"""Formulas in MathML on one line: fractions with a slash, powers raised.

Follows the presentation elements of MathML 3 (W3C, chapter 3).
"""

from __future__ import annotations

import re
from typing import Any

from ingest.structure.docxmath import RAISED

_SPACE_AROUND = frozenset("=≠<>≤≥≈±×+→~∝")
_NEGLIGIBLE = {"\u2061", "\u2062", "\u2063", "\u2064"}  # invisible operators
_SKIPPED = frozenset(["annotation", "annotation-xml", "mphantom", "none", "mprescripts"])
_GROUPS = frozenset(["mrow", "mstyle", "mpadded", "semantics", "math"])
_BUILT = frozenset(
    ["mfrac", "msqrt", "mroot", "msub", "msup", "msubsup", "munder", "mover", "munderover",
     "mmultiscripts"]
)  # fmt: skip
_LOWERED = str.maketrans("0123456789+-−–", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋")


def mathml_text(element: Any) -> str:
    """Return the text of a MathML element; elements this does not know give their parts in order.

    >>> from lxml import etree
    >>> mathml_text(etree.XML("<msup><mi>x</mi><mn>2</mn></msup>"))
    'x²'
    """
    return " ".join(_text(element).split())


def _text(element: Any) -> str:
    name = _name(element)
    if not name or name in _SKIPPED:
        return ""
    parts = [item for item in element if _name(item)]
    if name == "mo":
        return _operator(element)
    if name in {"mi", "mn", "mtext", "ms"}:
        return "".join(element.itertext())
    if name == "mspace":
        return " "
    if name == "mfrac" and len(parts) == 2:
        return f"{_grouped(parts[0])}/{_grouped(parts[1])}"
    if name == "msup" and len(parts) == 2:
        return _base(parts[0]) + _above(parts[1])
    if name == "msub" and len(parts) == 2:
        return _based(parts[0], parts[1])
    if name == "msubsup" and len(parts) == 3:
        return _based(parts[0], parts[1]) + _above(parts[2])
    if name == "mmultiscripts" and parts:
        return _scripts(parts)
    if name == "msqrt":
        return f"√{_bracketed(_joined(parts))}"
    if name == "mroot" and len(parts) == 2:
        return f"{_text(parts[1]).translate(RAISED)}√{_grouped(parts[0])}"
    if name == "mfenced":
        inner = (element.get("separators", ",")[:1] or "").join(_text(item) for item in parts)
        return f"{element.get('open', '(')}{inner.strip()}{element.get('close', ')')}"
    if name in {"munder", "mover", "munderover"} and parts:
        return _limits(name, parts)
    if name == "semantics" and parts:
        return _text(parts[0])
    if name == "mtable":
        return "; ".join(_text(item) for item in parts)
    if name in {"mtr", "mlabeledtr"}:
        return ", ".join(_text(item).strip() for item in parts)
    return (element.text or "").strip() + _joined(parts)


def _joined(parts: list[Any]) -> str:
    """Parts in a row, as close as they are seen; but 1 and ½ become ``1 1/2``."""
    text, last = "", ""
    for item in parts:
        more = _text(item)
        if not more:
            continue
        meets = (last in _BUILT and text[-1:].isalnum()) or (
            _edge(item, 0) == "mfrac" and text[-1:].isdecimal()
        )
        text += f" {more}" if meets and more[:1].isdecimal() else more
        last = _edge(item, -1)
    return text


def _edge(element: Any, end: int) -> str:
    """The name of what stands at the beginning (0) or the end (-1) of a group."""
    while _name(element) in _GROUPS and (parts := [item for item in element if _name(item)]):
        element = parts[end]
    return _name(element)


def _name(element: Any) -> str:
    """The element's name without its namespace, which HTML keeps as a prefix."""
    return re.split(r"[}:]", element.tag)[-1] if isinstance(element.tag, str) else ""


def _operator(element: Any) -> str:
    sign = "".join(element.itertext())
    if sign.strip() in _NEGLIGIBLE:
        return ""
    return f" {sign.strip()} " if sign.strip() in _SPACE_AROUND else sign


def _limits(name: str, parts: list[Any]) -> str:
    """A sum with its limits in brackets: ``∑[i = 1→n]``; an accent stays with its letter."""
    base = _text(parts[0])
    rest = [_text(item).strip() for item in parts[1:]]
    if name == "mover" and len(rest) == 1 and not rest[0].isalnum():
        accents = {"¯": "\u0304", "‾": "\u0304", "^": "\u0302", "˜": "\u0303", "~": "\u0303"}
        return base + accents.get(rest[0], rest[0])
    return f"{base}[{'→'.join(item for item in rest if item)}]"


def _base(element: Any) -> str:
    text = _text(element).strip()
    return text if len(_signs(text)) <= 1 else _bracketed(text)


def _signs(text: str) -> list[str]:
    """Words and signs of a formula; a single one, or one pair of brackets, needs no brackets."""
    whole = text.startswith("(") and text.endswith(")") and not _closes_early(text)
    return [text] if whole else re.findall(r"\w+(?:[.,]\d+)*|\S", text)


def _closes_early(text: str) -> bool:
    """Whether the first bracket closes before the end, as in ``(a)(b)``."""
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return place < len(text) - 1
    return True


def _above(element: Any) -> str:
    small = _text(element).strip()
    if not small or re.fullmatch(r"[0-9+\-−n]+", small):
        return small.translate(RAISED)
    return small if small in {"*", "′", "″", "°", "†"} else f"^{_bracketed(small)}"


def _below(element: Any) -> str:
    small = _text(element).strip()
    return small if re.fullmatch(r"\d*", small) else f"_{_bracketed(small)}"


def _based(element: Any, below: Any) -> str:
    """A base and what stands below it; a number stays apart from the digits at its foot."""
    base, small = _base(element), _below(below)
    apart = base[-1:].isdecimal() and small[:1].isdecimal()
    return base + (small.translate(_LOWERED) if apart else small)


def _scripts(parts: list[Any]) -> str:
    """A base with pairs of what stands below and above it, behind it and then before it."""
    names = [_name(item) for item in parts]
    cut = names.index("mprescripts") if "mprescripts" in names else len(parts)
    pairs = [parts[1:cut], parts[cut + 1 :]]
    behind, before = (
        "".join(_pair(side[at : at + 2]) for at in range(0, len(side), 2)) for side in pairs
    )
    return before + _base(parts[0]) + behind


def _pair(pair: list[Any]) -> str:
    below = _text(pair[0]).strip().translate(_LOWERED)
    return below + (_above(pair[1]) if len(pair) > 1 else "")


def _grouped(element: Any) -> str:
    return _bracketed(_text(element).strip())


def _bracketed(text: str) -> str:
    text = text.strip()
    return text if len(_signs(text)) <= 1 else f"({text})"
