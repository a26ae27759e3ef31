"""Tesseract, when it is installed: less exact on Chinese, but small and free of Python packages."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from collections.abc import Sequence
from itertools import groupby

from PIL import Image as Pillow

from ingest.ocr.base import Character, Image, OcrUnavailable, Quad, TextLine

_SECONDS = 120  # for one page
_LEAST = 30.0  # confidence of a word, 0 to 100; below is noise
_WIDE = 0x2E80


class TesseractEngine:
    """Calls the ``tesseract`` program with its Chinese and English models.

    Raises:
        OcrUnavailable: The program or one of the models is not installed.
    """

    name = "tesseract"

    def __init__(self) -> None:
        found = shutil.which("tesseract")
        if found is None:
            raise OcrUnavailable(
                "tesseract is not installed; install it with its models chi_sim and eng, "
                "or set ingest.ocr to rapidocr"
            )
        self._program = found
        listed = self._run(["--list-langs"], b"").split()
        if missing := {"chi_sim", "eng"} - set(listed):
            raise OcrUnavailable(f"tesseract lacks its models {', '.join(sorted(missing))}")

    def read(self, image: Image) -> Sequence[TextLine]:
        """The lines of ``image``; pages on their side are turned by Tesseract's own detection."""
        buffer = io.BytesIO()
        Pillow.fromarray(image).save(buffer, "PNG", compress_level=1)
        table = self._run(
            ["stdin", "stdout", "-l", "chi_sim+eng", "--psm", "3", "--dpi", "200", "tsv"],
            buffer.getvalue(),
        )
        rows = csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE)
        words = [row for row in rows if row["level"] == "5" and float(row["conf"]) >= _LEAST]
        place = ("block_num", "par_num", "line_num")
        return [
            _line(list(group)) for _, group in groupby(words, lambda w: tuple(w[k] for k in place))
        ]

    def _run(self, arguments: list[str], data: bytes) -> str:
        done = subprocess.run(  # noqa: S603 - a fixed program without a shell
            [self._program, *arguments],
            input=data,
            capture_output=True,
            timeout=_SECONDS,
            check=True,
            env={"OMP_THREAD_LIMIT": "2", "PATH": "/usr/bin:/bin"},
        )
        return done.stdout.decode("utf-8", "replace")


def _line(words: list[dict[str, str]]) -> TextLine:
    boxes = [tuple(int(word[k]) for k in ("left", "top", "width", "height")) for word in words]
    x0, x1 = min(b[0] for b in boxes), max(b[0] + b[2] for b in boxes)
    y0, y1 = min(b[1] for b in boxes), max(b[1] + b[3] for b in boxes)
    length = max(x1 - x0, 1)
    characters: list[Character] = []
    for word, (left, _, width, _) in zip(words, boxes, strict=True):
        text, confidence = word["text"].strip(), float(word["conf"]) / 100
        if not text:
            continue
        start, step = (left - x0) / length, width / length / len(text)
        # It parts Chinese into words; between those no space is written.
        wide = characters and ord(characters[-1].text) > _WIDE and ord(text[0]) > _WIDE
        if characters and not wide:
            characters.append(Character(" ", characters[-1].x1, start, confidence))
        characters += [
            Character(c, start + n * step, start + (n + 1) * step, confidence)
            for n, c in enumerate(text)
        ]
    quad: Quad = ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
    return TextLine(quad, tuple(characters))
