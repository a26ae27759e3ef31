"""The optional cross-encoder: real models of random weights."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.verification import supports
from assistant.verification.entailment import CrossEncoderEntailment, follows, make_entailment
from retrieval.embedders import ModelUnusable
from tests.retrieval.embedders.models import edit_json, edit_weights, write_cross_encoder

QUOTE = "受试者 应当 签署 知情 同意 书 。"
STATEMENT = "受试者 应 签署 知情 同意 书"
LABELS = {"0": "contradiction", "1": "entailment", "2": "neutral"}


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[dict[str, str]], Path]:
    """``folder(labels)``: a cross-encoder whose classes have these names."""
    pytest.importorskip("sentence_transformers")

    def write(labels: dict[str, str]) -> Path:
        target = write_cross_encoder(tmp_path_factory.mktemp("model") / "nli", len(labels))
        edit_json(
            target / "config.json",
            id2label=labels,
            label2id={name: int(number) for number, name in labels.items()},
        )
        return target

    return write


def test_none_means_no_model() -> None:
    assert make_entailment("none") is None


@pytest.mark.models
def test_the_probability_is_that_of_the_class_called_entailment(
    folder: Callable[[dict[str, str]], Path],
) -> None:
    from sentence_transformers import CrossEncoder

    path = folder(LABELS)
    model = CrossEncoderEntailment(str(path))
    expected = CrossEncoder(str(path), device="cpu").predict(
        [(QUOTE, STATEMENT)], apply_softmax=True
    )[0]
    assert model.probability(QUOTE, STATEMENT) == pytest.approx(float(expected[1]), abs=1e-5)
    assert 0 <= model.probability("", "") <= 1


@pytest.mark.models
def test_a_model_may_refuse_what_the_rules_let_pass(
    folder: Callable[[dict[str, str]], Path],
) -> None:
    path = str(folder(LABELS))
    probability = CrossEncoderEntailment(path).probability(QUOTE, STATEMENT)
    lenient = CrossEncoderEntailment(path, threshold=probability / 2)
    strict = CrossEncoderEntailment(path, threshold=(1 + probability) / 2)
    assert supports(STATEMENT, [QUOTE], entailment=lenient).ok
    assert supports(STATEMENT, [QUOTE], entailment=strict).failures == ("not_entailed",)
    passed, best = follows(lenient, STATEMENT, [QUOTE, "x"])
    assert passed and best >= probability - 1e-6
    assert follows(lenient, STATEMENT, []) == (False, 0.0)


@pytest.mark.models
def test_a_model_without_such_a_class_is_refused(
    folder: Callable[[dict[str, str]], Path],
) -> None:
    with pytest.raises(ModelUnusable, match="one must be called entailment"):
        make_entailment(str(folder({"0": "LABEL_0", "1": "LABEL_1"})))


@pytest.mark.models
def test_a_model_that_gives_no_number_is_told(
    folder: Callable[[dict[str, str]], Path],
) -> None:
    path = folder(LABELS)
    edit_weights(path, lambda name, tensor: tensor * float("nan"))
    with pytest.raises(ModelUnusable, match="no finite number"):
        CrossEncoderEntailment(str(path)).probability(QUOTE, STATEMENT)


def test_a_folder_that_is_not_there_is_told() -> None:
    pytest.importorskip("sentence_transformers")
    with pytest.raises(ModelUnusable, match="no model folder"):
        make_entailment("/nowhere/nli")


def test_the_gate_does_not_import_torch() -> None:
    code = (
        "import sys\n"
        "from assistant.verification import supports\n"
        "supports('60日内决定', ['六十个工作日内决定'])\n"
        "print('torch' in sys.modules, 'sentence_transformers' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False", "False"]
