"""Static embeddings without torch: a text's vector is the mean of its tokens' vectors.

Serves the bundled model and any folder in the same format, which sentence-transformers reads as a
``StaticEmbedding``; both give the same vectors (tested to 1e-5). The vectors are stored as 8-bit
integers with one scale a token (the model2vec layout of ``model.safetensors``: ``embeddings`` and
``weights``), beside it the ``importance`` of each token for soft matching.

The libraries for both files are imported when a model is loaded: who only asks an endpoint does
not wait for them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from retrieval.embedders.base import (
    Embedder,
    Floats,
    ModelUnusable,
    chosen_dimensions,
    encode_filled,
    lengths,
    readable,
)

BUNDLED = Path(__file__).resolve().with_name("bundled")
MODEL_FILE = "model.safetensors"
TOKENIZER_FILE = "tokenizer.json"
_BATCH = 512  # texts tokenized at once; bounds memory
_LONGEST = 127  # largest code of a signed byte that has a negative


class TokenTable:
    """A tokenizer and a vector for each of its tokens; any number of threads may use one.

    Args:
        folder: Holds ``model.safetensors`` and ``tokenizer.json``.

    Attributes:
        vectors: Shape ``(vocabulary, dimensions)``.
        importance: How much each token of a question counts in soft matching; ``(vocabulary,)``.
        version: Hash of both files: what is stored with it can tell whether it still fits.

    Raises:
        ModelUnusable: A file is missing or is not of this format.
    """

    def __init__(self, folder: Path) -> None:
        from safetensors import SafetensorError
        from safetensors.numpy import load
        from tokenizers import Tokenizer

        try:
            model = (folder / MODEL_FILE).read_bytes()
            tokenizer = (folder / TOKENIZER_FILE).read_bytes()
        except OSError as error:
            raise ModelUnusable(
                f"the embedder folder {folder} lacks a readable {Path(str(error.filename)).name}"
            ) from error
        try:
            tensors = load(model)
            self.vectors = _dequantised(tensors)
            self.importance = _importance(tensors, self.vectors)
            self._tokenizer: Any = Tokenizer.from_buffer(tokenizer)
        except (SafetensorError, KeyError, IndexError, ValueError) as error:
            raise ModelUnusable(
                f"the embedder folder {folder} holds no static embedding: {error}"
            ) from error
        size, shape = self._tokenizer.get_vocab_size(), self.vectors.shape
        if len(shape) != 2 or size > shape[0]:
            raise ModelUnusable(
                f"the embedder folder {folder} is of two models: {TOKENIZER_FILE} has {size} "
                f"tokens, {MODEL_FILE} vectors of shape {shape}"
            )
        self._tokenizer.no_padding()  # as sentence-transformers does; a limit of length stays
        self.version = hashlib.sha256(model + tokenizer).hexdigest()[:12]

    @property
    def pieces(self) -> list[str]:
        """The text of each token; empty for a vector whose token the tokenizer does not know."""
        return [self._tokenizer.id_to_token(token) or "" for token in range(len(self.vectors))]

    def tokens(self, texts: Sequence[str]) -> Iterator[npt.NDArray[np.uint32]]:
        """Token ids of each text, in order."""
        for begin in range(0, len(texts), _BATCH):
            batch = [readable(text) for text in texts[begin : begin + _BATCH]]
            for encoding in self._tokenizer.encode_batch(batch, add_special_tokens=False):
                yield np.array(encoding.ids, dtype=np.uint32)


@lru_cache(maxsize=2)
def load_table(folder: Path = BUNDLED) -> TokenTable:
    """:class:`TokenTable`, once a process."""
    return TokenTable(folder)


class StaticEmbedder(Embedder):
    """Mean of token vectors.

    Args:
        folder: Model folder; the bundled one by default.
        dimensions: Use only so many leading coordinates (Matryoshka); all of them by default.

    Raises:
        ModelUnusable: The folder holds no static embedding, or one of fewer dimensions.

    Example:
        >>> vectors = StaticEmbedder().encode(["受试者知情同意", "informed consent", "血压计"])
        >>> bool(vectors[0] @ vectors[1] > vectors[0] @ vectors[2])
        True
    """

    def __init__(self, folder: Path = BUNDLED, dimensions: int | None = None) -> None:
        folder = folder.resolve()
        self._table = load_table(folder)
        whole = self._table.vectors.shape[1]
        self.dimensions = chosen_dimensions(dimensions, whole, folder.name)
        name = "bundled" if folder == BUNDLED else folder.name
        self.name = f"{name}-{self._table.version}-{self.dimensions}"

    def encode(self, texts: Sequence[str], *, is_query: bool = False) -> Floats:
        """Unit vectors, shape ``(len(texts), dimensions)``; zeros for texts without tokens."""
        return encode_filled(texts, self.dimensions, self.name, self._means)

    def _means(self, texts: list[str]) -> Floats:
        means = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, tokens in enumerate(self._table.tokens(texts)):
            if len(tokens):
                # Once for each distinct token: memory is bounded by the vocabulary, not the text.
                distinct, counts = np.unique(tokens, return_counts=True)
                shares = (counts / len(tokens)).astype(np.float32)
                means[row] = shares @ self._table.vectors[distinct, : self.dimensions]
        return means


def quantise(vectors: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """8-bit codes, shape of ``vectors``, and the scale of each row, shape ``(rows,)``."""
    scales = np.maximum(np.abs(vectors).max(axis=1), np.float32(1e-9)) / np.float32(_LONGEST)
    codes = np.rint(vectors / scales[:, None]).astype(np.int8)
    return codes, scales.astype(np.float32)


def _importance(tensors: dict[str, npt.NDArray[Any]], vectors: Floats) -> Floats:
    if "importance" in tensors:
        return tensors["importance"].astype(np.float32)
    # A model of somebody else has none; longer vectors mean more telling tokens.
    return lengths(vectors)


def _dequantised(tensors: dict[str, npt.NDArray[Any]]) -> Floats:
    if "embedding.weight" in tensors:  # as sentence-transformers itself writes it
        return tensors["embedding.weight"].astype(np.float32)
    vectors = tensors["embeddings"].astype(np.float32)
    if "mapping" in tensors:  # several tokens share a vector (model2vec's quantised vocabulary)
        vectors = vectors[tensors["mapping"]]
    if "weights" in tensors:
        vectors *= tensors["weights"].astype(np.float32)[:, None]
    return vectors
