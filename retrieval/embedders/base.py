"""What an embedder is here: a LangChain ``Embeddings`` with a name and a size."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from langchain_core.embeddings import Embeddings

Floats = npt.NDArray[np.float32]


class ModelUnusable(ValueError):
    """The embedder or re-ranker that the settings name cannot be used; the message says why."""


class Embedder(Embeddings):
    """Turns texts into unit vectors.

    Subclasses implement :meth:`encode`; the LangChain methods follow from it, so any embedder
    here can be used wherever LangChain wants an ``Embeddings``. One instance serves all threads.

    Attributes:
        name: Recorded in the index; an index built by another embedder is refused with the
            command that rebuilds it. Other weights or other dimensions have another name.
        dimensions: Length of the vectors.
    """

    name: str
    dimensions: int

    @abstractmethod
    def encode(self, texts: Sequence[str], *, is_query: bool = False) -> Floats:
        """Unit vectors for texts, shape ``(len(texts), dimensions)``; zeros for empty texts.

        Args:
            texts: Any text; white space alone counts as empty.
            is_query: Whether these are questions: some models prepare them otherwise.

        Raises:
            ModelUnusable: The model gives something other than finite vectors of this size.
        """

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """LangChain: vectors of documents."""
        vectors: list[list[float]] = self.encode(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """LangChain: vector of a question."""
        vector: list[float] = self.encode([text], is_query=True)[0].tolist()
        return vector


def chosen_dimensions(asked: int | None, whole: int, model: str) -> int:
    """How many leading coordinates are used: those asked for, all when ``None``.

    Raises:
        ModelUnusable: The model has not so many.
    """
    if asked is not None and not 0 < asked <= whole:
        raise ModelUnusable(f"{model} has {whole} dimensions, the settings ask for {asked}")
    return asked or whole


def encode_filled(
    texts: Sequence[str], dimensions: int, model: str, encode: Callable[[list[str]], npt.ArrayLike]
) -> Floats:
    """Unit vectors of all texts from a model that is asked for the texts with words only.

    Args:
        texts: As they come.
        dimensions: Length of the vectors.
        model: Named in errors.
        encode: Vectors of texts that are not empty, shape ``(len(its texts), dimensions)``.

    Raises:
        ModelUnusable: ``encode`` gave another shape or something that is no finite number.
    """
    vectors = np.zeros((len(texts), dimensions), dtype=np.float32)
    filled = [row for row, text in enumerate(texts) if text.strip()]
    if filled:
        answer = encode([readable(texts[row]) for row in filled])
        try:
            found = np.asarray(answer, dtype=np.float32)
        except (TypeError, ValueError) as error:
            raise ModelUnusable(f"{model} gave no table of numbers: {error}") from error
        if found.shape != (len(filled), dimensions):
            raise ModelUnusable(
                f"{model} gave vectors of shape {found.shape} instead of "
                f"{(len(filled), dimensions)}; another model may have taken its place"
            )
        finite = np.isfinite(found).all(axis=1)
        if not finite.all():
            # As zeros they would be missed by vector search, and nobody would know why.
            text = texts[filled[int(np.argmin(finite))]]
            raise ModelUnusable(
                f"{model} gave a vector with NaN or infinity for the text that begins "
                f"{text[:40]!r}; a model in half precision may need another device"
            )
        vectors[filled] = found
    return unit(vectors)


def reason(error: Exception, secret: str = "") -> str:
    """The first line of an error, ``secret`` left out; libraries and proxies write whole pages."""
    text = str(error).strip() or repr(error)
    if secret:
        text = text.replace(secret, "***")
    return text.splitlines()[0][:300]


def readable(text: str) -> str:
    """The text without the half characters that tokenizers and JSON cannot take.

    They come from file names and command lines that are not UTF-8 (PEP 383).
    """
    return text.encode("utf-8", errors="replace").decode("utf-8")


def unit(vectors: Floats) -> Floats:
    """Rows of length one; rows of zeros stay."""
    found = lengths(vectors)
    found[found == 0] = 1
    scaled: Floats = vectors / found[:, None]
    return scaled


def lengths(vectors: Floats) -> Floats:
    """Length of each row, shape ``(rows,)``."""
    # Squares of very short or long vectors leave the range of 32 bits.
    squares = np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64, casting="same_kind")
    found: Floats = np.sqrt(squares).astype(np.float32)
    return found
