"""Fitting sentence weights and confidence: on made-up evidence, and once over a tiny index."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import confidence, scoring
from assistant.features import FEATURES, Asked, Measured
from assistant.scoring import Scored, read_weights
from eval import tune_answers
from eval.questions_file import EvalQuestion, Expect, Split
from eval.tune_answers import (
    Case,
    Example,
    Part,
    area,
    curve,
    examples,
    fit_confidence,
    fit_sentences,
    shown_points,
    sure,
    tune,
    write_weights,
)
from ingest.errors import BadInput
from tests.assistant.conftest import DOCUMENTS
from tests.assistant.made_up import asked, sentence_of, unit
from tests.conftest import BuildIndex

NAMES = list(FEATURES)
PLANTED = NAMES.index("like")
SENTENCES = 8
ABOUT = asked("样本库多久答复", unit("样本库"), unit("答复"))


@pytest.fixture(autouse=True)
def needs_scipy() -> None:
    pytest.importorskip("scipy")


def make_question(
    name: str, expect: Expect = "answer", points: int = 1, split: Split | None = None
) -> EvalQuestion:
    forms = (("30日",),) * points
    return EvalQuestion(name, "zh", "made_up", "多久答复", expect, forms, (), (), None, split=split)


def make_part(values: np.ndarray, held: Sequence[Sequence[bool]], about: Asked = ABOUT) -> Part:
    """Sentences with the features given; ``held`` says which holds which key point."""
    found = [
        Scored(
            Measured(
                sentence_of("a", f"第{number}句话。"),
                dict(zip(NAMES, map(float, row), strict=True)),
                True,
            ),
            0.0,
        )
        for number, row in enumerate(values)
    ]
    points = np.array(held, bool).reshape(len(held), len(values))
    return Part(about, found, values, points, np.ones(len(values), bool))


def made_up(
    count: int,
    seed: int = 0,
    expect: Expect = "answer",
    split: Split | None = None,
    sign: float = 1.0,
    prefix: str = "q",
) -> list[Case]:
    """Questions whose key point stands where the planted feature is highest; the rest is chance.

    Of a question without an answer the planted feature is low throughout.
    """
    chooser = np.random.default_rng(seed)
    found = []
    for number in range(count):
        values = chooser.random((SENTENCES, len(NAMES)))
        holds = np.zeros(SENTENCES, bool)
        if expect == "answer":
            holds[np.argmax(sign * values[:, PLANTED])] = True
            held = [holds]
        else:
            values[:, PLANTED] *= 0.3
            held = []
        question = make_question(f"{prefix}{number}", expect, len(held), split)
        found.append(Case(question, [make_part(values, held)]))
    return found


def column(name: str) -> np.ndarray:
    return np.array([float(feature == name) for feature in NAMES])


# --- sentences ------------------------------------------------------------------------------------


def test_the_fit_finds_the_planted_signal() -> None:
    weights = fit_sentences(made_up(60))
    assert weights[PLANTED] > 2 * np.abs(np.delete(weights, PLANTED)).max()


def test_no_weight_leaves_the_side_that_its_meaning_allows() -> None:
    assert scoring.SIGNS.keys() <= FEATURES.keys()
    weights = fit_sentences(made_up(60, sign=-1.0))
    for name, weight in zip(NAMES, weights, strict=True):
        least, most = scoring.SIGNS.get(name, (None, None))
        assert least is None or weight >= least, name
        assert most is None or weight <= most, name
    assert weights[PLANTED] < fit_sentences(made_up(60))[PLANTED] / 10


def test_what_was_fitted_brings_up_the_sentences_of_other_questions() -> None:
    weights, others = fit_sentences(made_up(80)), made_up(40, seed=1)
    assert shown_points(others, lambda _: weights)[3] > 0.95
    assert shown_points(others, lambda _: column("own"))[3] < 0.7


def test_the_gradient_is_that_of_the_loss() -> None:
    cases = made_up(4)
    two = np.random.default_rng(5).random((SENTENCES, len(NAMES)))
    held = [[n in (0, 3) for n in range(SENTENCES)], [n == 1 for n in range(SENTENCES)]]
    both = [make_part(two, held), make_part(two[::-1].copy(), held)]
    cases.append(Case(make_question("two", points=2), both))
    weights = np.random.default_rng(6).normal(size=len(NAMES))
    for case in cases:
        _, slope = tune_answers._case_loss(case, weights)
        for place in (0, PLANTED, len(NAMES) - 1):
            step = np.zeros(len(NAMES))
            step[place] = 1e-5
            above, _ = tune_answers._case_loss(case, weights + step)
            below, _ = tune_answers._case_loss(case, weights - step)
            assert slope[place] == pytest.approx((above - below) / 2e-5, abs=1e-5)


def test_a_stronger_penalty_gives_smaller_weights() -> None:
    cases = made_up(30)
    light, heavy = fit_sentences(cases, 0.1), fit_sentences(cases, 100.0)
    assert np.abs(heavy).sum() < np.abs(light).sum()


def test_questions_whose_answer_was_not_found_teach_nothing() -> None:
    found = made_up(20)
    lost = [
        Case(case.question, [make_part(part.values, [[False] * SENTENCES]) for part in case.parts])
        for case in made_up(20, seed=3, prefix="lost")
    ]
    np.testing.assert_allclose(fit_sentences(found + lost), fit_sentences(found))


def test_the_best_sentences_are_shown_each_text_once() -> None:
    values = np.zeros((4, len(NAMES)))
    values[:, PLANTED] = [0.1, 0.9, 0.5, 0.8]
    part = make_part(values, [[False] * 4])
    assert part.best(column("like"), 2) == [1, 3]
    assert part.best(column("like"), 9) == [1, 3, 2, 0]
    same = Part(
        part.asked, [part.scored[n] for n in (0, 1, 2, 1)], values, part.points, part.answers
    )
    assert same.best(column("like"), 2) == [1, 2]


def test_the_share_of_key_points_among_the_best() -> None:
    values = np.zeros((9, len(NAMES)))
    values[:, PLANTED] = np.arange(9, 0, -1)
    held = [[n == 1 for n in range(9)], [n == 4 for n in range(9)], [n == 8 for n in range(9)]]
    case = Case(make_question("q", points=3), [make_part(values, held)])
    shares = shown_points([case], lambda _: column("like"))
    assert shares == {3: 0.333, 5: 0.667, 8: 0.667}
    assert shown_points([], lambda _: column("like")) == dict.fromkeys(shares, 0.0)


def test_a_question_is_in_the_same_fold_on_every_index_and_folds_differ() -> None:
    folds = [case.fold for case in made_up(40)]
    assert folds == [case.fold for case in made_up(40, seed=9, split="tune")]
    assert set(folds) == set(range(5))


def test_a_question_is_scored_by_weights_that_never_saw_it() -> None:
    cases = made_up(25)
    seen: list[set[str]] = []

    def pretend_fit(some: list[Case]) -> np.ndarray:
        seen.append({case.question.id for case in some})
        return np.array([float(len(seen) - 1)])

    weights = tune_answers._folded(pretend_fit, cases)
    for case in cases:
        assert case.question.id not in seen[int(weights(case)[0])]
    assert all(len(fold) > 10 for fold in seen)


# --- confidence -----------------------------------------------------------------------------------


def test_examples_are_parts_with_and_without_an_answer() -> None:
    answered, nothing = made_up(3), made_up(2, seed=1, expect="abstain", prefix="none")
    found = list(examples([*answered, *nothing], lambda _: column("like")))
    assert [example.answered for example in found] == [True] * 3 + [False] * 2
    assert {len(example.values) for example in found} == {len(confidence.FEATURES)}
    assert [example.fold for example in found] == [case.fold for case in [*answered, *nothing]]


def test_the_part_beside_one_that_is_answered_is_left_out() -> None:
    values = np.random.default_rng(0).random((SENTENCES, len(NAMES)))
    holds, lacks = [[True] * SENTENCES], [[False] * SENTENCES]
    two = Case(make_question("two"), [make_part(values, holds), make_part(values, lacks)])
    none = Case(make_question("none"), [make_part(values, lacks), make_part(values, lacks)])
    assert [e.answered for e in examples([two, none], lambda _: column("like"))] == [
        True,
        False,
        False,
    ]


def test_only_sentences_of_a_kind_asked_for_speak_for_confidence() -> None:
    values = np.zeros((2, len(NAMES)))
    values[:, NAMES.index("asked")] = [0.9, 0.2]
    values[:, PLANTED] = [0.9, 0.2]
    part = make_part(values, [[True, True]])
    place = list(confidence.FEATURES).index("asked")
    for answers, most in ((np.array([True, True]), 0.9), (np.array([False, True]), 0.2)):
        judged = Part(part.asked, part.scored, part.values, part.points, answers)
        [example] = examples([Case(make_question("q"), [judged])], lambda _: column("like"))
        assert example.values[place] == most
    none = Part(part.asked, part.scored, part.values, part.points, np.array([False, False]))
    assert list(examples([Case(make_question("q"), [none])], lambda _: column("like"))) == []


def test_the_confidence_tells_answered_from_not() -> None:
    cases = made_up(50) + made_up(50, seed=1, expect="abstain", prefix="none")
    found = list(examples(cases, lambda _: column("like")))
    weights = fit_confidence(found)
    scores = [sure(weights, example) for example in found]
    assert all(0 < score < 1 for score in scores)
    assert area(scores, [example.answered for example in found]) > 0.99
    others = made_up(30, seed=5) + made_up(30, seed=6, expect="abstain", prefix="none")
    apart = list(examples(others, lambda _: column("like")))
    assert area([sure(weights, e) for e in apart], [e.answered for e in apart]) > 0.9


def test_the_bias_is_not_shrunk() -> None:
    [case] = made_up(1)
    values = np.zeros(len(confidence.FEATURES))
    values[list(confidence.FEATURES).index("bias")] = 1.0
    found = [Example(values, answered, 0, case) for answered in (True, True, True, False)]
    weights = fit_confidence(found, penalty=1e6)
    assert sure(weights, found[0]) == pytest.approx(0.75, abs=0.01)


def test_the_fitted_likelihood_is_the_one_that_answers_are_judged_by(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    weights = np.random.default_rng(2).normal(size=len(confidence.FEATURES))
    [case] = made_up(1)
    [example] = examples([case], lambda _: column("like"))
    named = dict(zip(confidence.FEATURES, weights, strict=True))
    monkeypatch.setattr(confidence, "confidence_weights", lambda: named)
    ranked = tune_answers._ranked(case.parts[0], column("like"))
    assert sure(weights, example) == pytest.approx(confidence.confidence(ABOUT, ranked))


# --- figures --------------------------------------------------------------------------------------


def test_the_area_under_the_curve() -> None:
    assert area([0.9, 0.8, 0.2], [True, True, False]) == 1.0
    assert area([0.9, 0.1, 0.5], [True, True, False]) == 0.5
    assert area([0.5, 0.5], [True, False]) == 0.5
    assert area([0.1, 0.9], [True, False]) == 0.0
    assert np.isnan(area([0.1], [True])) and np.isnan(area([0.1], [False]))


_scores = st.lists(st.tuples(st.integers(0, 100), st.booleans()), min_size=2, max_size=30)


@settings(max_examples=60, deadline=None)
@given(_scores.filter(lambda pairs: len({answered for _, answered in pairs}) == 2))
def test_a_higher_threshold_answers_less_and_abstains_more(pairs: list[tuple[int, bool]]) -> None:
    scores = [score / 100 for score, _ in pairs]
    answered = [found for _, found in pairs]
    rows = curve(scores, answered)
    assert [t for t, _, _ in rows] == sorted(t for t, _, _ in rows)
    assert [c for _, c, _ in rows] == sorted((c for _, c, _ in rows), reverse=True)
    assert [a for _, _, a in rows] == sorted(a for _, _, a in rows)
    right = [score for score, found in zip(scores, answered, strict=True) if found]
    for threshold, covered, _ in rows:
        assert covered == pytest.approx(sum(s >= threshold for s in right) / len(right))
    turned = area([-score for score in scores], answered)
    assert area(scores, answered) + turned == pytest.approx(1)


# --- files ----------------------------------------------------------------------------------------


def test_weights_are_replaced_and_the_rest_of_the_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "confidence.toml"
    path.write_text(
        "# Reviewed by people.\n\n# Fitted 2020-01-01 by somebody.\n[weights]\n"
        '"own" = 1.0\n"gone" = 2.0\n\n# Facts of one place.\n[local]\nasks = ["我院"]\n',
        "utf-8",
    )
    for _ in range(2):  # the same again changes nothing
        write_weights(path, ["own", "context"], np.array([0.25, -1.23456]), "2026-11-22")
        text = path.read_text("utf-8")
        assert tomllib.loads(text) == {
            "weights": {"own": 0.25, "context": -1.2346},
            "local": {"asks": ["我院"]},
        }
        assert text.startswith("# Reviewed by people.\n\n# Fitted 2026-11-22 by")
        assert "\n# Facts of one place.\n[local]\n" in text
        assert text.count("# Fitted") == text.count("[weights]") == 1


def test_a_file_without_weights_is_left_alone_and_named(tmp_path: Path) -> None:
    path = tmp_path / "other.toml"
    path.write_text("[local]\nasks = []\n", "utf-8")
    with pytest.raises(BadInput, match=r"other\.toml: there is no table \[weights\]"):
        write_weights(path, ["asked"], np.array([1.0]), "2026-11-22")
    assert path.read_text("utf-8") == "[local]\nasks = []\n"


@pytest.mark.parametrize("path", [scoring.WEIGHTS, confidence.WEIGHTS])
def test_the_files_that_ship_can_be_written_again(path: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copy(path, tmp_path))
    before = tomllib.loads(copy.read_text("utf-8"))
    names = list(before["weights"])
    write_weights(copy, names, np.arange(len(names)) / 8, "2026-11-22")
    after = tomllib.loads(copy.read_text("utf-8"))
    assert after.pop("weights") == {name: n / 8 for n, name in enumerate(names)}
    assert before.pop("weights")
    assert after == before


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Copies of the files of weights, written to instead of those that ship."""
    found = []
    for module in (scoring, confidence):
        copy = Path(shutil.copy(module.WEIGHTS, tmp_path))
        monkeypatch.setattr(module, "WEIGHTS", copy)
        found.append(copy)
    return found[0], found[1]


