"""Fitting the ranking: on made-up candidates, and once over a tiny dataset."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from eval import tune_ranking
from eval.datasets import Dataset, Text
from eval.ranking_metrics import score_query
from eval.tune_ranking import (
    FIXED,
    NAMES,
    Listing,
    ablation,
    among_all,
    cross_validate,
    fit,
    main,
    normalise,
    report,
    write_weights,
)
from ingest.errors import BadInput
from retrieval.features import FEATURES
from retrieval.ranking import PRODUCT, WEIGHTS, RankingModel
from tests.eval.conftest import WriteDataset

USEFUL = NAMES.index("soft")
CANDIDATES = 20


def made_up(queries: int, seed: int = 0, noise: float = 0.0) -> list[Listing]:
    """One relevant candidate a query, the one with the highest ``soft``; the rest is chance."""
    chooser = np.random.default_rng(seed)
    found = []
    for _ in range(queries):
        values = chooser.random((CANDIDATES, len(NAMES))).astype(np.float32)
        wanted = int(np.argmax(values[:, USEFUL] + noise * chooser.normal(size=CANDIDATES)))
        documents = tuple(f"d{i}" for i in range(CANDIDATES))
        found.append(Listing(values, documents, {f"d{wanted}": 1, "d3 of another chunk": 0}))
    return found


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """So few queries that one column tells apart are fitted without end at a low penalty."""
    pytest.importorskip("scipy")
    monkeypatch.setattr(tune_ranking, "_PENALTY", 0.01)


def test_a_listing_knows_what_is_wanted_and_what_an_order_is_worth() -> None:
    values = np.zeros((4, len(NAMES)), np.float32)
    values[:, USEFUL] = [0.1, 0.9, 0.5, 0.7]
    listing = Listing(values, ("a", "b", "c", "b"), {"c": 2, "b": 0, "missing": 1})
    assert listing.wanted.tolist() == [False, False, True, False]
    # A document ranks by its best chunk: b, c, a.
    expected = score_query(["b", "c", "a"], listing.relevant)["ndcg@10"]
    assert listing.score([USEFUL], np.array([1.0])) == pytest.approx(expected)
    turned = score_query(["a", "c", "b"], listing.relevant)["ndcg@10"]
    assert listing.score([USEFUL], np.array([-1.0])) == pytest.approx(turned)


def test_the_features_set_by_hand_are_not_learned() -> None:
    assert set(FIXED) <= set(FEATURES)
    parts = {part for name in NAMES for part in name.split(PRODUCT)}
    assert parts == set(FEATURES) - set(FIXED)


def turned(listings: list[Listing]) -> list[Listing]:
    """The same with every value the other way round."""
    return [Listing(-one.values, one.documents, one.relevant) for one in listings]


def test_the_fit_finds_the_useful_column() -> None:
    pytest.importorskip("scipy")
    weights = fit(made_up(100), list(range(len(NAMES))))
    assert weights[USEFUL] > 5 * np.abs(np.delete(weights, USEFUL)).max()


def test_more_in_common_never_counts_against_a_passage() -> None:
    pytest.importorskip("scipy")
    assert fit(turned(made_up(60)), [USEFUL])[0] == 0
    weights = fit(turned(made_up(60)), list(range(len(NAMES))))
    for name, weight in zip(NAMES, weights, strict=True):
        if name in tune_ranking._NEVER_NEGATIVE:
            assert weight >= 0, name
    assert (weights < 0).any()  # a product or the length may


def test_every_query_counts_the_same() -> None:
    pytest.importorskip("scipy")
    for many, few in ((60, 20), (20, 60)):
        against = fit(made_up(many) + turned(made_up(few)), [USEFUL])[0]
        assert (against > 0.1) == (many > few)


def test_nothing_is_learned_from_queries_without_a_relevant_candidate() -> None:
    pytest.importorskip("scipy")
    found, lost = made_up(30), [Listing(one.values, one.documents, {}) for one in made_up(30, 9)]
    assert fit(found + lost, [USEFUL])[0] == fit(found, [USEFUL])[0] > 0
    with pytest.raises(BadInput, match="no query to fit on has a relevant document"):
        fit(lost, [USEFUL])


def test_cross_validation_tells_a_useful_column_from_chance() -> None:
    pytest.importorskip("scipy")
    sets = {"one": made_up(60), "two": made_up(40, seed=1)}
    assert cross_validate(sets, ["soft"]) == {"one": 1.0, "two": 1.0}
    by_chance = cross_validate(sets, ["dense"])
    assert by_chance.keys() == sets.keys()
    assert max(by_chance.values()) < 0.5
    assert cross_validate(sets, ["dense"]) == by_chance


def test_a_query_is_scored_by_weights_that_never_saw_it(monkeypatch: pytest.MonkeyPatch) -> None:
    sets = {"one": made_up(30), "two": made_up(20, seed=1)}
    everything = {id(listing) for listings in sets.values() for listing in listings}
    seen: list[set[int]] = []
    scored: list[int] = []

    def pretend_fit(listings: Iterable[Listing], columns: list[int]) -> np.ndarray:
        seen.append({id(listing) for listing in listings})
        return np.ones(len(columns))

    def pretend_score(self: Listing, columns: list[int], weights: np.ndarray) -> float:
        assert id(self) not in seen[-1]
        scored.append(id(self))
        return float(id(self) in {id(listing) for listing in sets["one"]})

    monkeypatch.setattr(tune_ranking, "fit", pretend_fit)
    monkeypatch.setattr(Listing, "score", pretend_score)
    assert cross_validate(sets, ["soft"]) == {"one": 1.0, "two": 0.0}
    assert len(seen) == 5
    assert sorted(scored) == sorted(everything)  # each once
    for fold in seen:
        assert len(everything) / 2 < len(fold) < len(everything)


def test_the_best_has_one_and_the_fiftieth_what_it_should() -> None:
    sets = {"one": made_up(10), "two": made_up(5, seed=1)}
    few = {"few": [Listing(one.values[:4], one.documents[:4], {}) for one in made_up(6)]}
    given = np.random.default_rng(0).random(len(NAMES))
    for listings in (sets, few):
        weights, offset = normalise(listings, given)
        scores = [np.sort(x.values @ weights + offset) for part in listings.values() for x in part]
        assert np.mean([row[-1] for row in scores]) == pytest.approx(1)
        last = np.mean([row[0] for row in scores])  # there are fewer than fifty
        assert last == pytest.approx(tune_ranking._FIFTIETH)
        np.testing.assert_allclose(weights / weights[0], given / given[0])


def test_weights_are_written_and_what_is_set_by_hand_stays(tmp_path: Path) -> None:
    path = tmp_path / "ranking.toml"
    path.write_text(
        "offset = 9.0\nleast_cosine = 0.123\n[weights]\nlexical = 7.0\ngone = 1.0\n"
        "authority = 0.77\ndraft = -0.55\n"
    )
    weights = np.linspace(-1, 1, len(NAMES))
    write_weights(path, weights, 0.25, ["laws_dev", "tables_dev"])
    model = RankingModel.read(path)
    assert (model.offset, model.least_cosine) == (0.25, 0.123)
    by_hand = {"authority": 0.77, "draft": -0.55}
    assert model.weights.keys() == set(NAMES) | set(FIXED)
    for name, weight in (by_hand | dict(zip(NAMES, weights, strict=True))).items():
        assert model.weights[name] == pytest.approx(weight, abs=5e-5)
    assert "on laws_dev, tables_dev;" in path.read_text("utf-8")
    write_weights(path, weights, 0.25, ["laws_dev", "tables_dev"])  # nothing is lost the next time
    assert RankingModel.read(path) == model


def test_a_new_file_of_weights_takes_what_is_set_by_hand_from_the_one_that_ships(
    tmp_path: Path,
) -> None:
    path = tmp_path / "trial.toml"
    write_weights(path, np.ones(len(NAMES)), 0.0, ["laws_dev"])
    ours, new = RankingModel.read(WEIGHTS), RankingModel.read(path)
    assert new.least_cosine == ours.least_cosine
    assert {name: new.weights[name] for name in FIXED} == {n: ours.weights[n] for n in FIXED}


@pytest.mark.usefixtures("quick")
def test_the_ablation_has_a_row_for_every_feature() -> None:
    sets = {"one": made_up(15, noise=0.1), "two": made_up(10, seed=1, noise=0.1)}
    rows = ablation(sets)
    assert all(scores.keys() == sets.keys() for scores in rows.values())
    left_out = {label.removeprefix("all without ") for label in rows if " without " in label}
    assert left_out == set(FEATURES) - set(FIXED)
    means = {label: np.mean(list(scores.values())) for label, scores in rows.items()}
    assert means["soft matching only"] > means["vectors only"]
    assert means["all"] > means["all without soft"]
    assert list(rows)[-1] == "all, fitted on the other sets only"


def test_one_set_alone_has_no_others_to_be_fitted_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tune_ranking, "cross_validate", lambda sets, _: dict.fromkeys(sets, 0.5))
    rows = ablation({"alone": made_up(10)})
    assert rows["all"] == {"alone": 0.5}
    assert rows["all, fitted on the other sets only"]["alone"] < 1


def test_the_table_in_words_and_figures() -> None:
    rows = {"words only": {"laws": 0.5, "tables": 0.25}, "all": {"laws": 0.75, "tables": 0.5}}
    lines = report(rows, "python -m eval.tune_ranking laws tables").splitlines()
    assert "by `python -m eval.tune_ranking laws tables`" in "\n".join(lines)
    start = lines.index("| | laws | tables | mean |")
    assert lines[start + 1 : start + 4] == [
        "|---|---|---|---|",
        "| words only | 0.500 | 0.250 | 0.375 |",
        "| all | 0.750 | 0.500 | 0.625 |",
    ]
    for name, meaning in FEATURES.items():
        assert f"- **{name}**: {meaning}" in lines


def test_what_was_asked_of_all_sets_together_has_a_table_of_its_own() -> None:
    rows = {"all": {"laws": 0.75, "tables": 0.5, "laws among all": 0.25, "tables among all": 0.0}}
    lines = report(rows, "python -m eval.tune_ranking laws tables").splitlines()
    one, other = (n for n, line in enumerate(lines) if line == "| | laws | tables | mean |")
    assert lines[one + 2] == "| all | 0.750 | 0.500 | 0.625 |"
    assert lines[other + 2] == "| all | 0.250 | 0.000 | 0.125 |"


@pytest.fixture
def dataset(write_dataset: WriteDataset) -> Path:
    """Twelve short rules, each with the question it answers."""
    subjects = ["药房", "护士", "监查员", "申办者", "受试者", "伦理委员会"]
    things = ["体温记录", "回收登记"]
    topics = [f"{subject}{thing}" for subject in subjects for thing in things]
    return write_dataset(
        "rules",
        {f"d{i}": f"{topic}应当在{i + 2}日内完成。" for i, topic in enumerate(topics)},
        {f"q{i}": f"{topic}几天内做完" for i, topic in enumerate(topics)},
        {f"q{i}": {f"d{i}": 1} for i in range(len(topics))},
    )


def test_all_sets_together_are_one_corpus() -> None:
    def made(name: str, **corpus: str) -> Dataset:
        texts = {key: Text("", body) for key, body in corpus.items()}
        queries = {f"{name}{n}": "何时" for n in range(200)}
        return Dataset(name, texts, queries, {key: {"a": 1} for key in queries})

    one, other = among_all([made("one", a="甲", b="乙"), made("other", a="甲", c="丙")])
    assert one.corpus == other.corpus and list(one.corpus) == ["a", "b", "c"]
    assert (one.name, other.name) == ("one among all", "other among all")
    assert len(one.queries) == 150 and one.qrels["one0"] == {"a": 1}
    with pytest.raises(BadInput, match="'a' of other is another one"):
        among_all([made("one", a="甲"), made("other", a="乙")])


@pytest.mark.usefixtures("quick")
def test_datasets_are_tuned_on_from_the_command_line(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    weights, page = tmp_path / "trial.toml", tmp_path / "docs" / "ablation.md"
    arguments = [str(dataset), "--write", "--weights", str(weights), "--report", str(page)]
    before = WEIGHTS.read_bytes()
    assert main(arguments) == 0
    said = capsys.readouterr().out
    assert "rules: 12 queries" in said and f"written to {weights}" in said
    [figure] = re.findall(r"^\| all \| (\d\.\d{3}) \| \1 \|$", page.read_text("utf-8"), re.M)
    assert float(figure) > 0.9
    assert RankingModel.read(weights).weights.keys() == set(NAMES) | set(FIXED)
    assert tomllib.loads(weights.read_text("utf-8"))["offset"] != 0
    assert WEIGHTS.read_bytes() == before


def test_what_is_no_dataset_is_refused_before_any_work(
    dataset: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pytest.importorskip("scipy")
    monkeypatch.setattr(tune_ranking, "collect_all", lambda _: pytest.fail("work was done"))
    assert main([str(dataset), str(tmp_path / "nowhere")]) == 2
    [sentence] = capsys.readouterr().err.splitlines()
    assert sentence.startswith("eval.tune_ranking: ") and "nowhere" in sentence


def test_without_scipy_it_says_what_to_install(
    dataset: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert main([str(dataset)]) == 2
    [sentence] = capsys.readouterr().err.splitlines()
    assert sentence.startswith("eval.tune_ranking: tuning needs scipy") and "[train]" in sentence
