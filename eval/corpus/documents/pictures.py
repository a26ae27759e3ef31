"""Figures as PNG, for formats that take no SVG."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pypdfium2
from PIL import Image

from eval.corpus.documents.printing import print_pdf
from eval.corpus.figures.catalogue import drawing, figures

_SCALE = 1.9  # pixels a unit of the drawing
_COLOURS = 48


def pngs(slugs: Iterable[str]) -> dict[str, bytes]:
    """The figures named, drawn by Chromium, by slug."""
    known = {figure.slug: figure for figure in figures()}
    wanted = [known[slug] for slug in slugs]
    sheets = "".join(f"<div>{drawing(figure)}</div>" for figure in wanted)
    style = (
        "@page{size:760px 660px;margin:0}body{margin:0}"
        "div{break-after:page;width:760px}svg{display:block}"
    )
    html = f'<!doctype html><meta charset="utf-8"><style>{style}</style>{sheets}'
    with tempfile.TemporaryDirectory() as folder:
        printed = Path(folder, "figures.pdf")
        print_pdf(html, printed)
        document = pypdfium2.PdfDocument(printed.read_bytes())
    try:
        return {
            figure.slug: _png(sheet, drawing(figure))
            for figure, sheet in zip(wanted, document, strict=False)
        }
    finally:
        document.close()


def _png(sheet: pypdfium2.PdfPage, svg: str) -> bytes:
    high = float(svg.split('height="', 1)[1].split('"', 1)[0])
    # A CSS pixel is three quarters of a point.
    drawn = sheet.render(scale=_SCALE / 0.75).to_pil().convert("RGB")
    cut = drawn.crop((0, 0, drawn.width, round(high * _SCALE)))
    packed = io.BytesIO()
    cut.quantize(_COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
        packed, "PNG", optimize=True
    )
    return packed.getvalue()
