"""The documents of the corpus: there, readable by the product, and true to the notes."""

from __future__ import annotations

import importlib.util
import itertools
import re
import zipfile
from functools import cache
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
from pypdfium2 import raw

from eval.corpus.documents.digests import DIGESTS
from eval.corpus.documents.imprint import (
    AUTHOR,
    DATE,
    DIGESTS_FOLDER,
    FOLDER,
    IMPRINT,
    NOTES,
    place_of,
)
from eval.corpus.documents.notes import body, note
from eval.corpus.documents.rows import CARD_HEADER, deadlines, endpoint_tables
from eval.corpus.figures.catalogue import figures
from ingest.loaders import Source, format_of
from ingest.model import Block

PDFS = {
    "deadline-card": (2, "临床试验时限卡"),
    "digest-endpoint": (9, "临床试验终点摘编"),
    "digest-method": (8, "临床试验方法学摘编"),
    "digest-operation": (10, "临床试验实施摘编"),
    "digest-regulation": (9, "临床试验法规摘编"),
    "endpoint-definitions": (4, "临床试验终点定义表"),
    "ethics-checklist": (2, "伦理递交自查清单"),
    "feasibility-form": (2, "临床试验可行性问卷"),
    "one-page-summary": (1, "Starting a clinical trial in China on one page"),
    "scan-device-trial": (2, "器械临床试验备案与报告（扫描样张）"),
    "scan-site-start": (2, "中心启动与授权分工（扫描样张）"),
    "trial-design-atlas": (22, "临床试验设计图册"),
}
SCANS = {"scan-device-trial", "scan-site-start"}
DECK, BOOK = FOLDER / "from-question-to-trial.pptx", FOLDER / "trial-planning-tools.xlsx"
NUMBER = re.compile(r"\d+(?:\.\d+)?")
MAKERS = ("pikepdf", "pptx", "reportlab", "scipy", "xlsxwriter")


def loaded(path: Path) -> list[Block]:
    data = path.read_bytes()
    found, _ = format_of(path.name, data)
    return found.loader()(Source(path.name, data)).blocks


@cache
def text_of(name: str) -> str:
    document = pypdfium2.PdfDocument(place_of(f"{name}.pdf"))
    try:
        pages = [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()
    # The foot stands first in the text of a page and would cut sentences that go on over pages.
    return "\n".join(
        re.sub(rf"{re.escape(IMPRINT)}\s*{n} / {len(pages)}", "", page) if n > 1 else page
        for n, page in enumerate(pages, 1)
    )


def core(text: str) -> str:
    """Chinese characters and digits only: line breaks and punctuation do not matter."""
    return "".join(re.findall(r"[\u4e00-\u9fff\d]", text))


# --- there ------------------------------------------------------------------------------------


def test_the_folder_holds_what_it_promises() -> None:
    assert {path.name for path in (*FOLDER.iterdir(), *DIGESTS_FOLDER.iterdir())} == {
        *(f"{name}.pdf" for name in PDFS), DECK.name, BOOK.name,
    }  # fmt: skip
    assert sum(path.stat().st_size for path in (*FOLDER.iterdir(), *DIGESTS_FOLDER.iterdir())) < 6e6


@pytest.mark.parametrize("name", PDFS)
def test_pages_title_and_imprint(name: str) -> None:
    pages, title = PDFS[name]
    document = pypdfium2.PdfDocument(place_of(f"{name}.pdf"))
    try:
        about = document.get_metadata_dict()
        assert len(document) == pages
    finally:
        document.close()
    assert (about["Title"], about["Author"]) == (title, AUTHOR)
    assert DATE.replace("-", "") in about["CreationDate"]
    if name not in SCANS:
        text = text_of(name)
        assert len(text) > 400 * pages**0.5
        assert DATE in text
        assert name == "one-page-summary" or core(IMPRINT) in core(text)


@pytest.mark.parametrize("name", sorted(SCANS))
def test_scans_are_pictures_of_200_dpi_without_text(name: str) -> None:
    assert text_of(name).strip() == ""
    document = pypdfium2.PdfDocument(place_of(f"{name}.pdf"))
    try:
        for page in document:
            pictures = list(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]))
            assert len(pictures) == 1
            wide, _ = pictures[0].get_px_size()
            assert wide / (page.get_width() / 72) == pytest.approx(200, abs=1)
    finally:
        document.close()


