"""Pictures of blocks: cut out of a page, or taken from inside an office file."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from PIL import Image
from pypdf import PdfWriter
from reportlab.pdfgen.canvas import Canvas

from api.pages import page_png
from api.pictures import block_picture
from api.service import NotFound
from ingest.model import Block, Locator

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
RED = (200, 0, 0)


def png(width: int = 60, height: int = 40, colour: tuple[int, int, int] = RED) -> bytes:
    output = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(output, format="PNG")
    return output.getvalue()


def package(path: Path, **parts: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(f"word/media/{name}.png", data)
    return path


def figure(part: str) -> Block:
    return Block("figure", "图1 流程", flags=(f"graphic:word/media/{part}.png",))


@pytest.fixture
def drawing(tmp_path: Path) -> Path:
    """A page of 400 by 300 points with a red square of 100 points, 50 from left and top."""
    path = tmp_path / "drawing.pdf"
    canvas = Canvas(str(path), pagesize=(400, 300))
    canvas.setFillColorRGB(*(part / 255 for part in RED))
    canvas.rect(50, 150, 100, 100, stroke=0, fill=1)
    canvas.save()
    return path


def test_a_figure_is_cut_out_of_its_page(drawing: Path) -> None:
    block = Block("figure", "图1", Locator(page=1, bbox=(50, 50, 150, 150)))
    with Image.open(io.BytesIO(block_picture(drawing, PDF, block))) as image:
        assert (image.width, image.height) == pytest.approx((212, 212), abs=2)
        assert image.getpixel((106, 106)) == RED
        assert image.getpixel((1, 1)) == (255, 255, 255)


@pytest.mark.parametrize(
    "where",
    [
        Locator(page=1),
        Locator(page=9, bbox=(0, 0, 10, 10)),
        Locator(page=1, bbox=(900, 900, 950, 950)),
        Locator(path="/body"),
    ],
)
def test_a_block_without_a_place_on_a_page_has_no_picture(drawing: Path, where: Locator) -> None:
    with pytest.raises(NotFound):
        block_picture(drawing, PDF, Block("figure", "图1", where))


def test_a_picture_inside_an_office_file_is_drawn_anew(tmp_path: Path) -> None:
    path = package(tmp_path / "a.docx", image1=png() + b"trailing bytes")
    data = block_picture(path, DOCX, figure("image1"))
    assert b"trailing" not in data
    with Image.open(io.BytesIO(data)) as image:
        assert (image.size, image.getpixel((5, 5))[:3]) == ((60, 40), RED)  # type: ignore[index]


def test_a_large_picture_is_made_smaller(tmp_path: Path) -> None:
    path = package(tmp_path / "a.docx", image1=png(5000, 100))
    with Image.open(io.BytesIO(block_picture(path, DOCX, figure("image1")))) as image:
        assert image.size == (2000, 40)


@pytest.mark.parametrize("data", [b"no picture", b"", png()[:40]])
def test_a_part_that_is_no_picture_is_none(tmp_path: Path, data: bytes) -> None:
    path = package(tmp_path / "a.docx", image1=data)
    with pytest.raises(NotFound):
        block_picture(path, DOCX, figure("image1"))


@pytest.mark.parametrize(
    ("size", "why"), [((8_000, 8_000), "too large"), ((30_000, 20_000), "not drawn")]
)
def test_a_bomb_is_refused(tmp_path: Path, size: tuple[int, int], why: str) -> None:
    small = png()
    header = b"IHDR" + struct.pack(">2I", *size) + small[24:29]
    said = small[:12] + header + struct.pack(">I", zlib.crc32(header)) + small[33:]
    path = package(tmp_path / "a.docx", image1=said)
    with pytest.raises(NotFound, match=why):
        block_picture(path, DOCX, figure("image1"))


def test_a_part_that_is_not_there_is_none(tmp_path: Path) -> None:
    path = package(tmp_path / "a.docx", image1=png())
    with pytest.raises(NotFound):
        block_picture(path, DOCX, figure("../../etc/passwd"))
    path.write_text("no zip")
    with pytest.raises(NotFound):
        block_picture(path, DOCX, figure("image1"))


def test_the_picture_of_a_block_over_http(client: TestClient) -> None:
    drawn = io.BytesIO()
    canvas = Canvas(drawn, pagesize=(400, 300))
    canvas.drawString(60, 120, "The quorum of the Walnut Board is 11 members.")
    canvas.save()
    [result] = client.post(
        "/v1/documents", files={"files": ("walnut.pdf", drawn.getvalue())}
    ).json()["results"]
    response = client.get(f"/v1/documents/{result['id']}/blocks/0/picture")
    assert response.status_code == 200
    assert response.headers["content-type"] == "image/png"
    with Image.open(io.BytesIO(response.content)) as image:
        assert image.width > 400
        assert image.height < 60
    response = client.get(f"/v1/documents/{result['id']}/blocks/9/picture")
    assert response.status_code == 404
    assert "1 blocks" in response.json()["error"]["message"]


def test_a_page_under_a_password_is_drawn_with_those_that_are_set(tmp_path: Path) -> None:
    drawn = io.BytesIO()
    canvas = Canvas(drawn, pagesize=(400, 300))
    canvas.drawString(60, 120, "Sealed until the study is closed.")
    canvas.save()
    writer = PdfWriter(clone_from=drawn)
    writer.encrypt(user_password="sealed-2024", owner_password="owner", algorithm="RC4-128")
    path = tmp_path / "sealed.pdf"
    writer.write(path)
    block = Block("figure", "图1", Locator(page=1, bbox=(50, 50, 150, 150)))
    assert block_picture(path, PDF, block, ("wrong", "sealed-2024")).startswith(b"\x89PNG")
    assert page_png(path, 1, 1.0, [], ("sealed-2024",)).startswith(b"\x89PNG")
    with pytest.raises(NotFound, match="cannot be opened"):
        block_picture(path, PDF, block, ("wrong",))
