"""What an embedder is here: a LangChain ``Embeddings`` with a name and a size."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from langchain_core.embeddings import Embeddings

Floats = npt.NDArray[np.float32]


class Embedder(Embeddings):
    """Turns texts into unit vectors.

    Subclasses implement :meth:`encode`; the LangChain methods follow from it, so any embedder
    here can be used wherever LangChain wants an ``Embeddings``.

    Attributes:
        name: Recorded in the index; an index built by another embedder is refused with the
            command that rebuilds it.
        dimensions: Length of the vectors.
    """

    name: str
    dimensions: int

    @abstractmethod
    def encode(self, texts: Sequence[str], *, is_query: bool = False) -> Floats:
        """Unit vectors for texts, shape ``(len(texts), dimensions)``; zeros for empty texts."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """LangChain: vectors of documents."""
        vectors: list[list[float]] = self.encode(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """LangChain: vector of a question."""
        vector: list[float] = self.encode([text], is_query=True)[0].tolist()
        return vector
