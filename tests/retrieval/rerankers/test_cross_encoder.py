"""Re-ranking with real cross-encoders of random weights."""

from __future__ import annotations

import shutil
import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from retrieval.embedders import ModelUnusable
from retrieval.rerankers import Reranker, make_reranker
from tests.retrieval.embedders.models import (
    Turnstile,
    edit_weights,
    run_together,
    write_bare_bert,
    write_bert,
    write_cross_encoder,
)

QUESTION = "知情同意"
PASSAGES = ["受试者知情同意", "第十九条 15日", "informed consent", "", "sae " * 500]


def test_none_means_no_reranker() -> None:
    assert make_reranker("none") is None
    assert make_reranker() is None


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """``folder(labels)``: a cross-encoder, written once."""
    pytest.importorskip("sentence_transformers")
    written: dict[int, Path] = {}

    def find(labels: int) -> Path:
        if labels not in written:
            target = tmp_path_factory.mktemp("model") / "scores"
            written[labels] = write_cross_encoder(target, labels)
        return written[labels]

    return find


@pytest.fixture
def reranker(folder: Callable[[int], Path]) -> Reranker:
    found = make_reranker(str(folder(1)))
    assert found is not None
    return found


@pytest.mark.models
@pytest.mark.parametrize("labels", [1, 2, 3])
def test_scores_are_those_of_the_library(folder: Callable[[int], Path], labels: int) -> None:
    import torch
    from sentence_transformers import CrossEncoder

    reranker = make_reranker(str(folder(labels)))
    assert reranker is not None
    scores = reranker.score(QUESTION, PASSAGES)
    pairs = [(QUESTION, passage) for passage in PASSAGES]
    theirs = CrossEncoder(str(folder(labels)), device="cpu")
    if labels == 1:
        expected = theirs.predict(pairs, activation_fn=torch.nn.Sigmoid())
    else:
        expected = theirs.predict(pairs, apply_softmax=True)[:, -1]
    assert (scores.shape, scores.dtype) == ((len(PASSAGES),), np.float32)
    np.testing.assert_allclose(scores, expected, atol=1e-5)
    assert scores.min() >= 0 and scores.max() <= 1 and np.unique(scores).size == len(PASSAGES)


@pytest.mark.models
def test_no_passages_have_no_scores(reranker: Reranker) -> None:
    scores = reranker.score(QUESTION, [])
    assert (scores.shape, scores.dtype) == ((0,), np.float32)


@pytest.mark.models
def test_a_passage_has_one_score_whatever_stands_beside_it(reranker: Reranker) -> None:
    together = reranker.score(QUESTION, PASSAGES * 10)
    alone = [reranker.score(QUESTION, [passage])[0] for passage in PASSAGES] * 10
    np.testing.assert_allclose(together, alone, atol=1e-5)


@pytest.mark.models
def test_threads_may_share_one(reranker: Reranker) -> None:
    expected = reranker.score(QUESTION, PASSAGES)
    wrong: list[object] = []

    def work(number: int) -> None:
        try:
            for _ in range(5):
                found = reranker.score(QUESTION, PASSAGES[: number + 1])
                np.testing.assert_allclose(found, expected[: number + 1], atol=1e-5)
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.models
def test_one_batch_at_a_time(folder: Callable[[int], Path]) -> None:
    reranker: Any = make_reranker(str(folder(1)))
    counted = reranker._model.predict = Turnstile(reranker._model.predict)
    run_together(lambda: reranker.score(QUESTION, PASSAGES))
    assert counted.most == 1


@pytest.mark.models
def test_half_characters_are_taken(reranker: Reranker) -> None:
    assert np.isfinite(reranker.score("\udcff", ["\ud800", "a\x00b"])).all()


def scaled_head(by: float) -> Callable[[str, object], object]:
    return lambda name, tensor: tensor * by if name.startswith("classifier") else tensor  # type: ignore[operator]


@pytest.mark.models
@pytest.mark.parametrize("labels", [1, 2])
def test_extreme_scores_stay_between_0_and_1(
    folder: Callable[[int], Path], tmp_path: Path, labels: int
) -> None:
    extreme = shutil.copytree(folder(labels), tmp_path / "extreme")
    edit_weights(extreme, scaled_head(1e6))
    reranker = make_reranker(str(extreme))
    assert reranker is not None
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scores = reranker.score(QUESTION, PASSAGES)
    assert set(np.round(scores, 6).tolist()) <= {0.0, 1.0}


@pytest.mark.models
def test_a_model_that_gives_nan_is_refused(folder: Callable[[int], Path], tmp_path: Path) -> None:
    broken = shutil.copytree(folder(1), tmp_path / "broken")
    edit_weights(broken, scaled_head(float("nan")))
    reranker = make_reranker(str(broken))
    assert reranker is not None
    with pytest.raises(ModelUnusable, match=r"broken-.* no finite number"):
        reranker.score(QUESTION, PASSAGES)


@pytest.mark.models
@pytest.mark.parametrize("write", [write_bert, write_bare_bert])
def test_an_embedder_is_no_reranker(write: Callable[[Path], Path], tmp_path: Path) -> None:
    pytest.importorskip("sentence_transformers")
    with pytest.raises(ModelUnusable, match="is no cross-encoder but a BertModel"):
        make_reranker(str(write(tmp_path / "vectors")))


@pytest.mark.models
def test_as_the_library_saves_it_scores_stay(
    folder: Callable[[int], Path], reranker: Reranker, tmp_path: Path
) -> None:
    from sentence_transformers import CrossEncoder

    CrossEncoder(str(folder(1)), device="cpu").save_pretrained(str(tmp_path / "saved"))
    saved = make_reranker(str(tmp_path / "saved"))
    assert saved is not None
    np.testing.assert_allclose(
        saved.score(QUESTION, PASSAGES), reranker.score(QUESTION, PASSAGES), atol=1e-6
    )


@pytest.mark.models
def test_other_weights_have_another_name(
    folder: Callable[[int], Path], reranker: Reranker, tmp_path: Path
) -> None:
    other = make_reranker(str(write_cross_encoder(tmp_path / "scores", seed=1)))
    again = make_reranker(str(folder(1)))
    assert other is not None and again is not None
    assert again.name == reranker.name != other.name
