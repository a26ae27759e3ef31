"""Image files, made here."""

from __future__ import annotations

import io

import pytest

from ingest.errors import BadInput
from ingest.loaders.base import Source
from ingest.loaders.image import load
from tests.ingest.ocr.scans import lines, make, pictures

FIRST = ("Informed consent was given by all of the participants", "before the first procedure.")
SECOND = ("Serious adverse events are reported within 24 hours", "of becoming aware of them.")


def tiff() -> bytes:
    images = pictures(make(lines(*FIRST), lines(*SECOND)))
    buffer = io.BytesIO()
    images[0].save(buffer, "TIFF", save_all=True, append_images=images[1:], dpi=(200, 200))
    return buffer.getvalue()


def test_pages_of_an_image_file() -> None:
    pytest.importorskip("rapidocr")
    loaded = load(Source("scan.tif", tiff(), ocr="rapidocr"))
    assert [(b.locator.page, b.text) for b in loaded.blocks] == [
        (1, " ".join(FIRST)),
        (2, " ".join(SECOND)),
    ]
    assert all("ocr" in block.flags for block in loaded.blocks)
    assert loaded.pages == 2
    assert [item.method for item in loaded.quality] == ["ocr", "ocr"]
    box = loaded.blocks[0].locator.bbox
    assert box is not None
    assert box[0] == pytest.approx(40, abs=3)
    assert box[1] == pytest.approx(30, abs=4)


def test_recognition_must_be_on() -> None:
    with pytest.raises(BadInput, match=r"ingest\.ocr"):
        load(Source("scan.tif", tiff(), ocr="none"))
    with pytest.raises(BadInput, match="no text recognition is called"):
        load(Source("scan.tif", tiff(), ocr="magic"))


def test_a_picture_without_text() -> None:
    pytest.importorskip("rapidocr")
    buffer = io.BytesIO()
    pictures(make(lambda canvas: None))[0].save(buffer, "PNG")
    with pytest.raises(BadInput, match="finds no text"):
        load(Source("photo.png", buffer.getvalue(), ocr="rapidocr"))
