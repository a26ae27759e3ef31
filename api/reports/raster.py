"""Draws the plain SVGs of Xinglin (rectangles, lines, polygons, text) as PNG, for Word documents.

Only what our own drawings use is understood: this is no renderer of SVG in general.
"""

from __future__ import annotations

import io
from functools import cache
from itertools import pairwise
from typing import Any

from lxml import etree
from PIL import Image, ImageDraw, ImageFont

_SCALE = 2
_NONE = "none"
Point = tuple[float, float]


def rasterise(svg: str) -> bytes:
    """The drawing as a PNG at twice its size.

    Args:
        svg: An SVG of our own, with ``width`` and ``height`` in pixels.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    root = etree.fromstring(svg.encode(), parser)
    size = (round(float(root.get("width"))), round(float(root.get("height"))))
    image = Image.new("RGB", (size[0] * _SCALE, size[1] * _SCALE), "#ffffff")
    pen = ImageDraw.Draw(image)
    for shape in root:
        draw = _SHAPES.get(etree.QName(shape).localname)
        if draw is not None:
            draw(pen, shape, size)
    sheet = io.BytesIO()
    image.save(sheet, format="PNG", optimize=True)
    return sheet.getvalue()


@cache
def can_write_chinese() -> bool:
    """Whether this system has a font with Chinese characters."""
    from design.curves.picture import chinese_font

    return chinese_font() is not None


def _rectangle(pen: Any, shape: Any, size: tuple[int, int]) -> None:
    x, y = _number(shape, "x"), _number(shape, "y")
    width = _length(shape.get("width"), size[0])
    height = _length(shape.get("height"), size[1])
    corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    _fill(pen, shape, corners)
    _stroke(pen, shape, [*corners, corners[0]])


def _line(pen: Any, shape: Any, size: tuple[int, int]) -> None:
    ends = [(_number(shape, f"x{n}"), _number(shape, f"y{n}")) for n in (1, 2)]
    _stroke(pen, shape, ends)


def _polyline(pen: Any, shape: Any, size: tuple[int, int]) -> None:
    _stroke(pen, shape, _points(shape))


def _polygon(pen: Any, shape: Any, size: tuple[int, int]) -> None:
    points = _points(shape)
    _fill(pen, shape, points)
    _stroke(pen, shape, [*points, points[0]])


def _text(pen: Any, shape: Any, size: tuple[int, int]) -> None:
    anchor = {"middle": "ms", "end": "rs"}.get(shape.get("text-anchor", ""), "ls")
    font = _font(round(float(shape.get("font-size", "12")) * _SCALE))
    place = _scaled((_number(shape, "x"), _number(shape, "y")))
    pen.text(place, shape.text or "", fill=shape.get("fill", "#000000"), font=font, anchor=anchor)


_SHAPES = {
    "rect": _rectangle,
    "line": _line,
    "polyline": _polyline,
    "polygon": _polygon,
    "text": _text,
}


def _fill(pen: Any, shape: Any, points: list[Point]) -> None:
    colour = shape.get("fill", "#000000")
    if colour != _NONE and len(points) > 2:
        pen.polygon([_scaled(point) for point in points], fill=colour)


def _stroke(pen: Any, shape: Any, points: list[Point]) -> None:
    colour = shape.get("stroke", _NONE)
    if colour == _NONE:
        return
    width = max(1, round(float(shape.get("stroke-width", "1")) * _SCALE))
    dashes = [float(part) for part in shape.get("stroke-dasharray", "").split()]
    for start, end in pairwise(points):
        for one, other in _dashed(start, end, dashes):
            pen.line([_scaled(one), _scaled(other)], fill=colour, width=width)


def _dashed(start: Point, end: Point, dashes: list[float]) -> list[tuple[Point, Point]]:
    """The pieces of a line that are drawn."""
    length = ((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5
    if not dashes or not length:
        return [(start, end)]

    def at(place: float) -> Point:
        share = min(place, length) / length
        return (
            start[0] + share * (end[0] - start[0]),
            start[1] + share * (end[1] - start[1]),
        )

    pieces, place, drawn = [], 0.0, True
    while place < length:
        for dash in dashes:
            if drawn and place < length:
                pieces.append((at(place), at(place + dash)))
            place, drawn = place + dash, not drawn
    return pieces


def _points(shape: Any) -> list[Point]:
    pairs = (pair.split(",") for pair in shape.get("points", "").split())
    return [(float(x), float(y)) for x, y in pairs]


def _scaled(point: Point) -> Point:
    return (point[0] * _SCALE, point[1] * _SCALE)


def _number(shape: Any, name: str) -> float:
    return float(shape.get(name, "0"))


def _length(value: str | None, whole: int) -> float:
    if value is not None and value.endswith("%"):
        return whole * float(value[:-1]) / 100
    return float(value or 0)


@cache
def _font(size: int) -> Any:
    from matplotlib import font_manager

    from design.curves.picture import chinese_font

    family = chinese_font() or "DejaVu Sans"
    return ImageFont.truetype(font_manager.findfont(family), size)
