"""Re-rankers: read question and passage together; :func:`make_reranker` finds one by name."""

from __future__ import annotations

from retrieval.rerankers.base import Reranker

NONE = "none"


def make_reranker(name: str = NONE) -> Reranker | None:
    """The re-ranker of this name, ``None`` for ``none``.

    Args:
        name: ``none``, or a local folder or hub id of a cross-encoder.

    Raises:
        ModelUnusable: There is no such model, or it cannot be used here.
    """
    if name == NONE:
        return None
    from retrieval.rerankers.cross_encoder import CrossEncoderReranker

    return CrossEncoderReranker(name)


__all__ = ["Reranker", "make_reranker"]
