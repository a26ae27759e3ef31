from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from retrieval.features import FEATURES
from retrieval.ranking import BadWeights, RankingModel, combine, load_ranking

GOOD = """
offset = -0.5
least_cosine = 0.4

[weights]
lexical = 1
"lexical*foreign" = -2.0
"""
FEATURES_OF_TWO = {name: np.zeros(2, dtype=np.float32) for name in FEATURES} | {
    "lexical": np.array([1, 0.5], dtype=np.float32),
    "foreign": np.array([0.25, 0], dtype=np.float32),
    "dense": np.array([0, 1], dtype=np.float32),
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ranking.toml"


def test_a_file_of_weights_is_read(file: Path) -> None:
    file.write_text(GOOD, encoding="utf-8")
    model = RankingModel.read(file)
    assert model == RankingModel({"lexical": 1.0, "lexical*foreign": -2.0}, -0.5, 0.4)


def test_scores_are_the_weighed_sum_of_features_and_products() -> None:
    model = RankingModel({"lexical": 1.0, "lexical*foreign": -2.0}, -0.5, 0.4)
    assert model.score(FEATURES_OF_TWO).tolist() == [-0.5 + 1 - 2 * 0.25, -0.5 + 0.5]


def test_without_weights_there_is_the_offset() -> None:
    assert RankingModel({}, 0.25, 0).score(FEATURES_OF_TWO).tolist() == [0.25, 0.25]


def test_products_may_have_several_factors() -> None:
    assert combine("lexical", FEATURES_OF_TWO).tolist() == [1, 0.5]
    assert combine("lexical*dense", FEATURES_OF_TWO).tolist() == [0, 0.5]
    assert combine("lexical*dense*lexical", FEATURES_OF_TWO).tolist() == [0, 0.25]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("offset = -0.5", ""),
        ("least_cosine = 0.4", ""),
        ("[weights]", "[other]"),
        ("[weights]\nlexical = 1", 'weights = "much"'),
        ("lexical = 1", 'lexical = "much"'),
        ("lexical = 1", "lexical = [1]"),
        ("offset = -0.5", "offset ="),
        ("offset = -0.5", 'offset = "none"'),
    ],
)
def test_a_file_that_cannot_be_used_is_named(file: Path, old: str, new: str) -> None:
    assert old in GOOD
    file.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(BadWeights, match=r"ranking\.toml: not a file of ranking weights"):
        RankingModel.read(file)


def test_a_file_that_is_not_text_or_not_there_is_named(file: Path) -> None:
    with pytest.raises(BadWeights, match=r"ranking\.toml: not a file"):
        RankingModel.read(file)
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadWeights, match=r"ranking\.toml: not a file"):
        RankingModel.read(file)


@pytest.mark.parametrize("name", ["lexicle", "lexical*dence", "", "*", "lexical*"])
def test_a_feature_that_is_not_measured_is_refused(file: Path, name: str) -> None:
    file.write_text(f'{GOOD}"{name}" = 1.0\n', encoding="utf-8")
    with pytest.raises(BadWeights, match="there is no feature"):
        RankingModel.read(file)


@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
def test_a_weight_that_is_no_number_is_refused(file: Path, value: str) -> None:
    file.write_text(f"{GOOD}dense = {value}\n", encoding="utf-8")
    with pytest.raises(BadWeights):
        RankingModel.read(file)


def test_the_weights_that_ship_can_be_read() -> None:
    model = load_ranking()
    assert model is load_ranking()  # once a process
    assert model.weights and 0 < model.least_cosine < 1
    assert np.isfinite(model.score(FEATURES_OF_TWO)).all()


def test_the_weights_that_ship_prefer_what_they_should() -> None:
    weights = load_ranking().weights
    assert weights.get("draft", 0) <= 0 <= weights.get("authority", 0)


def passages(**values: list[float]) -> dict[str, np.ndarray]:
    """Features of passages; 0 where not named."""
    count = len(next(iter(values.values())))
    zeros = {name: np.zeros(count, dtype=np.float32) for name in FEATURES}
    return zeros | {name: np.array(value, dtype=np.float32) for name, value in values.items()}


@pytest.mark.parametrize("figures", [0.0, 0.5])
@pytest.mark.parametrize("length", [0.0, 0.5, 0.85])  # of 1, 32 and 320 tokens
def test_the_weights_that_ship_never_count_what_was_found_against_a_passage(
    length: float, figures: float
) -> None:
    ranking = load_ranking()
    steps = np.linspace(0, 1, 21)
    same = {"length": [length] * 21, "figures": [figures] * 21}
    for name in ("lexical", "soft", "coverage", "heading", "adjacent", "numbers"):
        scores = ranking.score(passages(**{name: steps.tolist()}, **same))
        assert (np.diff(scores) >= -1e-9).all(), name
    # A passage in the other language: the more of it was found, the better; never better than the
    # same in the question's own.
    foreign = (4 * steps * (1 - steps)).tolist()
    abroad = ranking.score(passages(soft=steps.tolist(), foreign=foreign, **same))
    assert (np.diff(abroad) >= -1e-9).all()
    assert abroad[-1] == ranking.score(passages(soft=[1.0], length=[length], figures=[figures]))[0]