# --- true to the notes ----------------------------------------------------------------------


@pytest.mark.parametrize("row", deadlines(), ids=lambda row: row.matter[:24])
def test_a_deadline_stands_in_its_note(row: object) -> None:
    told = (NOTES / f"{row.note}.md").read_text("utf-8")  # type: ignore[attr-defined]
    for cell in (row.matter, row.limit):  # type: ignore[attr-defined]
        assert set(NUMBER.findall(cell)) <= set(NUMBER.findall(told)), cell
    article = re.search(r"第[一二三四五六七八九十百]+条", row.basis)  # type: ignore[attr-defined]
    assert article is None or article.group() in told


def test_working_days_are_told_from_days() -> None:
    for row in deadlines():
        told = (NOTES / f"{row.note}.md").read_text("utf-8")
        for limit in re.findall(r"\d+个工作日", row.limit):
            assert limit in told, row.matter


@pytest.mark.parametrize("table", endpoint_tables(), ids=lambda table: table["caption"][:12])
def test_definitions_of_endpoints_stand_in_their_notes(table: dict[str, list[list[str]]]) -> None:
    for row in table["rows"]:
        assert len(row) == len(table["header"]) + 1
        told = set(NUMBER.findall((NOTES / f"{row[-1]}.md").read_text("utf-8")))
        for cell in row[:-1]:
            assert set(NUMBER.findall(cell)) <= told, f"{row[0]}: {cell}"


@pytest.mark.parametrize("name", [name for name in PDFS if name.startswith("digest-")])
def test_digests_say_what_the_notes_say(name: str) -> None:
    said = core(text_of(name))
    for source in DIGESTS[name].notes:
        for section in note(source).sections:
            for line in section.lines:
                stale = f"{source}: {line} (python -m eval.corpus.documents {name}.pdf)"
                assert core(line) in said, stale


def test_the_atlas_says_what_figures_toml_says() -> None:
    said = core(text_of("trial-design-atlas"))
    for figure in figures():
        assert core(figure.caption) in said
        assert all(core(sentence) in said for sentence in figure.explanation)


# --- read by the product --------------------------------------------------------------------


def test_every_figure_of_the_atlas_is_read_with_its_caption() -> None:
    blocks = loaded(FOLDER / "trial-design-atlas.pdf")
    found = [block.text.split("\n", 1) for block in blocks if block.kind == "figure"]
    assert len(found) == len(figures())
    numbers = [int(re.match(r"图(\d+)", caption)[1]) for caption, _ in found]  # type: ignore[index]
    assert sorted(numbers) == [figure.number for figure in figures()]
    assert all(labels for _, labels in found)
    assert not [block for block in blocks if block.kind == "table"]


def test_the_deadline_card_is_read_row_by_row() -> None:
    tables = [b.table for b in loaded(FOLDER / "deadline-card.pdf") if b.table is not None]
    rows = [tuple(row) for table in tables for row in table.rows]
    assert all(tuple(table.rows[0]) == CARD_HEADER for table in tables)
    assert [row for row in rows if row != CARD_HEADER] == [
        (d.matter, d.limit, d.start, d.basis) for d in deadlines()
    ]


def test_a_table_over_two_pages_keeps_its_header() -> None:
    blocks = loaded(FOLDER / "endpoint-definitions.pdf")
    tables = [b for b in blocks if b.table is not None]
    captions = [b.table.caption for b in tables if b.table is not None]
    assert [k for k, _ in itertools.groupby(captions)] == [
        t["caption"].replace(" ", "", 1) for t in endpoint_tables()
    ]
    parts = [b for b in tables if b.table is not None and b.table.caption == captions[2]]
    assert [b.locator.page for b in parts] == [2, 3]
    assert "continued" in parts[1].flags
    header = endpoint_tables()[2]["header"]
    assert all(b.table is not None and list(b.table.rows[0]) == header for b in parts)


# --- deck and workbook ----------------------------------------------------------------------


