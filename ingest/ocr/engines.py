"""Find the text recognition a setting names."""

from __future__ import annotations

import os
from functools import cache

from ingest.ocr.base import OcrEngine, OcrUnavailable

NAMES = ("rapidocr", "tesseract", "none")
_THREADS = 2


@cache
def make_engine(name: str) -> OcrEngine | None:
    """The engine called ``name``, or None for ``none``. Loaded once a process.

    Raises:
        OcrUnavailable: The engine is unknown, not installed, or its models are missing.
    """
    if name == "none":
        return None
    if name == "rapidocr":
        from ingest.ocr.rapid import RapidEngine

        return RapidEngine(min(_THREADS, os.cpu_count() or 1))
    if name == "tesseract":
        from ingest.ocr.tesseract import TesseractEngine

        return TesseractEngine()
    raise OcrUnavailable(f"no text recognition is called {name!r}; known are {', '.join(NAMES)}")
