"""The engines a setting can name."""

from __future__ import annotations

import shutil
import subprocess
import sys

import numpy as np
import pytest

from ingest.ocr.base import Character, OcrEngine, OcrUnavailable, TextLine
from ingest.ocr.engines import make_engine
from tests.ingest.ocr.scans import lines, make, pictures

TEXT = ("Dose of 12.5 mg in week 24", "Hazard ratio 0.74 (p < 0.001)")


def _image(turn: float = 0) -> np.ndarray:
    (picture,) = pictures(make(lines(*TEXT, size=14)), turn)
    return np.asarray(picture.convert("RGB"))


def test_none_is_no_engine_and_others_are_named() -> None:
    assert make_engine("none") is None
    with pytest.raises(OcrUnavailable, match="rapidocr"):
        make_engine("magic")


def test_words_have_the_confidence_of_their_weakest_character() -> None:
    characters = tuple(
        Character(c, 0, 1, confidence)
        for c, confidence in zip("ab 12", (0.9, 0.8, 0.1, 1.0, 0.5), strict=True)
    )
    line = TextLine(((0, 0), (1, 0), (1, 1), (0, 1)), characters)
    assert line.words == [("ab", 0.8), ("12", 0.5)]
    assert line.confidence == pytest.approx(0.66)


def _check(engine: OcrEngine, image: np.ndarray) -> None:
    found = engine.read(image)
    assert [line.text for line in found] == list(TEXT)
    for line in found:
        assert line.confidence > 0.8
        places = [c.x0 for c in line.characters]
        assert places == sorted(places)
        assert all(0 <= c.x0 <= c.x1 <= 1 for c in line.characters)


def test_rapidocr_reads_lines_with_places() -> None:
    pytest.importorskip("rapidocr")
    engine = make_engine("rapidocr")
    assert engine is not None
    _check(engine, _image())
    digit = next(c for c in engine.read(_image())[0].characters if c.text == "4")
    assert digit.x1 > 0.95  # the last character of the line
    assert engine.read(np.full((200, 300, 3), 255, np.uint8)) == []


def test_rapidocr_needs_no_network() -> None:
    """In a process of its own, where every connection fails and is reported."""
    pytest.importorskip("rapidocr")
    program = (
        "import socket\n"
        "def refuse(*args, **kwargs):\n"
        "    raise SystemExit('tried to reach the network')\n"
        "socket.socket.connect = socket.getaddrinfo = refuse\n"
        "from ingest.ocr.engines import make_engine\n"
        "import numpy as np\n"
        "make_engine('rapidocr').read(np.full((64, 64, 3), 255, np.uint8))\n"
        "print('read')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip().endswith("read"), done.stderr[-500:]


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_tesseract_reads_lines() -> None:
    try:
        engine = make_engine("tesseract")
    except OcrUnavailable as reason:
        pytest.skip(str(reason))
    assert engine is not None
    _check(engine, _image())
