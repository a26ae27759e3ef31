"""Paragraph styles of Word: heading level, numbering and boldness, through their inheritance."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ingest.structure.docxpackage import Element, W, child, integer, is_on, value

_HEADING = re.compile(
    r"^(?:heading|标题|標題|überschrift|titre|título|заголовок|제목|見出し)\s*(\d)$", re.I
)
_TITLE = re.compile(r"^(?:title|标题|標題|titel|titre|título)$", re.I)
_CONTENTS = re.compile(r"^(?:toc|目录|目錄|table of figures)\s*\d*$", re.I)
_BODY_TEXT_LEVEL = 9


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says of a paragraph or a run; ``level`` counts from 1.

    ``size`` and ``lift``, the distance above the line, are in half points; ``align`` is
    ``superscript`` or ``subscript``.
    """

    name: str = ""
    level: int | None = None
    number: str | None = None
    number_level: int | None = None
    bold: bool = False
    hidden: bool = False
    centred: bool = False
    is_heading: bool = False
    is_title: bool = False
    is_contents: bool = False
    colour: str | None = None
    size: int | None = None
    shaded: bool = False
    struck: bool = False
    align: str | None = None
    lift: int | None = None
    font: str | None = None


class Styles:
    """Looks up styles by identifier."""

    def __init__(self, part: Element | None) -> None:
        self._elements: dict[str, Element] = {}
        self._done: dict[str, Style] = {}
        self._default: str | None = None
        self.size: int | None = None
        if part is None:
            return
        self.size = integer(value(part, "docDefaults/rPrDefault/rPr/sz"))
        for element in part.iter(f"{W}style"):
            identifier = element.get(f"{W}styleId", "")
            self._elements[identifier] = element
            is_paragraph = element.get(f"{W}type") == "paragraph"
            if is_paragraph and element.get(f"{W}default") in {"1", "true", "on"}:
                self._default = identifier

    def of(self, paragraph: Element) -> Style:
        """The style of a paragraph with what the paragraph itself says on top."""
        identifier = value(paragraph, "pPr/pStyle") or self._default
        style = self.get(identifier)
        properties = child(paragraph, "pPr")
        return style if properties is None else _override(style, properties, from_style=False)

    def paints_cells(self, identifier: str | None) -> bool:
        """Tell whether a table style gives cells a colour."""
        for _ in range(20):
            element = self._elements.get(identifier or "")
            if element is None:
                return False
            if any(fill_of(shade) for shade in element.iter(f"{W}shd")):
                return True
            identifier = value(element, "basedOn")
        return False

    def get(self, identifier: str | None, depth: int = 0) -> Style:
        """A style by its identifier; unknown ones and inheritance loops say nothing."""
        if identifier is None or identifier not in self._elements or depth > 20:
            return Style()
        if identifier not in self._done:
            element = self._elements[identifier]
            base = self.get(value(element, "basedOn"), depth + 1)
            self._done[identifier] = _read(element, base)
        return self._done[identifier]


def heading_level(name: str) -> int | None:
    """The level of a heading style by its name (``heading 2``, ``标题 2``)."""
    match = _HEADING.match(name.strip())
    return None if match is None or match.group(1) == "0" else int(match.group(1))


def fill_of(shade: Element | None) -> str:
    """The colour that a shading (``w:shd``) fills with; ``""`` for none and for white."""
    if shade is None:
        return ""
    fill = shade.get(f"{W}fill", "auto").lower()
    pattern = shade.get(f"{W}val", "clear")
    if fill in {"auto", "ffffff"} and pattern in {"clear", "nil"}:
        return "" if shade.get(f"{W}themeFill") in {None, "background1"} else "theme"
    return str(fill)


def is_struck(element: Element) -> bool | None:
    """Whether a run or style is struck through, once or twice; ``None`` when it does not say."""
    said = [is_on(element, f"rPr/{name}") for name in ("strike", "dstrike")]
    return None if said == [None, None] else any(said)


def font_of(element: Element, name: str = "ascii") -> str:
    """The font that a run or style has for Western letters, ``""`` when it does not say."""
    fonts = child(element, "rPr/rFonts")
    if fonts is None or fonts.get(f"{W}{name}Theme"):
        return ""
    return str(fonts.get(f"{W}{name}") or "")


def _read(element: Element, base: Style) -> Style:
    name = (value(element, "name") or "").strip()
    style = replace(base, name=name, is_title=_TITLE.match(name) is not None)
    style = replace(style, is_contents=_CONTENTS.match(name) is not None)
    bold = is_on(element, "rPr/b")
    hidden = is_on(element, "rPr/vanish")
    struck = is_struck(element)
    lift = integer(value(element, "rPr/position"))
    style = replace(
        style,
        bold=style.bold if bold is None else bold,
        hidden=style.hidden if hidden is None else hidden,
        colour=value(element, "rPr/color") or style.colour,
        size=integer(value(element, "rPr/sz")) or style.size,
        shaded=style.shaded or _is_shaded(element),
        struck=style.struck if struck is None else struck,
        align=value(element, "rPr/vertAlign") or style.align,
        lift=style.lift if lift is None else lift,
        font=font_of(element) or style.font,
    )
    properties = child(element, "pPr")
    if properties is not None:
        style = _override(style, properties, from_style=True)
    level = heading_level(name)
    return style if level is None else replace(style, level=level, is_heading=True)


def _is_shaded(element: Element) -> bool:
    return any(fill_of(child(element, path)) for path in ("pPr/shd", "rPr/shd"))


def _override(style: Style, properties: Element, *, from_style: bool) -> Style:
    outline = integer(value(properties, "outlineLvl"))
    if outline is not None:
        style = replace(style, level=None if outline >= _BODY_TEXT_LEVEL else outline + 1)
    alignment = value(properties, "jc")
    if alignment is not None:
        style = replace(style, centred=alignment == "center")
    numbers = child(properties, "numPr")
    if numbers is not None:
        number = value(numbers, "numId")
        level = integer(value(numbers, "ilvl"))
        style = replace(
            style,
            number=None if number == "0" else number or style.number,
            number_level=level if level is not None else style.number_level or 0,
        )
        if number is None and not from_style and style.number is None:
            style = replace(style, number_level=None)
    return style
