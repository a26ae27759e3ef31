"""Documents over HTTP: upload, list, read, show a page, download, remove; and as Markdown."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image
from pypdf import PdfWriter
from reportlab.pdfgen.canvas import Canvas

from api.app import create_app
from api.documents import block_json, to_markdown
from api.settings import Settings
from ingest.model import Block, Locator, Table

TEXT = "# 甲机构规程\n\n甲机构应当在17个工作日内答复申请人。\n"
INFO = {
    "id",
    "path",
    "title",
    "title_en",
    "kind",
    "status",
    "issuer",
    "document_number",
    "issued",
    "effective_from",
    "effective_to",
    "superseded_by",
    "notice",
    "jurisdiction",
    "language",
    "source",
    "verified",
    "summary",
    "keywords",
    "media_type",
    "size",
    "pages",
    "blocks",
    "chunks",
    "sha256",
    "member",
    "added",
    "warnings",
}


def make_pdf(*pages: list[tuple[int, int, str]], rotation: int = 0) -> bytes:
    """A PDF with texts at places given from the bottom left, in points."""
    drawn = io.BytesIO()
    canvas = Canvas(drawn, pagesize=(400, 300))
    for texts in pages:
        for x, y, text in texts:
            canvas.setFont("Helvetica", 12)
            canvas.drawString(x, y, text)
        canvas.showPage()
    canvas.save()
    if not rotation:
        return drawn.getvalue()
    writer = PdfWriter(clone_from=drawn)
    for page in writer.pages:
        page.rotate(rotation)
    turned = io.BytesIO()
    writer.write(turned)
    return turned.getvalue()


def upload(client: TestClient, *files: tuple[str, bytes]) -> list[dict[str, Any]]:
    response = client.post("/v1/documents", files=[("files", file) for file in files])
    assert response.status_code == 200, response.text
    results: list[dict[str, Any]] = response.json()["results"]
    return results


def stored_files(settings: Settings) -> list[str]:
    folder = settings.state_dir / "uploads"
    return sorted(path.name for path in folder.rglob("*")) if folder.exists() else []


def total(client: TestClient) -> int:
    return int(client.get("/v1/documents").json()["total"])


# --- reading -------------------------------------------------------------------------------------


def test_the_list_says_what_is_known_of_each_document(reader: TestClient) -> None:
    listed = reader.get("/v1/documents").json()
    for document in listed["documents"]:
        assert set(document) >= INFO
        assert reader.get(f"/v1/documents/{document['id']}").json() == document


def test_the_status_is_that_of_the_day(reader: TestClient) -> None:
    def status(as_of: str) -> str:
        listed = reader.get("/v1/documents", params={"as_of": as_of}).json()["documents"]
        [found] = [d for d in listed if d["path"].endswith("device-sae-reporting.md")]
        one = reader.get(f"/v1/documents/{found['id']}", params={"as_of": as_of}).json()
        assert one["status"] == found["status"]
        return str(found["status"])

    assert status("2022-04-30") == "not_yet_effective"
    assert status("2022-05-01") == "effective"


def test_a_document_is_found_by_the_beginning_of_its_id(reader: TestClient) -> None:
    document = reader.get("/v1/documents").json()["documents"][0]
    assert reader.get(f"/v1/documents/{document['id'][:8]}").json() == document
    assert reader.get(f"/v1/documents/{document['id'][:3]}").status_code == 404


def test_blocks_are_read_in_windows(reader: TestClient) -> None:
    document = reader.get("/v1/documents").json()["documents"][0]
    url = f"/v1/documents/{document['id']}/blocks"
    everything = reader.get(url, params={"limit": 2000}).json()
    assert everything["total"] == document["blocks"] == len(everything["blocks"])
    assert [b["ordinal"] for b in everything["blocks"]] == list(range(document["blocks"]))
    window = reader.get(url, params={"start": 2, "limit": 3}).json()
    assert window["blocks"] == everything["blocks"][2:5]
    assert window["total"] == document["blocks"]
    assert reader.get(url, params={"start": 10**6}).json()["blocks"] == []


@pytest.mark.parametrize(
    "query", [{"start": -1}, {"limit": 0}, {"limit": 2001}, {"page": 0}, {"start": "x"}]
)
def test_a_window_that_makes_no_sense_is_refused(
    reader: TestClient, query: dict[str, object]
) -> None:
    document = reader.get("/v1/documents").json()["documents"][0]
    url = f"/v1/documents/{document['id']}/blocks"
    assert reader.get(url, params=query).status_code == 422


def test_a_note_is_downloaded_as_it_was(reader: TestClient, repo: Path) -> None:
    [document] = [
        d
        for d in reader.get("/v1/documents").json()["documents"]
        if d["path"].endswith("device-sae-reporting.md")
    ]
    response = reader.get(f"/v1/documents/{document['id']}/file")
    source = repo / "corpus" / "notes" / "regulation" / "device-sae-reporting.md"
    assert response.content == source.read_bytes()
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["content-disposition"].startswith("attachment")
    assert "device-sae-reporting.md" in response.headers["content-disposition"]


def test_a_note_has_no_page_pictures(reader: TestClient) -> None:
    document = reader.get("/v1/documents").json()["documents"][0]
    response = reader.get(f"/v1/documents/{document['id']}/pages/1.png")
    assert response.status_code == 404
    assert "not a PDF" in response.json()["error"]["message"]


# --- upload, answer, remove ----------------------------------------------------------------------


def test_an_upload_is_answered_from_and_gone_after_removal(
    client: TestClient, settings: Settings
) -> None:
    before = total(client)
    [result] = upload(client, ("甲机构规程.md", TEXT.encode()))
    assert (result["outcome"], result["path"]) == ("added", "甲机构规程.md")
    assert result["blocks"] == 2 and result["chunks"] >= 1
    assert total(client) == before + 1
    document = client.get(f"/v1/documents/{result['id']}").json()
    assert (document["title"], document["path"]) == ("甲机构规程", "甲机构规程.md")
    download = client.get(f"/v1/documents/{result['id']}/file")
    assert download.content == TEXT.encode()
    assert "甲机构规程.md" in unquote(download.headers["content-disposition"])

    asked = {"question": "甲机构多少个工作日内答复申请人？"}
    answer = client.post("/v1/ask", json=asked).json()
    assert answer["citations"][0]["document_id"] == result["id"]

    assert client.delete(f"/v1/documents/{result['id']}").json() == {"removed": result["id"]}
    assert total(client) == before
    assert client.get(f"/v1/documents/{result['id']}").status_code == 404
    assert client.delete(f"/v1/documents/{result['id']}").status_code == 404
    again = client.post("/v1/ask", json=asked).json()
    assert not any(c["document_id"] == result["id"] for c in again["citations"])
    assert stored_files(settings) == []
    # What was shown can still be read.
    assert client.get(f"/v1/answers/{answer['answer_id']}").json() == answer
    kept = b"".join(path.read_bytes() for path in settings.index_dir.rglob("*") if path.is_file())
    assert "17个工作日".encode() not in kept


def test_each_file_gets_its_own_outcome(client: TestClient, settings: Settings) -> None:
    """Names that lead out of the folder, formats nobody reads, empty files, copies."""
    before = total(client)
    results = upload(
        client,
        ("../../x.md", TEXT.encode()),
        ("..\\..\\y.md", TEXT.replace("甲", "乙").encode()),
        ("/etc/z.md", TEXT.replace("甲", "丙").encode()),
        ("program.exe", b"MZ\x00\x01"),
        ("empty.md", b""),
        (".hidden.md", TEXT.encode()),
        ("..", b"x"),
        ("copy.md", TEXT.encode()),
        ("broken.pdf", b"%PDF-1.7 not really"),
    )
    outcomes = {r["path"]: r["outcome"] for r in results}
    assert outcomes == {
        "x.md": "added",
        "y.md": "added",
        "z.md": "added",
        "program.exe": "unsupported",
        "empty.md": "failed",
        ".hidden.md": "failed",
        "..": "failed",
        "copy.md": "duplicate",
        "broken.pdf": "failed",
    }
    for result in results:
        assert (result["outcome"] == "added") == (result["blocks"] > 0)
        assert result["detail"] or result["outcome"] == "added"
    assert total(client) == before + 3
    for path in settings.state_dir.parent.rglob("*.md"):
        inside = (settings.state_dir / "uploads", settings.index_dir / "files")
        assert any(path.is_relative_to(folder) for folder in inside)
    assert not list(settings.state_dir.rglob("*.part"))


def test_two_files_of_one_name_in_one_upload_are_both_told(client: TestClient) -> None:
    results = upload(
        client, ("a/规程.md", TEXT.encode()), ("b/规程.md", TEXT.replace("甲", "乙").encode())
    )
    assert len(results) == 2


def test_what_could_not_be_read_is_not_kept(client: TestClient, settings: Settings) -> None:
    upload(client, ("program.exe", b"MZ\x00\x01"), ("empty.md", b""))
    assert stored_files(settings) == []


def test_the_same_name_again_is_a_new_version(client: TestClient) -> None:
    [first] = upload(client, ("规程.md", TEXT.encode()))
    [same] = upload(client, ("规程.md", TEXT.encode()))
    [second] = upload(client, ("规程.md", TEXT.replace("17", "23").encode()))
    assert (same["outcome"], same["id"]) == ("unchanged", first["id"])
    assert second["outcome"] == "updated"
    answer = client.post("/v1/ask", json={"question": "甲机构多少个工作日内答复？"}).json()
    assert "23个工作日" in answer["statements"][0]["text"]
    assert client.get(f"/v1/documents/{first['id']}").status_code == 404


def test_a_file_above_the_limit_is_refused_and_leaves_nothing(settings: Settings) -> None:
    small = settings.model_copy(
        update={"server": settings.server.model_copy(update={"max_upload_mb": 0.001})}
    )
    with TestClient(create_app(small), base_url="http://127.0.0.1") as client:
        results = upload(client, ("big.md", b"x" * 1001), ("fits.md", b"# fits\n\nIt fits.\n"))
    outcomes = {r["path"]: (r["outcome"], r["detail"]) for r in results}
    assert outcomes["big.md"][0] == "failed"
    assert "0.001 MB" in outcomes["big.md"][1]
    assert outcomes["fits.md"][0] == "added"
    assert stored_files(small) == ["fits.md"]


def test_an_upload_while_another_process_writes_is_told(
    client: TestClient, settings: Settings
) -> None:
    from api.wiring import open_writer

    with open_writer(settings):
        response = client.post("/v1/documents", files={"files": ("a.md", TEXT.encode())})
    assert response.status_code == 409
    assert response.json()["error"]["code"] == "index_busy"


# --- pages of a PDF ------------------------------------------------------------------------------


def picture(response: Any) -> np.ndarray:
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "image/png"
    with Image.open(io.BytesIO(response.content)) as image:
        return np.asarray(image.convert("RGB"), dtype=np.int16)


def test_a_citation_of_a_pdf_shows_its_place_on_the_page(client: TestClient) -> None:
    sentence = "The quorum of the Walnut Board is 11 members."
    pages = make_pdf([(40, 250, "First page about something else.")], [(60, 120, sentence)])
    [result] = upload(client, ("walnut.pdf", pages))
    answer = client.post(
        "/v1/ask", json={"question": "How many members is the quorum of the Walnut Board?"}
    ).json()
    [citation] = answer["citations"]
    assert citation["quote"] == sentence
    assert citation["locator"]["page"] == 2
    x0, y0, x1, y1 = citation["locator"]["bbox"]
    # The text was drawn 120 points above the bottom of a page of 300.
    assert 55 <= x0 <= 62 and x1 <= 400 and y0 < 180 < y1 + 3 and y1 - y0 < 30

    url = f"/v1/documents/{result['id']}/pages/2.png"
    plain = picture(client.get(url, params={"scale": 2}))
    marked = picture(client.get(url, params={"scale": 2, "bbox": f"{x0},{y0},{x1},{y1}"}))
    assert plain.shape == marked.shape == (600, 800, 3)
    ys, xs = np.nonzero(np.abs(plain - marked).max(axis=2))
    assert 2 * (x0 - 3) <= xs.min() and xs.max() <= 2 * (x1 + 3)
    assert 2 * (y0 - 3) <= ys.min() and ys.max() <= 2 * (y1 + 3)
    # All the ink of the page lies under the mark.
    ink_y, ink_x = np.nonzero(plain.max(axis=2) < 200)
    assert 2 * x0 - 2 <= ink_x.min() and ink_x.max() <= 2 * x1 + 2
    assert 2 * y0 - 2 <= ink_y.min() and ink_y.max() <= 2 * y1 + 2

    blocks = client.get(f"/v1/documents/{result['id']}/blocks", params={"page": 2}).json()
    assert [b["text"] for b in blocks["blocks"]] == [sentence]
    for query, status in (
        ({"bbox": "1,2,3"}, 400),
        ({"bbox": "a,b,c,d"}, 400),
        ({"scale": 0}, 422),
        ({"scale": 99}, 422),
    ):
        assert client.get(url, params=query).status_code == status
    for page in (0, 3):
        response = client.get(f"/v1/documents/{result['id']}/pages/{page}.png")
        assert response.status_code == 404
        assert "2 pages" in response.json()["error"]["message"]


@pytest.mark.parametrize("value", ["nan,nan,nan,nan", "0,0,inf,1", "100,90,50,40"])
def test_a_box_that_is_no_place_is_refused(client: TestClient, value: str) -> None:
    [result] = upload(client, ("one.pdf", make_pdf([(40, 250, "One line of the page.")])))
    response = client.get(f"/v1/documents/{result['id']}/pages/1.png", params={"bbox": value})
    assert response.status_code in {400, 422}


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_places_on_a_turned_page_are_those_of_the_page_as_it_is_shown(
    client: TestClient, rotation: int
) -> None:
    turned = make_pdf([(60, 120, "The Hazel Board meets twice.")], rotation=rotation)
    [result] = upload(client, ("turned.pdf", turned))
    [block] = client.get(f"/v1/documents/{result['id']}/blocks").json()["blocks"]
    x0, y0, x1, y1 = block["locator"]["bbox"]
    plain = picture(client.get(f"/v1/documents/{result['id']}/pages/1.png", params={"scale": 2}))
    ink_y, ink_x = np.nonzero(plain.max(axis=2) < 200)
    assert 2 * x0 - 4 <= ink_x.min() and ink_x.max() <= 2 * x1 + 4
    assert 2 * y0 - 4 <= ink_y.min() and ink_y.max() <= 2 * y1 + 4


def test_without_kept_originals_there_is_neither_page_nor_file(settings: Settings) -> None:
    without = settings.model_copy(update={"keep_originals": False})
    with TestClient(create_app(without), base_url="http://127.0.0.1") as client:
        [result] = upload(client, ("one.pdf", make_pdf([(40, 250, "One line of the page.")])))
        for path in ("pages/1.png", "file"):
            response = client.get(f"/v1/documents/{result['id']}/{path}")
            assert response.status_code == 404
            assert "keep_originals" in response.json()["error"]["message"]


# --- Markdown ------------------------------------------------------------------------------------


def test_markdown_keeps_the_text_of_every_block() -> None:
    blocks = [
        Block("heading", "第一章\n总则", level=2),
        Block("paragraph", "第一条　为了规范，制定本办法。"),
        Block("list_item", "方案"),
        Block("list_item", "（二）手册"),
        Block("code", "x = 1"),
        Block(
            "table",
            "时限 | 天数\n审查 | 30|40",
            table=Table((("时限", "天数"), ("审查", "30|40")), 1, "表1"),
        ),
        Block("table", "只有文字的表"),
    ]
    assert to_markdown(blocks) == (
        "## 第一章 总则\n\n"
        "第一条　为了规范，制定本办法。\n\n"
        "- 方案\n（二）手册\n\n"
        "```\nx = 1\n```\n\n"
        "表1\n\n| 时限 | 天数 |\n| --- | --- |\n| 审查 | 30\\|40 |\n\n"
        "只有文字的表"
    )


def test_a_table_without_header_gets_an_empty_one() -> None:
    block = Block("table", "a | b", table=Table((("a", "b"),), header_rows=0))
    assert to_markdown([block]) == "|  |  |\n| --- | --- |\n| a | b |"


def test_a_block_is_given_with_number_place_and_cells() -> None:
    block = Block(
        "table",
        "a",
        Locator(page=3, bbox=(1, 2, 3, 4), section="附表"),
        table=Table((("a",),), 0),
        flags=("low_confidence",),
    )
    assert block_json(7, block) == {
        "ordinal": 7,
        "kind": "table",
        "text": "a",
        "level": None,
        "locator": {"page": 3, "bbox": (1, 2, 3, 4), "section": "附表"},
        "table": {"rows": [["a"]], "header_rows": 0, "caption": None},
        "flags": ["low_confidence"],
    }
