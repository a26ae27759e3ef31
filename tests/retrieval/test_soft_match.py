"""Soft matching over a model of seven words, against a loop over all pairs of tokens."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save_file
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import WhitespaceSplit

from retrieval.embedders import ModelUnusable
from retrieval.embedders.static import MODEL_FILE, TOKENIZER_FILE
from retrieval.soft_match import LONGEST, SoftMatcher, SoftMatches
from retrieval.tokens import TokenLists

WORDS = ("[UNK]", "知情", "同意", "consent", "15", "15日", "trial", "，")
VECTORS = np.array(
    [
        [0, 0, 1],
        [3, 0, 0],
        [0.6, 0.8, 0],
        [1, 0.1, 0],
        [0, 1, 0],
        [0, -1, 0],
        [-1, 0, 0],
        [0, 0, 2],
    ],
    dtype=np.float32,
)
IMPORTANCE = np.array([0.1, 2, 1, 1.5, 0.5, 0.5, 1, 0], dtype=np.float32)
TEXTS = st.lists(st.sampled_from([*WORDS[1:], "unheard"]), max_size=6).map(" ".join)


def write_model(folder: Path, importance: np.ndarray | None = IMPORTANCE) -> Path:
    folder.mkdir(exist_ok=True)
    vocabulary = {word: number for number, word in enumerate(WORDS)}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    tokenizer.save(str(folder / TOKENIZER_FILE))
    tensors = {"embedding.weight": VECTORS}
    if importance is not None:
        tensors["importance"] = importance
    save_file(tensors, folder / MODEL_FILE)
    return folder


@pytest.fixture(scope="module")
def matcher(tmp_path_factory: pytest.TempPathFactory) -> SoftMatcher:
    return SoftMatcher(write_model(tmp_path_factory.mktemp("models") / "tiny"))


def test_more_tokens_than_16_bits_can_number_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.soft_match._MOST_PIECES", len(WORDS))
    SoftMatcher(write_model(tmp_path / "fits"))
    monkeypatch.setattr("retrieval.soft_match._MOST_PIECES", len(WORDS) - 1)
    with pytest.raises(ModelUnusable, match=f"has {len(WORDS)} tokens"):
        SoftMatcher(tmp_path / "fits")


def compare(matcher: SoftMatcher, question: str, passages: Sequence[str]) -> SoftMatches:
    return matcher.compare(question, TokenLists.build(matcher.tokens(list(passages))))


def tokens(text: str) -> list[int]:
    return [WORDS.index(word) if word in WORDS else 0 for word in text.split()]


def naive(question: str, passage: str) -> float:
    """``soft`` of one passage, pair by pair."""
    asked = sorted(set(tokens(question)))
    total = sum(float(IMPORTANCE[token]) for token in asked)
    if not total:
        return 0.0
    soft = 0.0
    for token in asked:
        cosines = [
            float(VECTORS[token] @ VECTORS[other])
            / float(np.linalg.norm(VECTORS[token]) * np.linalg.norm(VECTORS[other]))
            for other in tokens(passage) or [0]
        ]
        near = max(0.0, *cosines)
        soft += float(IMPORTANCE[token]) / total * near * (2 - near)
    return soft


@given(TEXTS, st.lists(TEXTS, min_size=1, max_size=5))
@settings(deadline=None)
def test_each_token_is_compared_with_its_nearest(
    matcher: SoftMatcher, question: str, passages: list[str]
) -> None:
    found = compare(matcher, question, passages)
    expected = [naive(question, passage) for passage in passages]
    np.testing.assert_allclose(found.soft, expected, atol=1e-5)
    for values in (found.soft, found.figures, found.length, found.foreign):
        assert values.shape == (len(passages),) and values.dtype == np.float32


def test_a_worked_example(matcher: SoftMatcher) -> None:
    found = compare(matcher, "知情 15", ["知情 同意", "trial"])
    # 知情 (2 of 2.5) finds itself and 15 (0.5 of 2.5) finds 同意 at 0.8; trial is -1 and 0.
    np.testing.assert_allclose(found.soft, [(2 * 1 + 0.5 * 0.8 * 1.2) / 2.5, 0], atol=1e-6)


def test_how_often_and_where_a_token_stands_changes_nothing(matcher: SoftMatcher) -> None:
    found = compare(matcher, "consent consent 知情", ["同意 知情", "知情 知情 同意 知情"])
    assert found.soft[0] == found.soft[1]
    np.testing.assert_allclose(found.soft[0], naive("consent 知情", "同意 知情"), atol=1e-6)


def test_scripts_and_figures_are_counted(matcher: SoftMatcher) -> None:
    passages = ["知情 consent trial ，", "15 15日 知情", "， ，"]
    found = compare(matcher, "知情 15日 consent consent", passages)
    # 15日 holds a Chinese character, so it is no figure.
    np.testing.assert_allclose(found.figures, [0, 1 / 3, 0], atol=1e-6)
    assert found.length.tolist() == [4, 3, 2]


@pytest.mark.parametrize("question", ["", "   ", "，"])
def test_a_question_without_a_telling_token_matches_nothing(
    matcher: SoftMatcher, question: str
) -> None:
    found = compare(matcher, question, ["知情", "， 15"])
    assert found.soft.tolist() == [0, 0]
    assert found.foreign.tolist() == [0, 0]


def test_what_is_found_across_languages_is_foreign(matcher: SoftMatcher) -> None:
    found = compare(matcher, "consent", ["同意", "consent", "同意 consent", "15"])
    assert found.foreign.tolist() == [1, 0, 0, 0]


def test_a_passage_without_tokens_is_one_unknown_token(matcher: SoftMatcher) -> None:
    assert [part.tolist() for part in matcher.tokens(["", "知情", "  "])] == [[0], [1], [0]]
    found = compare(matcher, "知情", ["", "知情"])
    np.testing.assert_allclose(found.soft, [0, 1], atol=1e-6)
    assert found.length.tolist() == [1, 1]


def test_a_long_passage_is_cut(matcher: SoftMatcher) -> None:
    [found] = matcher.tokens(["知情 " * LONGEST + "trial"])
    assert found.tolist() == [1] * LONGEST
    assert found.dtype == np.uint16


def test_a_passage_has_the_same_values_whatever_stands_beside_it(matcher: SoftMatcher) -> None:
    passages = ["知情 同意", "trial 15", "consent"]
    together = compare(matcher, "知情 consent", passages).soft
    alone = [compare(matcher, "知情 consent", [passage]).soft[0] for passage in passages]
    assert together.tolist() == alone


def test_without_importance_longer_vectors_count_more(tmp_path: Path) -> None:
    matcher = SoftMatcher(write_model(tmp_path / "foreign", None))
    found = compare(matcher, "知情 trial", ["知情"])  # lengths 3 and 1; their cosine is -1
    np.testing.assert_allclose(found.soft, [3 / 4], atol=1e-6)


def test_the_bundled_model_takes_any_text() -> None:
    matcher = SoftMatcher()
    texts = ["受试者签署知情同意书。", "Informed consent", "", "\ud800 \x00", "15日"]
    found = compare(matcher, "知情同意 informed consent 15日", texts)
    for values in (found.soft, found.figures, found.foreign):
        assert np.isfinite(values).all() and (values >= 0).all() and (values <= 1.0001).all()
    assert (found.length >= 1).all()
    assert found.soft[0] > found.soft[2]
