"""What a reader of an HTML page sees of an element: shown, struck out, or not shown and why."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from ingest.structure.htmlstyle import Styles

HIDDEN, WHITE, TINY = "hidden text", "white text", "text too small to read"
OUTSIDE, CLEAR = "outside the page", "transparent text"
DROPPED = frozenset(
    ["script", "style", "noscript", "template", "nav", "footer", "aside", "head", "button",
     "select", "input", "textarea", "svg", "iframe", "object", "embed", "canvas", "audio", "video",
     "map", "dialog"]
)  # fmt: skip
_ROLES = frozenset({"navigation", "banner", "contentinfo", "search"})
_STRUCK = frozenset(["del", "s", "strike"])
_NOT_DRAWN = re.compile(r"\bdisplay\s*:\s*none\b|\bvisibility\s*:\s*(?:hidden|collapse)\b")
_TINY = re.compile(
    r"\bfont-size\s*:\s*(?:(?:0?\.\d+|[01](?:\.\d+)?)\s*(?:px|pt)\b|0(?:\.0+)?(?![\d.]))"
)
_CLEAR = re.compile(
    r"(?<![\w-])opacity\s*:\s*(?:0?\.0\d*|0)\s*%?\s*(?:;|!|$)|(?<![\w-])color\s*:\s*transparent"
)
_COLOUR = re.compile(r"(?<![\w-])color\s*:\s*([^;!]+)")
_NEARLY_WHITE = re.compile(
    r"white|#f[a-f]{2}|#f{3}f|#(?:f[a-f]){3}(?:ff)?|rgba?\(\s*25[0-5]\s*[, ]\s*25[0-5]\s*[, ]\s*"
    r"25[0-5]\s*(?:[,/]\s*1(?:\.0*)?\s*)?\)"
)
_FAR = r"-\s*\d{4,}(?:\.\d+)?\s*(?:px|pt)|-\s*\d{3,}(?:\.\d+)?\s*(?:em|rem|vw|vh)"
_OUTSIDE = re.compile(
    rf"(?<![\w-])(?:left|top|right|text-indent|margin-left|margin-top)\s*:\s*(?:{_FAR})"
)
_PLACED = re.compile(r"\bposition\s*:\s*(?:absolute|fixed)|text-indent|margin-")
_CUT = re.compile(r"\bclip\s*:\s*rect\(\s*[01](?:px)?(?:[\s,]+[01](?:px)?){3}\s*\)")
_STRUCK_STYLE = re.compile(r"\btext-decoration(?:-line)?\s*:[^;:]*\bline-through\b")
_SHIFTED = re.compile(r"\bvertical-align\s*:\s*(super|sub)\b")


class Sight:
    """Answers for the elements of one page."""

    def __init__(self, root: HtmlElement) -> None:
        self._styles = Styles(root)

    def is_furniture(self, element: HtmlElement) -> bool:
        """No content: scripts, site navigation, and what a page hides from those who listen."""
        if not isinstance(element.tag, str) or element.tag in DROPPED:
            return True
        # Formulas are drawn twice, once for the eye; the drawing's letters are in no order.
        if element.get("aria-hidden", "").lower() == "true":
            return True
        return element.get("role", "").lower() in _ROLES

    def why_unseen(self, element: HtmlElement) -> str:
        """Why a reader does not see the element, or ``""``; in doubt it is seen."""
        if element.get("hidden") is not None:
            return HIDDEN
        if element.tag == "font" and element.get("color"):
            return self._white(element, element.get("color", "").strip().lower())
        style = self._styles.of(element)
        if not style:
            return ""
        # Other rules may switch on what a class switches off; an attribute has the last word.
        sure = element.get("style", "").lower() if self._styles.is_open(element) else style
        if _NOT_DRAWN.search(sure):
            return "" if _is_formula(element) else HIDDEN
        if _TINY.search(sure) and not _is_set_again(element):
            return TINY
        if _CLEAR.search(sure):
            return CLEAR
        if (_OUTSIDE.search(sure) and _PLACED.search(sure)) or _CUT.search(sure):
            return OUTSIDE
        colours = _COLOUR.findall(sure)
        return self._white(element, colours[-1].strip()) if colours else ""

    def is_struck(self, element: HtmlElement) -> bool:
        """Whether the text is crossed out: no longer valid."""
        return element.tag in _STRUCK or bool(_STRUCK_STYLE.search(self._styles.of(element)))

    def shift(self, element: HtmlElement) -> str:
        """``sup`` or ``sub`` for an element that stands above or below the line."""
        if element.tag in {"sup", "sub"}:
            return str(element.tag)
        found = _SHIFTED.search(self._styles.of(element))
        return {"super": "sup", "sub": "sub"}[found[1]] if found else ""

    def _white(self, element: HtmlElement, colour: str) -> str:
        if not _NEARLY_WHITE.fullmatch(colour) or self._styles.may_paint(element):
            return ""
        return "" if _is_coloured_again(element) else WHITE


def _is_formula(element: HtmlElement) -> bool:
    """A formula and nothing else, behind the picture of it that a reader sees."""
    if next(element.iter("math"), None) is None:
        return False
    return not element.xpath(".//text()[not(ancestor::math)][normalize-space()]")


def _is_set_again(element: HtmlElement) -> bool:
    """Whether something below may set its own size, as behind gaps between boxes."""
    return any(
        item.get("style") or item.get("class") or item.get("size")
        for item in element.iterdescendants()
    )


def _is_coloured_again(element: HtmlElement) -> bool:
    return any(
        item.get("style") or item.get("class") or item.get("color")
        for item in element.iterdescendants()
    )
