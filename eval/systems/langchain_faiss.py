"""LangChain as its tutorial sets it up: recursive splitter, FAISS in memory, nearest vectors.

The splitter makes pieces of 1,000 characters that overlap by 200, as in LangChain's tutorial on
retrieval (the class itself defaults to 4,000 and 200). Vectors are compared by Euclidean distance,
the store's default. A document ranks by its best piece. Nothing is saved: the store's own
``save_local`` would write a pickle.
"""

from __future__ import annotations

import warnings
from typing import Any

from eval.datasets import Corpus
from eval.systems.base import System, require, versions
from eval.systems.models import find_model, loading, model_name

DEFAULT_MODEL = "sentence-transformers/all-MiniLM-L6-v2"
_CHUNK_SIZE = 1000  # characters
_CHUNK_OVERLAP = 200  # characters
_PACKAGES = {
    "langchain_community": "langchain-community",
    "langchain_huggingface": "langchain-huggingface",
    "langchain_text_splitters": "langchain-text-splitters",
    "sentence_transformers": "sentence-transformers",
    "faiss": "faiss-cpu",
}


class LangChainSystem(System):
    """LangChain with a sentence-transformers model.

    Args:
        model: Local path or hub id; :data:`DEFAULT_MODEL` when ``None``.

    Raises:
        Unavailable: A package or the model is not here.
    """

    name = "langchain"

    def __init__(self, model: str | None = None) -> None:
        require(self.name, _PACKAGES)
        place = find_model(model or DEFAULT_MODEL)
        from langchain_huggingface import HuggingFaceEmbeddings
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        with warnings.catch_warnings():
            # langchain-community announces on import that it will be given up.
            warnings.simplefilter("ignore", DeprecationWarning)
            from langchain_community.vectorstores import FAISS

        with loading(place):
            self._embeddings: Any = HuggingFaceEmbeddings(model_name=place)
        self.version = versions("langchain-community", "langchain-huggingface")
        self.setup = (
            f"pieces of {_CHUNK_SIZE} characters, overlap {_CHUNK_OVERLAP}, FAISS, "
            f"{model_name(model or DEFAULT_MODEL)}"
        )
        self._splitter = RecursiveCharacterTextSplitter(
            chunk_size=_CHUNK_SIZE, chunk_overlap=_CHUNK_OVERLAP
        )
        self._store_type: Any = FAISS
        self._store: Any = None

    def index(self, corpus: Corpus) -> int:
        """Split, embed and store."""
        pieces = self._splitter.create_documents(
            [text.whole for text in corpus.values()], [{"id": key} for key in corpus]
        )
        self._store = self._store_type.from_documents(pieces, self._embeddings)
        return len(pieces)

    def search(self, query: str, k: int) -> list[str]:
        """Documents of the nearest pieces; more pieces are asked for until ``k`` are distinct."""
        vector = self._embeddings.embed_query(query)
        asked = k
        while True:
            pieces = self._store.similarity_search_by_vector(vector, k=asked)
            found = list(dict.fromkeys(piece.metadata["id"] for piece in pieces))
            if len(found) >= k or len(pieces) < asked:
                return found[:k]
            asked *= 2

    def close(self) -> None:
        """Nothing is held outside of memory."""
