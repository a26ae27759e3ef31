"""Styles of a workbook: the number format of a cell and whether its letters can be seen.

Follows ECMA-376, part 1, sections 18.8 (styles) and 18.8.30 (formats that are not written out).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.structure.ooxml import Element
from ingest.structure.raised import Shift

# Those of amounts stand without the sign of a currency, which is another one in each country.
_BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "#,##0_);(#,##0)",
    6: "#,##0_);[Red](#,##0)", 7: "#,##0.00_);(#,##0.00)", 8: "#,##0.00_);[Red](#,##0.00)",
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 14: "yyyy-mm-dd",
    15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 37: "#,##0_);(#,##0)",
    38: "#,##0_);[Red](#,##0)", 39: "#,##0.00_);(#,##0.00)", 40: "#,##0.00_);[Red](#,##0.00)",
    41: '_(* #,##0_);_(* (#,##0);_(* "-"_);_(@_)', 42: '_(* #,##0_);_(* (#,##0);_(* "-"_);_(@_)',
    43: '_(* #,##0.00_);_(* (#,##0.00);_(* "-"??_);_(@_)',
    44: '_(* #,##0.00_);_(* (#,##0.00);_(* "-"??_);_(@_)',
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
# Dates and times of the East Asian editions, which mean another order in each: shown in full.
_BUILT_IN |= dict.fromkeys([*range(27, 32), 36, *range(50, 55), 57, 58], "yyyy-mm-dd")
_BUILT_IN |= {32: "h:mm", 33: "h:mm:ss", 34: "h:mm", 35: "h:mm:ss", 55: "h:mm", 56: "h:mm:ss"}
_NEARLY_WHITE = re.compile(r"(?:[0-9a-f]{2})?f[a-f]f[a-f]f[a-f]", re.I)
_WHITE_INDEXES = frozenset({"1", "9"})
_TINY = 2  # points
_OFF = frozenset({"0", "false", "off"})


@dataclass(frozen=True, slots=True)
class Font:
    """How letters are set, as far as it changes what they say."""

    bold: bool = False
    struck: bool = False
    shift: Shift = Shift.LEVEL
    white: bool = False
    tiny: bool = False


@dataclass(frozen=True, slots=True)
class Style:
    """The look of a cell; ``filled`` when it may have a coloured ground."""

    format: str = "General"
    font: Font = Font()
    filled: bool = False


class Styles:
    """Finds styles by the number that cells carry."""

    def __init__(self, root: Element | None, theme: Element | None) -> None:
        self._light_is_white = _light_is_white(theme)
        self._styles: list[Style] = []
        if root is None:
            return
        formats = dict(_BUILT_IN)
        for item in root.iterfind("{*}numFmts/{*}numFmt"):
            formats[_whole(item.get("numFmtId"))] = item.get("formatCode") or "General"
        fonts = [self.font(item) for item in root.iterfind("{*}fonts/{*}font")]
        fills = [self._is_filled(item) for item in root.iterfind("{*}fills/{*}fill")]
        for item in root.iterfind("{*}cellXfs/{*}xf"):
            font, fill = _whole(item.get("fontId")), _whole(item.get("fillId"))
            self._styles.append(
                Style(
                    formats.get(_whole(item.get("numFmtId")), "General"),
                    fonts[font] if font < len(fonts) else Font(),
                    fills[fill] if fill < len(fills) else False,
                )
            )

    def of(self, number: str | None) -> Style:
        """The style with a number; the plain one where there is none."""
        place = _whole(number)
        return self._styles[place] if place < len(self._styles) else Style()

    def font(self, element: Element) -> Font:
        """A font, of a cell (``font``) or of a part of its text (``rPr``)."""
        size = element.find("{*}sz")
        raised = element.find("{*}vertAlign")
        shifts = {"superscript": Shift.RAISED, "subscript": Shift.LOWERED}
        colour = element.find("{*}color")
        return Font(
            bold=_is_on(element.find("{*}b")),
            struck=_is_on(element.find("{*}strike")),
            shift=Shift.LEVEL if raised is None else shifts.get(raised.get("val"), Shift.LEVEL),
            white=colour is not None and self._is_white(colour),
            tiny=size is not None and 0 < _number(size.get("val")) <= _TINY,
        )

    def _is_white(self, colour: Element) -> bool:
        if colour.get("rgb"):
            return _NEARLY_WHITE.fullmatch(colour.get("rgb")) is not None
        if colour.get("theme") == "0":
            return self._light_is_white and abs(_number(colour.get("tint"))) < 0.05
        return colour.get("indexed") in _WHITE_INDEXES

    def _is_filled(self, fill: Element) -> bool:
        """Whether something other than white may lie behind the letters."""
        pattern = fill.find("{*}patternFill")
        if pattern is None:
            return fill.find("{*}gradientFill") is not None
        kind = pattern.get("patternType", "none")
        if kind == "none":
            return False
        ground = pattern.find("{*}fgColor")
        return kind != "solid" or ground is None or not self._is_white(ground)


def _light_is_white(theme: Element | None) -> bool:
    """Whether the first colour of the theme, that of the paper, is white as usual."""
    light = None if theme is None else next(theme.iter("{*}lt1"), None)
    colour = None if light is None else next(light.iterchildren(), None)
    if colour is None:
        return True
    return _NEARLY_WHITE.fullmatch(colour.get("lastClr") or colour.get("val") or "") is not None


def _is_on(element: Element | None) -> bool:
    return element is not None and element.get("val", "1") not in _OFF


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _number(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0
