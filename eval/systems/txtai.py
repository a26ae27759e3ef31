"""txtai with its sparse BM25 index; with a model, its hybrid index of sparse and dense.

Its words are those of Unicode's text segmentation: of Chinese, every character.
"""

from __future__ import annotations

from typing import Any

from eval.datasets import Corpus
from eval.systems.base import System, require, versions
from eval.systems.models import find_model, loading, model_name

_PACKAGES = {"txtai": "txtai"}
_PACKAGES_DENSE = {**_PACKAGES, "sentence_transformers": "sentence-transformers"}


class TxtaiSystem(System):
    """txtai over whole documents, with its defaults.

    Args:
        model: Local path or hub id of a sentence-transformers model for the dense half; sparse
            only when ``None``.

    Raises:
        Unavailable: A package or the model is not here.
    """

    name = "txtai"

    def __init__(self, model: str | None = None) -> None:
        require(self.name, _PACKAGES_DENSE if model else _PACKAGES)
        config: dict[str, Any] = {"keyword": True}
        self.setup = "keyword index (BM25, Chinese by the character), whole documents"
        if model:
            config = {"hybrid": True, "path": find_model(model), "method": "sentence-transformers"}
            self.setup = f"hybrid index (BM25 and {model_name(model)}), whole documents"
        from txtai import Embeddings

        self.version = versions("txtai")
        with loading(model or "of txtai"):
            self._embeddings: Any = Embeddings(config)

    def index(self, corpus: Corpus) -> int:
        """Index whole documents; what was indexed before is overwritten."""
        self._embeddings.index((key, text.whole, None) for key, text in corpus.items())
        return len(corpus)

    def search(self, query: str, k: int) -> list[str]:
        """Ids in the order txtai gives them."""
        return [key for key, _ in self._embeddings.search(query, k)]

    def close(self) -> None:
        """Close the term database."""
        self._embeddings.close()
