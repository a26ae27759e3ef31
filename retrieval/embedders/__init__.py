"""Embedders behind one interface; :func:`make_embedder` finds one by name."""

from __future__ import annotations

from retrieval.embedders.base import Embedder


def make_embedder(name: str = "bundled") -> Embedder:
    """The embedder of this name.

    ``bundled`` needs no download and no torch. Raises :class:`UnknownEmbedder` for another name.
    """
    if name == "bundled":
        from retrieval.embedders.hashed import HashedEmbedder

        return HashedEmbedder()
    raise UnknownEmbedder(f"unknown embedder {name!r}; known: bundled (setting `embedder`)")


class UnknownEmbedder(ValueError):
    """The settings name an embedder that does not exist."""


__all__ = ["Embedder", "UnknownEmbedder", "make_embedder"]
