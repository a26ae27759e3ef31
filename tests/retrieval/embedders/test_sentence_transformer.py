"""What only models of sentence-transformers have: prompts, precision, another kind of model."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from retrieval.embedders import ModelUnusable, make_embedder
from tests.retrieval.embedders.models import (
    BERT_DIMENSIONS,
    Turnstile,
    edit_weights,
    run_together,
    write_bare_bert,
    write_bert,
    write_cross_encoder,
)

pytestmark = pytest.mark.models
pytest.importorskip("sentence_transformers")


@pytest.mark.parametrize(
    ("prompts", "question", "passage"),
    [
        ({"query": "query : "}, "query : ", ""),  # as Qwen3-Embedding
        ({"query": "query : ", "passage": "consent : "}, "query : ", "consent : "),  # as E5
        ({"query": "query : ", "document": "consent : "}, "query : ", "consent : "),
        ({"query": "", "document": ""}, "", ""),
        ({"other": "consent : "}, "", ""),
    ],
)
def test_the_prompts_of_the_model_are_used(
    tmp_path: Path, prompts: dict[str, str], question: str, passage: str
) -> None:
    prompted = make_embedder(str(write_bert(tmp_path / "prompted", prompts=prompts)))
    plain = make_embedder(str(write_bert(tmp_path / "plain")))
    for is_query, prompt in ((True, question), (False, passage)):
        found = prompted.encode(["知情同意"], is_query=is_query)
        np.testing.assert_allclose(found, plain.encode([prompt + "知情同意"]), atol=1e-5)


def test_half_precision_is_widened_on_a_cpu(
    model_folder: Callable[..., Path], tmp_path: Path
) -> None:
    torch = pytest.importorskip("torch")
    if torch.cuda.is_available():
        pytest.skip("there is a GPU")
    folder = shutil.copytree(model_folder("sentence-transformers"), tmp_path / "half")
    edit_weights(folder, lambda _, tensor: tensor.to(torch.bfloat16))
    config = folder / "config.json"
    config.write_text(config.read_text().replace('"float32"', '"bfloat16"'))
    embedder = make_embedder(str(folder))
    texts = ["知情", "知情同意 " * 10]
    alone = np.concatenate([embedder.encode([text]) for text in texts])
    np.testing.assert_allclose(embedder.encode(texts), alone, atol=1e-5)


def test_a_model_that_gives_nan_is_refused(
    model_folder: Callable[..., Path], tmp_path: Path
) -> None:
    folder = shutil.copytree(model_folder("sentence-transformers"), tmp_path / "nan")
    edit_weights(folder, lambda _, tensor: tensor * float("nan"))
    embedder = make_embedder(str(folder))
    assert not embedder.encode([""]).any()
    with pytest.raises(ModelUnusable, match="NaN or infinity for the text that begins '知情'"):
        embedder.encode(["知情"])


def test_a_reranker_is_no_embedder(tmp_path: Path) -> None:
    folder = write_cross_encoder(tmp_path / "scores")
    with pytest.raises(ModelUnusable, match="is a re-ranker"):
        make_embedder(str(folder))


def test_a_bare_transformer_is_pooled(tmp_path: Path) -> None:
    embedder = make_embedder(str(write_bare_bert(tmp_path / "bare")))
    assert embedder.encode(["知情"]).shape == (1, BERT_DIMENSIONS)


def test_one_batch_at_a_time(model_folder: Callable[..., Path]) -> None:
    embedder: Any = make_embedder(str(model_folder("sentence-transformers")))
    counted = embedder._model.encode_document = Turnstile(embedder._model.encode_document)
    run_together(lambda: embedder.encode(["知情"]))
    assert counted.most == 1


def test_a_model_that_fails_is_told_in_one_line(model_folder: Callable[..., Path]) -> None:
    embedder: Any = make_embedder(str(model_folder("sentence-transformers")))

    def exhausted(*_: object, **__: object) -> None:
        raise RuntimeError("CUDA out of memory.\nTried to allocate …")

    embedder._model.encode_query = exhausted
    with pytest.raises(ModelUnusable, match=r"failed: CUDA out of memory\.$"):
        embedder.encode(["知情"], is_query=True)