def test_the_deck() -> None:
    pptx = pytest.importorskip("pptx")
    deck = pptx.Presentation(str(DECK))
    slides = list(deck.slides)
    assert len(slides) >= 12
    assert deck.core_properties.title == "从临床问题到可启动的试验"
    assert all(slide.shapes.title.text for slide in slides)
    assert all(slide.notes_slide.notes_text_frame.text for slide in slides)
    shapes = [shape for slide in slides for shape in slide.shapes]
    assert sum(shape.has_table for shape in shapes) == 1
    assert sum(shape.has_chart for shape in shapes) == 1
    pictures = [shape for shape in shapes if shape.shape_type == 13]
    assert len(pictures) >= 5
    captions = [figure.caption for figure in figures()]
    for picture in pictures:
        described = picture._element.nvPicPr.cNvPr.get("descr")
        assert any(described.startswith(caption) for caption in captions)
        assert picture.left + picture.width <= deck.slide_width
        assert picture.top + picture.height <= deck.slide_height


def test_the_workbook() -> None:
    book = openpyxl.load_workbook(BOOK, data_only=True)
    assert book.sheetnames == [
        "说明", "时限卡", "样本量速查", "预算模板", "入组计划模板", "中心筛选打分表",
    ]  # fmt: skip
    assert book.properties.title == "临床试验筹划工具表"
    assert IMPRINT in [cell.value for row in book["说明"].iter_rows() for cell in row]
    assert book["时限卡"].max_row == len(deadlines()) + 1
    plan = [row for row in book["入组计划模板"].iter_rows(values_only=True) if row[0] == 18]
    assert plan[0][3] == 240
    assert sum(1 for row in book["预算模板"].iter_rows(values_only=True) if row[5] == 0) > 20
    with zipfile.ZipFile(BOOK) as archive:
        assert sum(n.startswith("xl/charts/chart") for n in archive.namelist()) >= 1
    formulas = openpyxl.load_workbook(BOOK)["预算模板"]
    assert formulas["F2"].value == "=D2*E2"


@pytest.mark.parametrize(
    ("design", "inputs", "power", "result"),
    [
        ("两组均数（优效）", "效应量d=0.5", "80%", 64),
        ("两组均数（优效）", "效应量d=0.2", "90%", 527),
        ("两组率（优效）", "85%比70%", "80%", 121),
        ("两组率（非劣效）", "对照组85%，试验组83%，界值10个百分点", "80%", 330),
        ("生存终点（优效）", "HR=0.70，1:1", "90%", 331),
        ("Simon两阶段（optimal）", "p0=0.20，p1=0.40", "80%", 43),
        ("3+3剂量递增", "真实DLT率30%", "—", "49.4%"),
        ("BOIN剂量递增", "目标DLT率0.30，φ1=0.6φ，φ2=1.4φ", "—", "λe=0.2365，λd=0.3585"),
    ],
)
def test_sizes_in_the_workbook(design: str, inputs: str, power: str, result: object) -> None:
    sheet = openpyxl.load_workbook(BOOK, data_only=True)["样本量速查"]
    rows = {(r[0], r[1], r[3]): r[5] for r in sheet.iter_rows(values_only=True)}
    assert rows[design, inputs, power] == result


# --- the makers, where what they need is installed ----------------------------------------


def _missing() -> str:
    return ", ".join(name for name in MAKERS if importlib.util.find_spec(name) is None)


def test_a_document_is_made_again(tmp_path: Path) -> None:
    if missing := _missing():
        pytest.skip(f"needs {missing}")
    from eval.corpus.documents.__main__ import main
    from eval.corpus.documents.catalogue import DOCUMENTS
    from eval.corpus.documents.printing import chromium

    assert set(DOCUMENTS) == {path.name for path in (*FOLDER.iterdir(), *DIGESTS_FOLDER.iterdir())}
    with pytest.raises(SystemExit):
        main(["no-such.pdf"])
    names = ["trial-planning-tools.xlsx"]
    if chromium() is not None:
        names.append("one-page-summary.pdf")
    assert main([*names, "--out", str(tmp_path)]) == 0
    assert {path.name for path in tmp_path.iterdir()} == set(names)


def test_lists_of_notes_become_html() -> None:
    assert body(("一句话。", "- 甲。", "- 乙<丙。", "末句。")) == (
        "<p>一句话。</p>\n<ul>\n<li>甲。</li>\n<li>乙&lt;丙。</li>\n</ul>\n<p>末句。</p>"
    )
