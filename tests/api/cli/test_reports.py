"""``xinglin ingest --report`` and ``--mask``, ``xinglin docs show --html`` and ``--pages``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lxml import html
from reportlab.pdfgen.canvas import Canvas

from tests.api.cli.conftest import Run

PATIENT = "# 随访记录\n\n患者姓名：张小明，住院号：20231234。\n\n血压 120/80 mmHg。\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "patient.md").write_text(PATIENT)
    (folder / "notes.xyz").write_text("?")
    canvas = Canvas(str(folder / "plan.pdf"))
    for page in range(3):
        canvas.drawString(72, 700, f"Section {page}: the primary endpoint is overall survival.")
        canvas.showPage()
    canvas.save()
    return folder


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


def test_the_report_tells_what_was_read_and_what_was_kept_out(
    run: Run, tmp_path: Path, folder: Path, index: Path
) -> None:
    path = tmp_path / "report.html"
    result = run("ingest", folder, "--index", index, "--report", path, "-j", 1)
    assert result.status == 0
    assert f"quality report: {path}" in result.out
    text = html.fromstring(path.read_text(encoding="utf-8")).text_content()
    assert "Needs attention (2)" in text
    assert "张**" in text
    assert "张小明" not in text
    assert "study/plan.pdf" in text
    run("ingest", folder, "--index", index, "--report", path, "-j", 1)
    again = html.fromstring(path.read_text(encoding="utf-8")).text_content()
    assert "未变 unchanged study/plan.pdf" in again
    assert "3 页 pages" in again


def test_a_report_of_nothing_but_refused_files_is_written_too(
    run: Run, tmp_path: Path, index: Path
) -> None:
    odd = tmp_path / "odd.xyz"
    odd.write_text("?")
    path = tmp_path / "report.html"
    result = run("ingest", odd, "--index", index, "--report", path, "-j", 1)
    assert result.status == 2
    assert "odd.xyz" in path.read_text(encoding="utf-8")


def test_a_report_that_cannot_be_written_says_so(run: Run, folder: Path, index: Path) -> None:
    result = run("ingest", folder, "--index", index, "--report", folder, "-q", "-j", 1)
    assert result.status == 2
    assert "--report" in result.err


def test_masking_is_an_option_of_the_command(run: Run, folder: Path, index: Path) -> None:
    run("ingest", folder, "--index", index, "--mask", "-j", 1)
    titles = [row["path"] for row in run("docs", "list", "--index", index, "--json").json]
    assert len(titles) == 2
    exported = "".join(
        run("docs", "export", row["id"], "--index", index).out
        for row in run("docs", "list", "--index", index, "--json").json
    )
    assert "120/80" in exported
    assert "张小明" not in exported


def plan(run: Run, folder: Path, index: Path) -> str:
    run("ingest", folder / "plan.pdf", "--index", index, "-j", 1)
    (row,) = run("docs", "list", "--index", index, "--json").json
    return str(row["id"])


def test_pages_are_shown_beside_their_text(
    run: Run, tmp_path: Path, folder: Path, index: Path
) -> None:
    id = plan(run, folder, index)
    path = tmp_path / "show.html"
    result = run("docs", "show", id, "--index", index, "--html", path, "--pages", "2-3")
    assert result.status == 0
    tree = html.fromstring(path.read_text(encoding="utf-8"))
    assert len(tree.xpath("//img[starts-with(@src, 'data:image/png;base64,')]")) == 2
    text = tree.text_content()
    assert "Section 1" in text
    assert "Section 0" not in text


def test_one_page_is_shown_on_the_terminal(run: Run, folder: Path, index: Path) -> None:
    id = plan(run, folder, index)
    text = run("docs", "show", id, "--index", index, "--pages", 2).out
    assert "Section 1" in text
    assert "Section 2" not in text


@pytest.mark.parametrize("pages", ["0", "3-9", "x", "3-1", "-1"])
def test_pages_the_document_does_not_have_are_refused(
    run: Run, folder: Path, index: Path, pages: str
) -> None:
    id = plan(run, folder, index)
    result = run("docs", "show", id, "--index", index, f"--pages={pages}")
    assert result.status == 2
    assert "page" in result.sentence


def test_an_unchanged_file_of_records_is_described_whole(
    run: Run, tmp_path: Path, index: Path
) -> None:
    export = tmp_path / "export.jsonl"
    records = [{"TrialID": f"ChiCTR200000000{n}", "Public title": f"Trial {n}"} for n in range(3)]
    export.write_text("\n".join(map(json.dumps, records)))
    path = tmp_path / "report.html"
    blocks = []
    for _ in range(2):
        run("ingest", export, "--index", index, "--report", path, "-j", 1)
        tree = html.fromstring(path.read_text(encoding="utf-8"))
        blocks.append(tree.xpath("//table")[0].xpath(".//td")[4].text_content())
    assert blocks[0] == blocks[1]
