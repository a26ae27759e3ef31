"""One small valid file of every format, made on the spot. Nothing in them is real."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pptx
import pypdfium2
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from tests.ingest.loaders.containers import ole_container
from tests.ingest.loaders.test_dicom import dataset, written
from tests.ingest.loaders.test_fhir import PATIENT
from tests.ingest.loaders.test_fhir import STUDY as FHIR_STUDY
from tests.ingest.loaders.test_tabledata import cohort, xport
from tests.ingest.loaders.test_usdm import STUDY as USDM_STUDY
from tests.ingest.registry.studies import CHICTR_XML, FACTS, FLAT, V2, WHO

_NOTE = """---
title: 虚构试验方案
kind: protocol
---
# 虚构试验方案

## 主要终点
主要终点为第24周的无复发率（±3天），n=120。

- 年龄≥18岁
- 签署知情同意书

| 访视 | 研究日 | 窗口 |
| --- | --- | --- |
| 访视1 | 第1天 | 0 |
| 访视2 | 第29天 | ±3 |
"""
_LAW = """第一条　为了规范虚构试验，制定本办法。
第二条　本办法自公布之日起施行。
"""
_HTML = """<!doctype html><html><head><title>虚构</title></head><body><h1>虚构指南</h1>
<p>第一段，含<b>粗体</b>。</p><ul><li>一</li><li>二</li></ul>
<table><caption>表1</caption><tr><th>剂量</th><th>例数</th></tr><tr><td>10 mg</td><td>30</td></tr>
</table></body></html>"""
_RTF = (
    rb"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fcharset134 SimSun;}}\pard\outlinelevel0 Plan\par"
    rb"\pard \'d6\'d0\u25991?\par\trowd\cellx1000\cellx2000\intbl Dose\cell n\cell\row"
    rb"\trowd\cellx1000\cellx2000\intbl 5 mg\cell 30\cell\row\pard{\v hidden}{\footnote note}\par}"
)
_JATS = """<?xml version="1.0"?>
<article article-type="research-article" dtd-version="1.3" xml:lang="en"><front><article-meta>
<article-id pub-id-type="doi">10.0000/madeup.2</article-id>
<title-group><article-title>A made-up trial</article-title></title-group>
<abstract><p>We made it up.</p></abstract></article-meta></front>
<body><sec><title>Results</title><p>The rate was 61% (n=120).</p>
<table-wrap id="t1"><label>Table 1</label><caption><p>Doses</p></caption><table>
<thead><tr><th>Dose</th><th>n</th></tr></thead><tbody><tr><td rowspan="2">5 mg</td><td>3</td></tr>
<tr><td>4</td></tr></tbody></table></table-wrap></sec></body></article>"""
_PUBMED = """<?xml version="1.0"?>
<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID Version="1">99000001</PMID>
<Article><Journal><Title>Made-up Journal</Title><JournalIssue><PubDate><Year>2031</Year></PubDate>
</JournalIssue></Journal><ArticleTitle>A made-up article</ArticleTitle>
<Abstract><AbstractText Label="RESULTS">It was 61%.</AbstractText></Abstract></Article>
</MedlineCitation></PubmedArticle></PubmedArticleSet>"""


def seeds(folder: Path) -> dict[str, bytes]:
    """Files by name; the name's stem is the format they are of."""
    made: dict[str, Callable[[], bytes]] = {
        "markdown.md": lambda: _NOTE.encode(),
        "text.txt": lambda: _LAW.encode(),
        "html.html": lambda: _HTML.encode(),
        "pdf.pdf": _pdf,
        "docx.docx": _docx,
        "xlsx.xlsx": _xlsx,
        "pptx.pptx": _pptx,
        "rtf.rtf": lambda: _RTF,
        "image.png": _png,
        "legacy.doc": lambda: ole_container("Unknown", b"made up"),
        "csv.csv": lambda: "剂量,例数\n10 mg,30\n20 mg,31\n".encode(),
        "jats.xml": lambda: _JATS.encode(),
        "pubmed.xml": lambda: _PUBMED.encode(),
        "usdm.json": lambda: json.dumps(USDM_STUDY, ensure_ascii=False).encode(),
        "fhir.json": lambda: json.dumps(FHIR_STUDY).encode(),
        "fhir.ndjson": lambda: f"{json.dumps(PATIENT)}\n{json.dumps(FHIR_STUDY)}\n".encode(),
        "dicom.dcm": lambda: written(dataset(StudyDescription="CHEST", SliceThickness="5")),
        "cohort table.csv": lambda: cohort(30).encode(),
        "cohort table.xpt": lambda: xport({"USUBJID": ["1", "2"], "AGE": ["40", "50"]}),
        "cohort table.parquet": lambda: _parquet(folder),
        "ctgov_v2.json": lambda: json.dumps(V2).encode(),
        "ctgov_flat.jsonl": lambda: f"{json.dumps(FLAT)}\n{json.dumps(FACTS)}\n".encode(),
        "chictr_xml.xml": lambda: CHICTR_XML.encode(),
        "chictr_json.jsonl": lambda: json.dumps(WHO).encode(),
        "ictrp_xml.xml": _ictrp_xml,
        "ictrp_json.jsonl": lambda: json.dumps({**WHO, "TrialID": "JPRN-UMIN1"}).encode(),
        "ictrp_csv.csv": _ictrp_csv,
    }
    return {name: make() for name, make in made.items()}


