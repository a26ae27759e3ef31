"""Our own plain SVGs as PNG."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from api.reports.raster import rasterise


def drawn(*shapes: str) -> Image.Image:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">'
        + "".join(shapes)
        + "</svg>"
    )
    return Image.open(io.BytesIO(rasterise(svg)))


@pytest.mark.parametrize(
    ("shape", "inside", "outside"),
    [
        ('<rect x="5" y="5" width="10" height="10" fill="#ff0000"/>', (20, 20), (2, 2)),
        ('<polygon points="0,0 40,0 40,10 0,10" fill="#ff0000"/>', (30, 10), (30, 30)),
        ('<line x1="0" y1="10" x2="40" y2="10" stroke="#ff0000" stroke-width="4"/>',
         (40, 20), (40, 4)),
        ('<polyline points="0,10 40,10" fill="none" stroke="#ff0000" stroke-width="4"/>',
         (40, 20), (40, 4)),
        ('<rect width="50%" height="100%" fill="#ff0000"/>', (20, 20), (60, 20)),
    ],
)  # fmt: skip
def test_shapes_stand_where_they_are_put(
    shape: str, inside: tuple[int, int], outside: tuple[int, int]
) -> None:
    image = drawn(shape)
    assert image.size == (80, 40)
    assert image.getpixel(inside) == (255, 0, 0)
    assert image.getpixel(outside) == (255, 255, 255)


def test_dashes_leave_gaps() -> None:
    image = drawn(
        '<line x1="0" y1="10" x2="40" y2="10" stroke="#ff0000" stroke-width="4" '
        'stroke-dasharray="10 10"/>'
    )
    assert image.getpixel((10, 20)) == (255, 0, 0)
    assert image.getpixel((30, 20)) == (255, 255, 255)


@pytest.mark.parametrize(("anchor", "left"), [("start", False), ("end", True)])
def test_text_is_anchored(anchor: str, left: bool) -> None:
    image = drawn(f'<text x="20" y="15" font-size="12" text-anchor="{anchor}">8</text>')
    dark = [x for x in range(80) for y in range(40) if image.getpixel((x, y)) < (128, 128, 128)]
    assert dark and (max(dark) <= 42 if left else min(dark) >= 38)


def test_entities_are_not_resolved() -> None:
    svg = (
        '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">'
        '<text x="0" y="15">&x;</text></svg>'
    )
    assert rasterise(svg).startswith(b"\x89PNG")
