from __future__ import annotations

import io
import zipfile

import pytest

from ingest import archive
from ingest.errors import BadInput


def zipped(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as container:
        for name, data in parts.items():
            container.writestr(name, data)
    return buffer.getvalue()


def test_ordinary_archive_opens() -> None:
    with archive.open_office_zip(zipped(a=b"text"), "docx") as container:
        assert container.read("a") == b"text"


def test_ratio_bomb_is_refused() -> None:
    with pytest.raises(BadInput, match="archive bomb"):
        archive.open_office_zip(zipped(a=b"0" * 11_000_000), "docx")


def test_total_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_TOTAL", 100)
    with pytest.raises(BadInput, match="unpacks to"):
        archive.open_office_zip(zipped(a=b"x" * 60, b=b"y" * 60), "xlsx")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b"PK\x03\x04broken", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "password-protected"),
    ],
)
def test_unusable_files_say_why(data: bytes, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        archive.open_office_zip(data, "docx")
