"""How much weight a source carries as such (``retrieval/authority.toml``)."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from retrieval.contents import StoredDocument

_AUTHORITY = Path(__file__).with_name("authority.toml")


@cache
def _authority() -> dict[str, dict[str, float]]:
    with _AUTHORITY.open("rb") as file:
        return tomllib.load(file)


def authority(document: StoredDocument) -> float:
    """How much weight a source carries as such, 0 to 1 (``retrieval/authority.toml``)."""
    table = _authority()
    base = table["kind"].get(document.metadata.kind or "other", 0.0)
    return max(0.0, base + table["note"].get(document.metadata.verified or "", 0.0))
