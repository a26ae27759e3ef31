"""What every document says of itself."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "corpus" / "documents"
# Not indexed by `make run`: they repeat notes word for word, which would be found twice.
DIGESTS_FOLDER = ROOT / "corpus" / "digests"


def place_of(name: str) -> Path:
    """Where a document of that name lies."""
    return (DIGESTS_FOLDER if name.startswith("digest-") else FOLDER) / name


NOTES = ROOT / "corpus" / "notes"

AUTHOR = "杏林编写组"
DATE = "2026-11-22"
MADE = datetime(2026, 11, 22, tzinfo=UTC)
IMPRINT = f"{AUTHOR}，{DATE}；内容来自杏林笔记，引用法规请核对官方原文"
IMPRINT_EN = (
    "Xinglin writing group, 2026-11-22. Compiled from the Xinglin notes; "
    "check the official text before citing a rule."
)
