from __future__ import annotations

import json
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from eval.bench_ingest import Reading, files_by_format, main, table
from ingest.errors import BadInput


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    canvas = Canvas(str(tmp_path / "plan.pdf"))
    for page in range(3):
        canvas.drawString(72, 700, f"Section {page}: the primary endpoint is overall survival.")
        canvas.showPage()
    canvas.save()
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 and no more endobj")
    (tmp_path / "note.md").write_text("# 方案\n\n主要终点为总生存期。\n")
    (tmp_path / "program.exe").write_bytes(b"MZ\x00\x01")
    return tmp_path


def test_files_are_sorted_by_their_format(folder: Path) -> None:
    found = files_by_format([folder])
    assert {name: sorted(p.name for p in paths) for name, paths in found.items()} == {
        "markdown": ["note.md"],
        "pdf": ["broken.pdf", "plan.pdf"],
        "unsupported": ["program.exe"],
    }
    with pytest.raises(BadInput, match="no such file"):
        files_by_format([folder / "nowhere"])


def test_each_format_is_measured_in_a_process_of_its_own(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([str(folder), "--plain", "--json"])
    report = json.loads(capsys.readouterr().out)
    assert report["unsupported"] == 1
    readings = {one["name"]: one for one in report["readings"]}
    assert {"markdown", "pdf", "pdf, pypdf text only", "pdf, pypdfium2 text only"} <= set(readings)
    pdf = readings["pdf"]
    assert (pdf["files"], pdf["failed"], pdf["documents"], pdf["pages"]) == (2, 1, 1, 3)
    assert pdf["blocks"] >= 3
    assert 0 < pdf["slowest_s"] <= pdf["seconds"]
    assert pdf["memory_mb"] > pdf["bare_mb"] > 1
    assert readings["pdf, pypdf text only"]["pages"] == 3


def test_the_table_has_a_row_for_each_reading() -> None:
    text = table(
        [
            Reading("pdf", files=2, failed=1, documents=1, pages=50, megabytes=4, seconds=2),
            Reading("markdown", files=1, documents=1, megabytes=1, seconds=0.5, memory_mb=80.4),
        ]
    )
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines()]
    assert len({len(row) for row in rows}) == 1
    assert rows[2][:8] == ["pdf", "2", "1", "1", "50", "25.0", "4.00", "2.00"]
    assert rows[3][:8] == ["markdown", "1", "", "1", "", "", "1.00", "2.00"]
    assert rows[3][9] == "80"
