"""PDFs printed from HTML by Chromium, with their metadata set."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import pikepdf

from eval.corpus.documents.imprint import AUTHOR, MADE

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_PRINT_SECONDS = 180


def chromium() -> str | None:
    """The browser that prints, where one is installed."""
    return next((found for name in _CHROMIUM if (found := shutil.which(name))), None)


def print_pdf(document: str, target: Path) -> None:
    """Print HTML to PDF."""
    browser = chromium()
    if browser is None:
        raise SystemExit("no Chromium to print with; install chromium")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "page.html")
        source.write_text(document, encoding="utf-8")
        printed = Path(folder, "page.pdf")
        subprocess.run(  # noqa: S603 - our own page, a fixed list of arguments
            [browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
             f"--user-data-dir={folder}/profile", f"--print-to-pdf={printed}", str(source)],
            check=True, timeout=_PRINT_SECONDS,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        target.write_bytes(printed.read_bytes())


def finish(target: Path, title: str, subject: str) -> int:
    """Set the metadata of a PDF and pack it; returns its pages."""
    stamp = MADE.strftime("D:%Y%m%d%H%M%S+00'00'")
    with pikepdf.open(target, allow_overwriting_input=True) as pdf:
        # No XMP: the loaders and viewers read the information dictionary.
        pdf.docinfo = pdf.make_indirect(pikepdf.Dictionary(
            Title=title, Author=AUTHOR, Subject=subject, Creator="eval.corpus.documents",
            Producer="Xinglin", CreationDate=stamp, ModDate=stamp,
        ))  # fmt: skip
        pikepdf.settings.set_flate_compression_level(9)
        # Chromium gives every glyph of a CJK font its own object: packed, they take half the room.
        pdf.save(
            target, object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True, recompress_flate=True, deterministic_id=True,
        )  # fmt: skip
        return len(pdf.pages)


def make_pdf(document: str, target: Path, title: str, subject: str) -> int:
    """Print, set the metadata, and return the number of pages."""
    print_pdf(document, target)
    return finish(target, title, subject)
