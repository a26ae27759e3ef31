"""What every embedder must do; a new one joins by adding its name to EMBEDDERS."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.embeddings import Embeddings

from retrieval.embedders import Embedder, make_embedder
from retrieval.embedders.hashed import HashedEmbedder

EMBEDDERS = ["bundled"]
TEXTS = ["知情同意书由受试者签署", "Informed consent is signed", "第十九条", "ｓａｅ 15日"]


@pytest.fixture(params=EMBEDDERS)
def any_embedder(request: pytest.FixtureRequest) -> Embedder:
    return make_embedder(request.param)


def test_vectors_are_unit_length(any_embedder: Embedder) -> None:
    vectors = any_embedder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), any_embedder.dimensions)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("text", ["", "  \n", "。，、"])
def test_an_empty_text_has_a_vector_of_zeros(any_embedder: Embedder, text: str) -> None:
    assert not any_embedder.encode([text]).any()


def test_no_texts_give_no_vectors(any_embedder: Embedder) -> None:
    assert any_embedder.encode([]).shape == (0, any_embedder.dimensions)


def test_a_text_has_one_vector_whatever_stands_beside_it(any_embedder: Embedder) -> None:
    together = any_embedder.encode(TEXTS)
    alone = np.concatenate([any_embedder.encode([text]) for text in TEXTS])
    np.testing.assert_allclose(together, alone, atol=1e-6)


def test_two_instances_agree(any_embedder: Embedder) -> None:
    other = make_embedder("bundled")
    assert other.name == any_embedder.name
    np.testing.assert_array_equal(other.encode(TEXTS), any_embedder.encode(TEXTS))


def test_it_is_a_langchain_embeddings(any_embedder: Embedder) -> None:
    assert isinstance(any_embedder, Embeddings)
    np.testing.assert_array_equal(any_embedder.embed_documents(TEXTS), any_embedder.encode(TEXTS))
    query = any_embedder.encode(TEXTS[:1], is_query=True)[0]
    np.testing.assert_array_equal(any_embedder.embed_query(TEXTS[0]), query)


def test_an_unknown_name_is_refused_with_those_known() -> None:
    with pytest.raises(ValueError, match="'nonesuch'; known: bundled"):
        make_embedder("nonesuch")


@pytest.mark.parametrize("dimensions", [0, 1, 3, 100, -8])
def test_hashing_needs_a_power_of_two(dimensions: int) -> None:
    with pytest.raises(ValueError, match="power of two"):
        HashedEmbedder(dimensions)


def test_hashing_names_its_size() -> None:
    assert {HashedEmbedder(64).name, HashedEmbedder(256).name} == {
        "hashed-ngrams-64",
        "hashed-ngrams-256",
    }


@pytest.mark.parametrize(
    ("text", "near", "far"),
    [
        ("知情同意书签署", "知情同意书的签署", "血压计校准"),
        ("pembrolizumab", "pembrolizumad", "randomisation"),  # a slip of the OCR
        ("隨機分組", "随机分组", "总生存期"),
    ],
)
def test_hashing_sees_spelling(text: str, near: str, far: str) -> None:
    vectors = HashedEmbedder().encode([text, near, far])
    assert vectors[0] @ vectors[1] > 0.5 > vectors[0] @ vectors[2]


def test_hashed_vectors_never_change() -> None:
    # Vectors on disk are compared with those of later versions. Three bigrams and two trigrams.
    vector = HashedEmbedder(8).encode(["知情同意"])[0]
    np.testing.assert_allclose(vector * 7**0.5, [0, -2, 0, 0, -1, 1, 1, 0], atol=1e-5)


@given(st.text(max_size=30))
def test_hashing_takes_any_text(text: str) -> None:
    vector = HashedEmbedder(16).encode([text])[0]
    assert np.isfinite(vector).all() and np.linalg.norm(vector) < 1.0001
