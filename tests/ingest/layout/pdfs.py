"""Synthetic PDFs with tables and figures, made with ReportLab."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from ingest.loaders.base import Source
from ingest.loaders.pdf import load
from ingest.model import Block
from ingest.model import Table as Cells

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
ENGLISH = ParagraphStyle("en", fontName="Helvetica", fontSize=9, leading=11)
BOLD = ParagraphStyle("bold", parent=ENGLISH, fontName="Helvetica-Bold")
CHINESE = ParagraphStyle("zh", fontName="STSong-Light", fontSize=9, leading=12, wordWrap="CJK")
GRID = ("GRID", (0, 0), (-1, -1), 0.5, colors.black)
THREE_LINES = (
    ("LINEABOVE", (0, 0), (-1, 0), 1, colors.black),
    ("LINEBELOW", (0, 0), (-1, 0), 0.5, colors.black),
    ("LINEBELOW", (0, -1), (-1, -1), 1, colors.black),
)
PROSE = (
    "Patients are followed until the required number of events has been reached and every site has "
    "been closed by the sponsor. The primary endpoint is the time to the first event. "
)


def text(words: str, style: ParagraphStyle = ENGLISH) -> Paragraph:
    """A paragraph."""
    return Paragraph(words, style)


def table(
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    *style: tuple[Any, ...],
    look: ParagraphStyle = ENGLISH,
    heads: int = 1,
    bold: bool = True,
) -> Table:
    """A table whose first ``heads`` rows are bold and repeated on every page."""
    head = BOLD if bold and look is ENGLISH else look
    cells = [[text(c, head if n < heads else look) for c in row] for n, row in enumerate(rows)]
    made = Table(cells, colWidths=list(widths), repeatRows=heads, hAlign="LEFT")
    made.setStyle(TableStyle(list(style)))
    return made


def blocks_of(*flowables: Flowable, size: tuple[float, float] = A4) -> list[Block]:
    """The blocks that the loader makes of a PDF with these contents."""
    buffer = io.BytesIO()
    SimpleDocTemplate(buffer, pagesize=size, topMargin=60, bottomMargin=60).build(list(flowables))
    return load(Source("synthetic.pdf", buffer.getvalue())).blocks


def tables_of(blocks: Sequence[Block]) -> list[Cells]:
    """The tables among ``blocks``."""
    return [block.table for block in blocks if block.table is not None]


def gap(points: float = 12) -> Spacer:
    """White between two flowables."""
    return Spacer(1, points)