def _pdf() -> bytes:
    output = io.BytesIO()
    canvas = Canvas(output, pagesize=A4)
    for page in range(2):
        canvas.drawString(72, 760, f"{page + 1}. Objectives of the made-up trial")
        for line in range(12):
            canvas.drawString(72, 720 - 16 * line, f"Line {line} speaks of 12.5 mg and n={line}.")
        canvas.grid([72, 172, 272], [300, 320, 340])
        canvas.drawString(80, 325, "Dose")
        canvas.showPage()
    canvas.save()
    return output.getvalue()


def _png() -> bytes:
    page = pypdfium2.PdfDocument(_pdf())[0]
    output = io.BytesIO()
    page.render(scale=1.5).to_pil().save(output, format="PNG")
    return output.getvalue()


def _docx() -> bytes:
    document = docx.Document()
    document.add_heading("虚构方案", 1)
    document.add_paragraph("主要终点为总生存期。")
    document.add_paragraph("年龄≥18岁", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ("剂量", "例数", "10 mg", "30"), strict=True):
        cell.text = text
    output = io.BytesIO()
    document.save(output)
    return output.getvalue()


def _pptx() -> bytes:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "虚构试验启动会"
    slide.placeholders[1].text = "主要终点\n总生存期"
    slide.notes_slide.notes_text_frame.text = "备注"
    frame = slide.shapes.add_table(2, 2, 0, 0, 900000, 400000)
    frame.table.cell(0, 0).text = "剂量"
    frame.table.cell(1, 1).text = "30"
    output = io.BytesIO()
    deck.save(output)
    return output.getvalue()


def _xlsx() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("剂量", "例数"), ("10 mg", 30), ("20 mg", "=B2+1")):
        sheet.append(row)
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def _parquet(folder: Path) -> bytes:
    import duckdb

    path = folder / "made.parquet"
    duckdb.sql("SELECT range AS person_id, 1960 AS year_of_birth FROM range(30)").write_parquet(
        str(path)
    )
    data = path.read_bytes()
    path.unlink()
    return data


def _ictrp_xml() -> bytes:
    fields = {"TrialID": "JPRN-UMIN2", "Public_title": "A made-up trial", "Phase": "2"}
    inside = "".join(f"<{key}>{value}</{key}>" for key, value in fields.items())
    root = "Trials_downloaded_from_ICTRP"
    return f"<{root}><Trial>{inside}</Trial></{root}>".encode()


def _ictrp_csv() -> bytes:
    output = io.StringIO()
    writer = csv.writer(output)
    writer.writerows([["TrialID", "Public title"], ["JPRN-UMIN3", "A made-up trial"]])
    return output.getvalue().encode()
