"""Rasterised scans: pages drawn at 200 dpi, slightly askew, with noise and no text layer."""

from __future__ import annotations

import html
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image, ImageFilter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from eval.corpus.documents.imprint import IMPRINT
from eval.corpus.documents.notes import body, note
from eval.corpus.documents.page import Table, page
from eval.corpus.documents.printing import print_pdf
from eval.corpus.documents.rows import CARD_HEADER, deadlines

DPI = 200
_QUALITY = 30
_PAPER, _NOISE = 246, 2.6  # brightness of the paper and spread of the noise, of 255
_ASKEW = (0.7, -0.5, 0.9, -0.8)  # degrees, page by page
_FOOT = "本项目制作的扫描样张"
_STYLE = """
html { font: 11pt/1.7 'Noto Serif CJK SC', serif; }
table { font-size: 9.5pt; }
"""


@dataclass(frozen=True, slots=True)
class Scan:
    """Title, what it is about, and the questions of notes on its pages."""

    title: str
    subject: str
    questions: tuple[tuple[str, str], ...]
    table: str


SCANS = {
    "scan-device-trial": Scan(
        "器械临床试验备案与报告（扫描样张）", "合成的扫描件：器械试验备案、审批和安全性报告",
        (
            ("regulation/device-trial-filing", "向谁备案、由谁备案"),
            ("regulation/device-trial-filing", "什么时候备案"),
            ("regulation/device-trial-filing", "备案完成前能不能筛选受试者"),
            ("regulation/device-trial-approval-class3", "审批多久，逾期未通知怎么办"),
            ("regulation/device-sae-reporting", "研究者的报告时限"),
            ("regulation/device-sae-reporting", "申办者的报告时限"),
        ),
        "医疗器械临床试验",
    ),
    "scan-site-start": Scan(
        "中心启动与授权分工（扫描样张）", "合成的扫描件：中心启动前的放行清单和授权分工",
        (
            ("operation/startup-timeline-critical-path", "启动会（SIV）前的放行清单"),
            ("operation/startup-timeline-critical-path", "进度用哪些日期来盯"),
            ("operation/pi-delegation", "哪些工作可以授权"),
        ),
        "伦理与研究者发起的研究",
    ),
}  # fmt: skip


def scan_page(name: str) -> str:
    """The pages before they are scanned."""
    given = SCANS[name]
    parts = []
    for source, question in given.questions:
        section = next(s for s in note(source).sections if s.heading == question)
        parts.append(f"<h3>{html.escape(question)}</h3>{body(section.lines)}")
    rows = [(d.matter, d.limit, d.start, d.basis) for d in deadlines() if d.group == given.table]
    parts.append(
        Table(f"表1 {given.table}的时限", CARD_HEADER, rows, widths=(33, 23, 17, 27)).html()
    )
    return page(given.title, parts, _STYLE, imprint=f"{_FOOT}；{IMPRINT}", foot=_FOOT)


def make_scan(name: str, target: Path) -> int:
    """Print, draw, spoil and bind the pages; returns their number."""
    given = SCANS[name]
    print_pdf(scan_page(name), target)
    pictures = list(_scanned(target))
    out = Canvas(str(target), pageCompression=1, invariant=1)
    out.setTitle(given.title)
    for picture in pictures:
        wide, high = (side * 72 / DPI for side in picture.size)
        out.setPageSize((wide, high))
        packed = io.BytesIO()
        picture.save(packed, "JPEG", quality=_QUALITY, optimize=True)
        out.drawImage(ImageReader(packed), 0, 0, wide, high)
        out.showPage()
    out.save()
    return len(pictures)


def _scanned(printed: Path) -> Iterator[Image.Image]:
    chance = np.random.default_rng(20_261_122)
    document = pypdfium2.PdfDocument(printed)
    try:
        for number, sheet in enumerate(document):
            drawn = sheet.render(scale=DPI / 72, grayscale=True).to_pil().convert("L")
            angle = _ASKEW[number % len(_ASKEW)]
            turned = drawn.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255)
            soft = turned.filter(ImageFilter.GaussianBlur(0.5))
            light = np.asarray(soft, dtype=np.float64) * _PAPER / 255
            # Coarse noise, as of paper: fine noise would only swell the JPEG.
            rows, columns = light.shape
            coarse = chance.normal(0, _NOISE, (rows // 3 + 1, columns // 3 + 1))
            grain = np.kron(coarse, np.ones((3, 3)))[:rows, :columns]
            yield Image.fromarray(np.clip(light + grain, 0, 255).astype(np.uint8), "L")
    finally:
        document.close()
