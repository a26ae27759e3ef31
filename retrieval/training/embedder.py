"""Train the bundled embedder from a recipe and write it in the format it is served from."""

from __future__ import annotations

import importlib.util
import json
import time
import tomllib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.embedders.static import MODEL_FILE, TOKENIZER_FILE, quantise
from retrieval.training.contrastive import Floats, Report, train_vectors
from retrieval.training.cooccurrence import start_vectors
from retrieval.training.errors import TrainingError
from retrieval.training.interaction import train_interaction
from retrieval.training.sources import Pair, gather
from retrieval.training.token_pairs import TokenPairs, Tokens
from retrieval.training.tokenizer import train_tokenizer

RECIPE = Path(__file__).with_name("recipe.toml")
_BATCH = 2000  # texts tokenized at once
_TABLES = {"tokenizer", "start", "contrastive", "interaction", "weights"}
_NEEDED = ("sentencepiece", "google.protobuf", "sklearn", "scipy", "torch")


def read_recipe(path: Path = RECIPE) -> dict[str, Any]:
    """The settings of a run.

    Raises:
        TrainingError: The file cannot be read or lacks a table.
    """
    try:
        with path.open("rb") as file:
            recipe = tomllib.load(file)
    except (OSError, ValueError) as error:
        raise TrainingError(f"the recipe {path} cannot be read: {error}") from None
    if missing := _TABLES - set(recipe):
        raise TrainingError(f"the recipe {path} lacks the table {', '.join(sorted(missing))}")
    return recipe


def train_embedder(
    material: Path,
    corpus: Path,
    target: Path,
    recipe: dict[str, Any],
    report: Report,
    hold_out: int = 0,
) -> None:
    """Train on all pairs and write the model folder.

    Args:
        material: Folder with ``training/pairs.jsonl`` and the documents questions point into.
        corpus: Our corpus: notes and lexicon.
        target: Model folder; files in it are replaced when the run is complete.
        recipe: See ``recipe.toml``.
        report: Called with lines of progress.
        hold_out: Keep one of so many parts of our questions from training; 0 keeps none.

    Raises:
        TrainingError: A library is missing, the material cannot be read, or it holds too few
            pairs to train on.
    """
    started = time.perf_counter()
    _check_libraries()
    pairs = gather(material, corpus, recipe["contrastive"]["seed"], hold_out)
    for kind, count in sorted(Counter(pair.kind for pair in pairs).items()):
        report(f"{count:>7} {kind}")
    texts = sorted({text for pair in pairs for text in (pair.query, pair.passage)})
    if len(texts) < recipe["tokenizer"]["vocabulary"] // 10:
        raise TrainingError(
            f"{material}: only {len(texts)} texts to train on; is this the folder that holds "
            "training/pairs.jsonl and reference/?"
        )
    tokenizer = train_tokenizer(texts, recipe["tokenizer"])
    report(f"tokenizer: {tokenizer.get_vocab_size()} pieces")
    vectors, importance = _train(tokenizer, pairs, texts, recipe, report)
    write_model(target, tokenizer, vectors, importance)
    report(f"{target}: written after {time.perf_counter() - started:.0f} s")


def _check_libraries() -> None:
    """Before the minutes of work that come first."""
    missing = [name for name in _NEEDED if not _installed(name)]
    if missing:
        raise TrainingError(
            f"training needs {', '.join(missing)}: run `make install-train`, or "
            "`pip install -c constraints.txt 'xinglin[train]'`"
        )


def _installed(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:  # the package that ``name`` is part of
        return False


def _train(
    tokenizer: Any,
    pairs: Sequence[Pair],
    texts: Sequence[str],
    recipe: dict[str, Any],
    report: Report,
) -> tuple[Floats, Floats]:
    """Both stages: vectors, and the importance of each token."""
    first, second = recipe["contrastive"], recipe["interaction"]
    start = start_vectors(
        tokenize(tokenizer, texts),
        tokenizer.get_vocab_size(),
        first["dimensions"][0],
        recipe["start"],
        first["seed"],
    )
    report("start vectors: done")
    tokenized = TokenPairs(
        tokenize(tokenizer, [pair.query for pair in pairs]),
        tokenize(tokenizer, [pair.passage for pair in pairs]),
        [pair.kind for pair in pairs],
    )
    vectors = train_vectors(
        start,
        tokenized.cut(first["longest_query"], first["longest_passage"]),
        first,
        recipe["weights"]["first"],
        report,
    )
    return train_interaction(
        np.ascontiguousarray(vectors[:, : second["dimensions"]]),
        tokenized.cut(second["longest_query"], second["longest_passage"]),
        second,
        recipe["weights"]["second"],
        report,
    )


def tokenize(tokenizer: Any, texts: Sequence[str]) -> list[Tokens]:
    """Token ids of texts; a text without any becomes the unknown token."""
    found: list[Tokens] = []
    for begin in range(0, len(texts), _BATCH):
        batch = list(texts[begin : begin + _BATCH])
        for encoding in tokenizer.encode_batch(batch, add_special_tokens=False):
            found.append(np.array(encoding.ids or [0], dtype=np.int64))
    return found


def write_model(target: Path, tokenizer: Any, vectors: Floats, importance: Floats) -> None:
    """Write a folder that we and sentence-transformers can load, as version 6 itself writes it.

    Args:
        target: The folder.
        tokenizer: A ``tokenizers.Tokenizer``.
        vectors: One row a token, shape ``(vocabulary, dimensions)``.
        importance: How much each token counts in soft matching, shape ``(vocabulary,)``.
    """
    from safetensors.numpy import save

    codes, scales = quantise(vectors)
    normalize = target / "1_Normalize"
    normalize.mkdir(parents=True, exist_ok=True)
    tensors: dict[str, Any] = {"embeddings": codes, "weights": scales, "importance": importance}
    # Not by save_file, whose files only their owner may read.
    (target / MODEL_FILE).write_bytes(save(tensors))
    tokenizer.save(str(target / TOKENIZER_FILE))
    described = {
        target / "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": _STATIC},
            {"idx": 1, "name": "1", "path": normalize.name, "type": _NORMALIZE},
        ],
        target / "config_sentence_transformers.json": {
            "model_type": "SentenceTransformer",
            "prompts": {"query": "", "document": ""},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        normalize / "config.json": dict.fromkeys(
            ("module_input_name", "module_output_name"), "sentence_embedding"
        ),
    }
    for path, content in described.items():
        path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


_STATIC = "sentence_transformers.sentence_transformer.modules.static_embedding.StaticEmbedding"
_NORMALIZE = "sentence_transformers.base.modules.normalize.Normalize"
