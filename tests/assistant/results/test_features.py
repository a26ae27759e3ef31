from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.results import read_comparison
from assistant.results.features import FEATURES, REPORTS, SPEAKS_AGAINST, measure
from assistant.results.model import BadResultWeights, ResultModel, load_model
from assistant.results.paper import Line, Paper, found_cues
from retrieval.lexicon import Lexicon

LINES = [
    Line("The aim was to determine whether pain falls.", 0, ("Introduction",)),
    Line("Pain was lower with yoga than with usual care (3 vs 5, P = 0.01).", 1, ("Results",)),
    Line("Mood did not differ between the groups.", 1, ("Results",)),
    Line("[3] Pain after yoga and usual care: a trial.", 2, ("References",)),
]
ASKED = read_comparison("Did yoga reduce pain compared with usual care?")


def test_every_feature_is_measured_once_a_sentence() -> None:
    features = measure(ASKED, Paper(LINES), Lexicon.empty()).features
    assert features.keys() == FEATURES.keys()
    for values in features.values():
        assert values.shape == (4,)
        assert ((values >= 0) & (values <= 1 + 1e-9)).all()


def test_what_is_measured() -> None:
    features = measure(ASKED, Paper(LINES), Lexicon.empty()).features
    assert features["outcome"].tolist() == [1, 1, 0, 1]
    assert features["outcome_before"].tolist() == [0, 0, 1, 0]
    assert features["results"].tolist() == [0, 1, 1, 0]
    assert features["back"].tolist() == [0, 0, 0, 1]
    assert features["aim"].tolist() == [1, 0, 0, 0]


def test_the_reporting_sentence_wins() -> None:
    features = measure(ASKED, Paper(LINES), Lexicon.empty()).features
    assert int(np.argmax(load_model().score(features))) == 1


def test_no_sentences() -> None:
    measured = measure(ASKED, Paper([]), Lexicon.empty())
    assert load_model().score(measured.features).shape == (0,)


def test_the_signs_of_the_weights_are_those_of_their_meaning() -> None:
    for name, weight in load_model().weights.items():
        assert weight <= 0 if name in SPEAKS_AGAINST else weight >= 0
        assert set(name.split("*")) <= FEATURES.keys()
    assert REPORTS.keys() - {"numbers"} <= load_model().weights.keys()


@pytest.mark.parametrize(
    "text",
    ["[weights]\nnonsense = 1.0", "[weights]\noutcome = nan", "weights = 3", "[weights"],
)
def test_a_bad_file_of_weights_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "weights.toml"
    path.write_text(text)
    with pytest.raises(BadResultWeights, match=r"weights\.toml"):
        ResultModel.read(path)


@pytest.mark.parametrize(
    ("sentence", "cue"),
    [
        ("P < .001", "statistic"),
        ("(95% CI 0.6 to 0.9)", "statistic"),
        ("差异有统计学意义", "significance"),
        ("两组间差异无统计学意义", "no_difference"),
        ("There was no significant difference", "no_difference"),
        ("治疗组高于对照组", "direction"),
        ("as others have shown [12, 13]", "other_studies"),
        ("本研究旨在探讨", "aim"),
        ("Table 2 Baseline", "caption"),
    ],
)
def test_how_sentences_are_worded(sentence: str, cue: str) -> None:
    assert cue in found_cues(sentence)


@pytest.mark.parametrize("sentence", ["The trial lasted 12 weeks.", "受试者签署知情同意书。"])
def test_other_sentences_report_nothing(sentence: str) -> None:
    assert not found_cues(sentence) & {"statistic", "significance", "no_difference", "direction"}
