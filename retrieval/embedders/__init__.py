"""Embedders behind one interface; :func:`make_embedder` finds one by name."""

from __future__ import annotations

import json
from pathlib import Path

from retrieval.embedders.base import Embedder, ModelUnusable
from retrieval.embedders.static import MODEL_FILE, TOKENIZER_FILE, StaticEmbedder

BUNDLED = "bundled"
_MODULES_FILE = "modules.json"
_SETTINGS_FILE = "config_sentence_transformers.json"


def make_embedder(
    name: str = BUNDLED,
    *,
    base_url: str | None = None,
    api_key: str | None = None,
    dimensions: int | None = None,
    query_prompt: str = "",
    passage_prompt: str = "",
) -> Embedder:
    """The embedder of this name.

    Args:
        name: ``bundled`` (no download, no torch); the name of a model at ``base_url``; else a
            local folder or hub id for sentence-transformers. A folder with a static embedding is
            served without torch.
        base_url: An OpenAI-compatible endpoint.
        api_key: Key of the endpoint.
        dimensions: Use so many leading coordinates; the model's own number when ``None``.
        query_prompt: Put before each question sent to the endpoint.
        passage_prompt: Put before each passage sent to the endpoint.

    Raises:
        ModelUnusable: There is no such model, or it cannot be used here.
    """
    if base_url:
        from retrieval.embedders.endpoint import EndpointEmbedder

        return EndpointEmbedder(
            name,
            base_url,
            api_key,
            dimensions,
            query_prompt=query_prompt,
            passage_prompt=passage_prompt,
        )
    if name == BUNDLED:
        return StaticEmbedder(dimensions=dimensions)
    from retrieval.embedders.loading import model_folder

    folder = model_folder(name)
    if folder is not None and _is_static(folder):
        return StaticEmbedder(folder, dimensions)
    from retrieval.embedders.sentence_transformer import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(name, dimensions)


def _is_static(folder: Path) -> bool:
    """Whether a folder holds nothing but a static embedding, as ours does.

    One with prompts or other layers is left to sentence-transformers.
    """
    if not all((folder / name).is_file() for name in (MODEL_FILE, TOKENIZER_FILE, _MODULES_FILE)):
        return False
    try:
        modules = json.loads((folder / _MODULES_FILE).read_text(encoding="utf-8"))
        first, *others = [module["type"].rpartition(".")[2] for module in modules]
        settings = folder / _SETTINGS_FILE
        options = json.loads(settings.read_text(encoding="utf-8")) if settings.is_file() else {}
        plain = not any(options.get("prompts", {}).values()) and not options.get("truncate_dim")
        return (
            plain
            and first == "StaticEmbedding"
            and modules[0]["path"] == ""
            and set(others) <= {"Normalize"}
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ModelUnusable(f"the model folder {folder} is damaged: {error!r}") from error


__all__ = ["Embedder", "ModelUnusable", "StaticEmbedder", "make_embedder"]