Run = Callable[..., tuple[dict[str, float], dict[str, float]]]


@pytest.fixture
def run(files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Run:
    """``run(cases, write=True)`` tunes on the cases and returns what stands in the files."""

    def work(cases: list[Case], *, write: bool = True) -> tuple[dict[str, float], dict[str, float]]:
        monkeypatch.setattr(tune_answers, "collect", lambda _, index: cases)
        tune([], [Path("index")], write=write)
        return read_weights(files[0], FEATURES), read_weights(files[1], confidence.FEATURES)

    return work


def everything() -> list[Case]:
    return made_up(20) + made_up(12, seed=1, expect="abstain", prefix="none")


def test_what_was_fitted_is_written(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    sentences, sure_of = run(everything())
    assert sentences.keys() == FEATURES.keys()
    assert sure_of.keys() == confidence.FEATURES.keys()
    assert max(sentences, key=lambda name: abs(sentences[name])) == "like"
    said = capsys.readouterr().out
    assert "20 answerable cases" in said and "held out" not in said
    [answered, lacking] = re.findall(r"confidence: (\d+) parts answered, (\d+) not", said)[0]
    assert int(answered) + int(lacking) == 32  # cross-validated, some key points are not found
    assert int(answered) >= 15


def test_without_write_the_files_stay(run: Run, files: tuple[Path, Path]) -> None:
    before = [path.read_bytes() for path in files]
    run(everything(), write=False)
    assert [path.read_bytes() for path in files] == before


def test_held_out_lines_are_reported_and_never_change_the_weights(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    without = run(everything())
    capsys.readouterr()
    kept = made_up(12, seed=7, split="held_out", prefix="kept")
    kept += made_up(8, seed=8, expect="abstain", split="held_out", prefix="kept none")
    assert run(everything() + kept) == without
    assert "held out: 20 parts" in capsys.readouterr().out
    tuned = made_up(12, seed=7, split="tune", prefix="kept")
    assert run(everything() + tuned) != without  # as others they do


@pytest.fixture(scope="module")
def rules_index(tmp_path_factory: pytest.TempPathFactory, build_index: BuildIndex) -> Path:
    """An index over the made-up rules that the assistant is tested with."""
    folder = tmp_path_factory.mktemp("rules")
    (folder / "rules").mkdir()
    for name, text in DOCUMENTS.items():
        (folder / "rules" / name).write_text(text, encoding="utf-8")
    build_index(folder / "index", folder / "rules")
    return folder / "index"


def keep(cases: list[Case], found: Iterable[Case]) -> list[Case]:
    cases += found
    return cases


def test_an_index_is_tuned_on_from_the_command_line(
    rules_index: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked_of = [
        ("甲类样本库收到使用申请后多久答复？", [["20个工作日"]]),
        ("甲类样本库的使用记录保存多少年？", [["15年"]]),
        ("甲类样本库的管理员多久培训一次？", [["2年"]]),
        ("戊类采血管紫色管最长放置多久？", [["6小时"]]),
        ("ZEBRA-7试验计划随机多少名受试者？", [["346"]]),
        ("丁类离心机多久校准一次？", [["6个月"]]),
        ("甲类样本库的押金收多少钱？", []),
        ("离心机的转速是多少？", []),
        ("MATRIX-99试验的主要终点是什么？", []),
        ("甲类样本库多久书面答复申请人？", None),
    ]
    lines = [
        {
            "id": f"t{n}",
            "lang": "zh",
            "category": "made_up",
            "question": text,
            "expect": "refuse" if points is None else "answer" if points else "abstain",
            "key_points": points or [],
            "sources": [],
        }
        for n, (text, points) in enumerate(asked_of)
    ]
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines) + "\n", "utf-8")
    cases: list[Case] = []
    collect = tune_answers.collect
    monkeypatch.setattr(tune_answers, "collect", lambda *given: keep(cases, collect(*given)))
    before = scoring.WEIGHTS.read_bytes(), confidence.WEIGHTS.read_bytes()
    assert tune_answers.main([str(path), "--index", str(rules_index)]) == 0
    # What names a trial that is not there has no evidence; what is to be refused is not measured.
    assert [case.question.id for case in cases] == [f"t{n}" for n in range(8)]
    assert all(case.parts[0].points.any() for case in cases[:6])
    assert "6 answerable cases" in capsys.readouterr().out
    assert (scoring.WEIGHTS.read_bytes(), confidence.WEIGHTS.read_bytes()) == before


def test_a_file_that_is_none_is_refused(
    rules_index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [str(tmp_path / "nowhere.jsonl"), "--index", str(rules_index)]
    assert tune_answers.main(arguments) == 2
    [sentence] = capsys.readouterr().err.splitlines()
    assert sentence.startswith("eval.tune_answers: ") and "nowhere.jsonl" in sentence


def test_questions_that_nothing_answers_cannot_be_fitted_on(
    rules_index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = {
        "id": "none", "lang": "zh", "category": "made_up", "question": "离心机的转速是多少？",
        "expect": "abstain", "key_points": [], "sources": [],
    }  # fmt: skip
    path = tmp_path / "questions.jsonl"
    path.write_text(json.dumps(line) + "\n", "utf-8")
    assert tune_answers.main([str(path), "--index", str(rules_index)]) == 2
    [sentence] = capsys.readouterr().err.splitlines()
    assert sentence.startswith("eval.tune_answers: no key point")


def test_without_scipy_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert tune_answers.main(["questions.jsonl", "--index", "index"]) == 2
    [sentence] = capsys.readouterr().err.splitlines()
    assert sentence.startswith("eval.tune_answers: tuning needs scipy") and "[train]" in sentence
