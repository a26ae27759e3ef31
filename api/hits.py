"""Search results as JSON, for the command line and for HTTP."""

from __future__ import annotations

from typing import Any

from ingest.model import to_json
from retrieval import Hit


def hit_json(hit: Hit) -> dict[str, Any]:
    """A found passage with its place, source, status and scores."""
    return {
        "chunk_id": hit.chunk.id,
        "document_id": hit.document.id,
        "title": hit.document.title,
        "path": hit.document.path,
        "kind": hit.document.metadata.kind or "other",
        "status": hit.status,
        "effective_from": hit.currency.effective_from,
        "effective_to": hit.currency.effective_to,
        "superseded_by": hit.currency.superseded_by,
        "heading_path": list(hit.chunk.heading_path),
        "locator": to_json(hit.chunk.locator),
        "text": hit.chunk.text,
        "flags": list(hit.chunk.flags),
        "score": round(hit.score, 5),
        "lexical": round(hit.lexical, 5),
        "dense": round(hit.dense, 5),
    }
