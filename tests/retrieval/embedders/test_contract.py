"""What every embedder must do; a new one joins by adding its name to BACKENDS in conftest.py."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from langchain_core.embeddings import Embeddings

from retrieval.embedders import Embedder, ModelUnusable
from tests.retrieval.embedders.conftest import MakeAny

TEXTS = ["受试者知情同意", "Informed consent, 15日", "第十九条", "ｓａｅ 15日", "知情", "consent"]


def test_vectors_are_unit_length(any_embedder: Embedder) -> None:
    vectors = any_embedder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), any_embedder.dimensions)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("is_query", [False, True])
def test_an_empty_text_has_a_vector_of_zeros(any_embedder: Embedder, is_query: bool) -> None:
    vectors = any_embedder.encode(["", "知情", "  \n\u3000"], is_query=is_query)
    assert vectors.any(axis=1).tolist() == [False, True, False]
    assert not any_embedder.encode([" "], is_query=is_query).any()


def test_no_texts_give_no_vectors(any_embedder: Embedder) -> None:
    vectors = any_embedder.encode([])
    assert (vectors.shape, vectors.dtype) == ((0, any_embedder.dimensions), np.float32)
    assert any_embedder.embed_documents([]) == []


def test_a_text_has_one_vector_whatever_stands_beside_it(any_embedder: Embedder) -> None:
    together = any_embedder.encode(TEXTS)
    alone = np.concatenate([any_embedder.encode([text]) for text in TEXTS])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_many_texts_stay_in_order(any_embedder: Embedder) -> None:
    texts = [TEXTS[number % len(TEXTS)] for number in range(700)]
    np.testing.assert_allclose(
        any_embedder.encode(texts),
        any_embedder.encode(TEXTS)[np.arange(700) % len(TEXTS)],
        atol=1e-5,
    )


def test_different_texts_differ_and_two_instances_agree(make_any: MakeAny) -> None:
    one, other = make_any(), make_any()
    assert other.name == one.name
    np.testing.assert_array_equal(other.encode(TEXTS), one.encode(TEXTS))
    similar = one.encode(TEXTS) @ one.encode(TEXTS).T
    assert (similar[~np.eye(len(TEXTS), dtype=bool)] < 0.9999).all()


def test_a_very_long_text_has_a_vector(any_embedder: Embedder) -> None:
    [vector] = any_embedder.encode(["受试者知情同意 informed consent " * 3000])
    np.testing.assert_allclose(np.linalg.norm(vector), 1, atol=1e-5)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.text(max_size=40))
@example("\udcff知情\ud800")  # half characters, as of a command line that is not UTF-8
def test_any_text_has_a_finite_vector(any_embedder: Embedder, text: str) -> None:
    [vector] = any_embedder.encode([text])
    length = np.linalg.norm(vector)
    assert length == 0 or abs(length - 1) < 1e-5


def test_it_is_a_langchain_embeddings(any_embedder: Embedder) -> None:
    assert isinstance(any_embedder, Embeddings)
    np.testing.assert_array_equal(any_embedder.embed_documents(TEXTS), any_embedder.encode(TEXTS))
    query = any_embedder.encode(TEXTS[:1], is_query=True)[0]
    np.testing.assert_array_equal(any_embedder.embed_query(TEXTS[0]), query)


def test_other_weights_have_another_name(make_any: MakeAny) -> None:
    assert make_any(seed=1).name != make_any(seed=0).name


def test_fewer_dimensions_are_the_leading_ones(make_any: MakeAny) -> None:
    whole, short = make_any(), make_any(dimensions=4)
    assert (short.dimensions, short.name == whole.name) == (4, False)
    leading = whole.encode(TEXTS)[:, :4]
    leading /= np.linalg.norm(leading, axis=1, keepdims=True)
    np.testing.assert_allclose(short.encode(TEXTS), leading, atol=1e-5)


@pytest.mark.parametrize("dimensions", [-1, 0, 100_000])
def test_dimensions_that_it_has_not_are_refused(make_any: MakeAny, dimensions: int) -> None:
    with pytest.raises(ModelUnusable, match=f"dimensions, the settings ask for {dimensions}"):
        make_any(dimensions=dimensions)


def test_threads_may_share_one(any_embedder: Embedder) -> None:
    expected = any_embedder.encode(TEXTS)
    wrong: list[object] = []

    def work(number: int) -> None:
        try:
            for turn in range(6):
                row = (number + turn) % len(TEXTS)
                # Texts of other lengths beside it, so that batches are padded otherwise.
                found = any_embedder.encode([TEXTS[row], "知情同意 " * (1 + 5 * number)])[0]
                np.testing.assert_allclose(found, expected[row], atol=1e-5)
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
