"""What the fixtures of ``conftest.py`` give, and the day on which tests ask."""

from __future__ import annotations

from collections.abc import Callable

from ingest.pipeline import Parsed
from retrieval import Hit, IndexWriter

MakeDocument = Callable[..., Parsed]
OpenWriter = Callable[..., IndexWriter]
Search = Callable[..., list[Hit]]
TODAY = "2026-11-21"
