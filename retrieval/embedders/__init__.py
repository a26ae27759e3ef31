"""Embedders behind one interface; :func:`make_embedder` finds one by name."""

from __future__ import annotations

from retrieval.embedders.base import Embedder


def make_embedder(name: str = "bundled") -> Embedder:
    """The embedder of this name.

    ``bundled`` needs no download and no torch. Raises ``ValueError`` for an unknown name.
    """
    if name == "bundled":
        from retrieval.embedders.hashed import HashedEmbedder

        return HashedEmbedder()
    raise ValueError(f"unknown embedder {name!r}; known: bundled")


__all__ = ["Embedder", "make_embedder"]
