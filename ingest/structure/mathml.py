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
        return _base(parts[0]) + _below(parts[1])
    if name == "msubsup" and len(parts) == 3:
        return _base(parts[0]) + _below(parts[1]) + _above(parts[2])
    if name == "msqrt":
        return f"√{_bracketed(''.join(_text(item) for item in parts))}"
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
    return (element.text or "").strip() + "".join(_text(item) for item in parts)


def _name(element: Any) -> str:
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


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
    """Words and signs of a formula; a single one needs no brackets."""
    return re.findall(r"\w+(?:[.,]\d+)*|\(.*\)|\S", text)


def _above(element: Any) -> str:
    small = _text(element).strip()
    if not small or re.fullmatch(r"[0-9+\-−n]+", small):
        return small.translate(RAISED)
    return small if small in {"*", "′", "″", "°", "†"} else f"^{_bracketed(small)}"


def _below(element: Any) -> str:
    small = _text(element).strip()
    return small if re.fullmatch(r"\d*", small) else f"_{_bracketed(small)}"


def _grouped(element: Any) -> str:
    return _bracketed(_text(element).strip())


def _bracketed(text: str) -> str:
    text = text.strip()
    return text if len(_signs(text)) <= 1 else f"({text})"
