"""An OpenAI-compatible embeddings endpoint: vLLM, Ollama, a hospital's own gateway.

The client is OpenAI's own, which waits and tries again after errors that may pass. LangChain's
``OpenAIEmbeddings`` is not used: it takes the vectors in the order they arrive and overlooks the
``index`` that says which text each belongs to.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from retrieval.embedders.base import (
    Embedder,
    Floats,
    ModelUnusable,
    chosen_dimensions,
    encode_filled,
    reason,
)

_BATCH = 64  # texts a request
_CONNECT_S = 5.0
_TIMEOUT_S = 60.0  # of a batch of passages
_RETRIES = 3
_QUERY_TIMEOUT_S = 30.0  # somebody is waiting; Ollama may have to load the model first
_QUERY_RETRIES = 1
_WITHOUT_KEY = "none"  # servers inside a hospital often want no key, the client always sends one


class EndpointEmbedder(Embedder):
    """Encodes by ``POST {base_url}/embeddings``.

    The endpoint adds no prompts to questions or passages; a model that was trained with them has
    to get them here.

    Args:
        model: The model's name at the endpoint.
        base_url: Such as ``http://10.0.0.5:8001/v1``.
        api_key: Sent as a bearer token when given; never part of an error.
        dimensions: Keep so many leading coordinates; all of them when ``None``.
        query_prompt: Put before each question.
        passage_prompt: Put before each passage.

    Raises:
        ModelUnusable: The endpoint does not answer or answers with something else.
    """

    def __init__(
        self,
        model: str,
        base_url: str,
        api_key: str | None = None,
        dimensions: int | None = None,
        *,
        query_prompt: str = "",
        passage_prompt: str = "",
    ) -> None:
        import openai

        self._model = model
        self._query_prompt, self._passage_prompt = query_prompt, passage_prompt
        self._secret = (api_key or "").strip()
        self._endpoint = _shown(base_url)
        if not (self._secret.isascii() and self._secret.isprintable()):
            raise ModelUnusable(
                f"the key for {self._endpoint} holds characters that a key cannot have; check the "
                "setting embedder_api_key"
            )
        self._client = openai.OpenAI(
            base_url=base_url,
            api_key=self._secret or _WITHOUT_KEY,
            timeout=openai.Timeout(_TIMEOUT_S, connect=_CONNECT_S),
            max_retries=_RETRIES,
        )
        self._hasty = self._client.with_options(
            timeout=openai.Timeout(_QUERY_TIMEOUT_S, connect=_CONNECT_S),
            max_retries=_QUERY_RETRIES,
        )
        self._label = f"{model} at {self._endpoint}"
        self._whole = len(self._request(self._hasty, ["probe"])[0])
        self.dimensions = chosen_dimensions(dimensions, self._whole, self._label)
        self.name = f"{model}@endpoint-{self.dimensions}"
        if passage_prompt:  # is in the vectors of the index, the other prompt is not
            self.name += f"-{hashlib.sha256(passage_prompt.encode()).hexdigest()[:8]}"

    def encode(self, texts: Sequence[str], *, is_query: bool = False) -> Floats:
        """Unit vectors, shape ``(len(texts), dimensions)``; zeros for empty texts."""
        return encode_filled(texts, self.dimensions, self._label, self._for(is_query))

    def _for(self, is_query: bool) -> Callable[[list[str]], list[list[float]]]:
        prompt = self._query_prompt if is_query else self._passage_prompt
        client = self._hasty if is_query else self._client

        def vectors(texts: list[str]) -> list[list[float]]:
            found: list[list[float]] = []
            for begin in range(0, len(texts), _BATCH):
                batch = [prompt + text for text in texts[begin : begin + _BATCH]]
                found += self._request(client, batch)
            if odd := {len(row) for row in found} - {self._whole}:
                raise ModelUnusable(
                    f"{self._label} gave vectors of {odd.pop()} dimensions, before it had "
                    f"{self._whole}; another model may have taken its place"
                )
            return [row[: self.dimensions] for row in found]

        return vectors

    def _request(self, client: Any, texts: list[str]) -> list[list[float]]:
        """Vectors of one batch, in the order of its texts."""
        import openai

        try:
            answer = client.embeddings.create(
                model=self._model, input=texts, encoding_format="float"
            )
            return _in_order(answer.data, len(texts))
        except openai.OpenAIError as error:
            fault = f"cannot be used: {reason(error, self._secret)}"
        except (AttributeError, TypeError, ValueError) as error:
            fault = f"does not answer as OpenAI's /embeddings does: {reason(error, self._secret)}"
        # Not chained to its cause, which may quote the key.
        raise ModelUnusable(f"the embeddings endpoint {self._endpoint} {fault}")


def _in_order(rows: list[Any], count: int) -> list[list[float]]:
    """The vectors by the ``index`` of their texts, as they come where rows have none.

    Raises:
        ValueError: The rows are not one vector for each of ``count`` texts.
    """
    if len(rows) != count:
        raise ValueError(f"{len(rows)} vectors for {count} texts")
    places = [row.index for row in rows]
    if any(place is None for place in places):
        places = list(range(count))
    if sorted(places) != list(range(count)):
        raise ValueError(f"vectors numbered {places[:5]} … for {count} texts")
    vectors = [row.embedding for _, row in sorted(zip(places, rows, strict=True), key=_place)]
    if not all(isinstance(vector, list) and vector for vector in vectors):
        raise ValueError("a vector is not a list of numbers")
    return vectors


def _place(numbered: tuple[int, Any]) -> int:
    return numbered[0]


def _shown(base_url: str) -> str:
    """The address without a password or a key in it.

    Raises:
        ModelUnusable: It is no address.
    """
    try:
        parts = urlsplit(base_url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable:
        raise ModelUnusable(
            "the address of the embeddings endpoint must look like http://host:8001/v1; check "
            "the setting embedder_base_url"
        )
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
