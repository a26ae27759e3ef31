"""The report as a page, as a Word document and as text."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from docx import Document
from lxml import html

from api.reports.feasibility_docx import feasibility_docx
from api.reports.feasibility_html import feasibility_html
from api.reports.feasibility_text import feasibility_text
from assistant.feasibility.model import Report
from assistant.feasibility.reading import checked_synopsis
from assistant.feasibility.report import Sources, make_report
from retrieval.lexicon import Lexicon

TITLE = "试验 <script>alert(1)</script> & \u201c引号\u201d \x07"
GIVEN = {
    "title": TITLE, "objective": "<b>why</b>", "condition": "心力衰竭", "product": "drug",
    "phase": 3,
    "design": [{
        "name": "<i>主要</i>", "method": "two_proportions",
        "inputs": {"p1": 0.8, "p2": 0.6, "power": 0.8},
        "sensitivity": [{"vary": "p1", "values": [0.75, 0.8, 0.85]}],
    }],
    "cohort": {"criteria": {"title": "<u>", "inclusion": [
        {"diagnosis": "心力衰竭"}, {"name": "<age>", "age": {"min": 18}}]}},
    "enrolment": {"months": 18}, "sites": {"top": 3},
    "timeline": {"start": "2027-01-04"},
}  # fmt: skip


@pytest.fixture(scope="module")
def report(repo: Path, lexicon: Lexicon) -> Report:
    sources = Sources(
        None, None, lexicon, lambda _: repo / "corpus/cohort/omop",
        lambda _: repo / "corpus/directory", lambda name: repo / name, "no index here",
    )  # fmt: skip
    return make_report(checked_synopsis(GIVEN, "test"), sources, as_of="2026-11-22")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_stands_alone(report: Report, language: str) -> None:
    page = feasibility_html(report, language)
    tree = html.fromstring(page)
    assert not tree.xpath("//script|//link|//img|//iframe|//*[@onclick]|//b|//u")
    assert "<script" not in page and "javascript:" not in page
    assert all(link.startswith("#") for link in tree.xpath("//a/@href"))
    ids = tree.xpath("//*[@id]/@id")
    assert {link[1:] for link in tree.xpath("//a/@href")} <= set(ids)
    assert "default-src 'none'" in tree.xpath("//meta[@http-equiv]/@content")[0]
    assert len(tree.xpath("//figure/svg")) == 4 == len(tree.xpath("//figcaption"))
    assert tree.get("lang") == ("zh-CN" if language == "zh" else "en")
    assert "<script>alert(1)</script>" in tree.xpath("//h1")[0].text_content()


def test_every_section_has_a_heading_and_every_table_a_caption(report: Report) -> None:
    tree = html.fromstring(feasibility_html(report, "zh"))
    assert len(tree.xpath("//section/h2")) == len(report.sections) + 2
    assert len(tree.xpath("//table[thead]/caption")) == len(tree.xpath("//table[thead]"))
    assert len(tree.xpath("//p/span[contains(@class, 'basis')]")) == sum(
        1 for section in report.sections for _ in section.lines
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_document_has_real_headings_tables_captions_and_pictures(
    report: Report, language: str
) -> None:
    data = feasibility_docx(report, language)
    document = Document(io.BytesIO(data))
    styles = [paragraph.style.name for paragraph in document.paragraphs]
    assert styles.count("Heading 1") == len(report.sections) + 2
    tables = sum(type(p).__name__ == "Table" for s in report.sections for p in s.parts)
    assert len(document.tables) == tables + 1
    assert styles.count("Caption") == tables + 4
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        pictures = [name for name in archive.namelist() if name.startswith("word/media/")]
        assert len(pictures) == 4
        assert all(archive.read(name).startswith(b"\x89PNG") for name in pictures)
        assert b"SEQ Figure" in archive.read("word/document.xml")
    assert document.core_properties.title.startswith("试验 <script>")


def test_the_text_has_all_lines(report: Report) -> None:
    text = feasibility_text(report, "zh")
    for section in report.sections:
        assert f"## {section.title.zh}" in text
        assert all(line.text.zh in text for line in section.lines)
