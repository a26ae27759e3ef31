"""A run from a folder of material to a model that searching loads."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from retrieval.embedders.static import MODEL_FILE, TOKENIZER_FILE, StaticEmbedder
from retrieval.soft_match import SoftMatcher
from retrieval.tokens import TokenLists
from retrieval.training import embedder, sources
from retrieval.training.__main__ import main
from retrieval.training.embedder import RECIPE, read_recipe
from retrieval.training.errors import TrainingError
from tests.retrieval.training.conftest import WriteLines

SPOKEN = {
    "知情同意书": "签字那张纸",
    "严重不良事件": "吃药吃出大毛病",
    "安慰剂": "假药片",
    "脱落": "半路不来了",
    "随访": "过一阵再来看",
    "伦理委员会": "管良心的人",
    "申办者": "出钱的公司",
    "揭盲": "公布谁吃了啥",
}
PAIRS = [
    {"kind": "ward", "a": f"{ask}{spoken}{ask}", "b": f"{formal}{rule}{formal}。"}
    for formal, spoken in SPOKEN.items()
    for ask, rule in (("啥叫", "的定义："), ("怎么办", "的处理："), ("谁管", "的负责人："))
]
SMALL: dict[str, dict[str, Any]] = {
    "tokenizer": {"vocabulary": 200},
    "start": {},
    "contrastive": {"dimensions": [24, 12], "epochs": 30, "batch": 12, "warm_up_steps": 3},
    "interaction": {"dimensions": 16, "steps": 90, "batch": 8, "warm_up_steps": 3},
}
Run = Callable[..., int]


def table(name: str, values: dict[str, Any]) -> str:
    lines = [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    return "\n".join([f"[{name}]", *lines, ""])


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    """The recipe of the repository, made small."""
    whole = read_recipe()
    tables = [table(name, whole[name] | changes) for name, changes in SMALL.items()]
    tables += [table(f"weights.{stage}", weights) for stage, weights in whole["weights"].items()]
    path = tmp_path / "small.toml"
    path.write_text("\n".join(tables), "utf-8")
    return path


@pytest.fixture
def run(
    tmp_path: Path,
    material: Path,
    small_corpus: Path,
    recipe: Path,
    write_lines: WriteLines,
    monkeypatch: pytest.MonkeyPatch,
) -> Run:
    """``run(out, recipe=…)``: the command line over the tiny material, with no pairs of our own."""
    monkeypatch.setattr(sources, "OWN_PAIRS", tmp_path / "none")
    write_lines(material / "training" / "pairs.jsonl", PAIRS)

    def command(out: Path, **changes: Path) -> int:
        given = {"material": material, "corpus": small_corpus, "recipe": recipe, "out": out}
        return main(["embedder", *(f"--{name}={path}" for name, path in (given | changes).items())])

    return command


@pytest.fixture
def with_libraries(one_thread: None) -> None:
    for name in embedder._NEEDED:
        pytest.importorskip(name)


@pytest.fixture
def without_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is refused before anything is trained needs no library of training."""
    monkeypatch.setattr(embedder, "_NEEDED", ())


@pytest.mark.usefixtures("with_libraries")
def test_the_written_folder_serves_searching(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "model"
    assert run(out) == 0
    said = capsys.readouterr().out
    for line in ("24 ward", "9 term", "3 document_heading", "tokenizer: 200 pieces"):
        assert line in said
    assert f"{out}: written after " in said

    static = StaticEmbedder(out)
    assert static.dimensions == SMALL["interaction"]["dimensions"]
    spoken, formal = static.encode(list(SPOKEN.values())), static.encode(list(SPOKEN))
    np.testing.assert_allclose(np.linalg.norm(spoken, axis=1), 1, atol=1e-5)
    expected = list(range(len(SPOKEN)))
    assert (spoken @ formal.T).argmax(axis=1).tolist() == expected

    matcher = SoftMatcher(out)
    passages = TokenLists.build(matcher.tokens(list(SPOKEN)))
    soft = [matcher.compare(text, passages).soft for text in SPOKEN.values()]
    assert np.stack(soft).argmax(axis=1).tolist() == expected
    assert matcher.compare("假药片", passages).foreign.shape == (len(passages),)


@pytest.mark.usefixtures("with_libraries")
def test_the_same_material_gives_the_same_files(run: Run, tmp_path: Path, recipe: Path) -> None:
    short = tmp_path / "short.toml"
    text = recipe.read_text("utf-8").replace("epochs = 30", "epochs = 2")
    short.write_text(text.replace("steps = 90", "steps = 5"), "utf-8")
    for name in ("one", "two"):
        assert run(tmp_path / name, recipe=short) == 0
    for file in (MODEL_FILE, TOKENIZER_FILE):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def refused(run: Run, capsys: pytest.CaptureFixture[str], out: Path, **changes: Path) -> str:
    """The one sentence with which a run ends that writes nothing."""
    assert run(out, **changes) == 2
    [sentence] = capsys.readouterr().err.splitlines()
    assert sentence.startswith("error: ")
    assert not out.exists()
    return sentence


@pytest.mark.usefixtures("without_libraries")
def test_a_folder_without_material_is_refused(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "photos").mkdir()
    sentence = refused(run, capsys, tmp_path / "model", material=tmp_path / "photos")
    assert f"{tmp_path / 'photos'}: " in sentence and "training/pairs.jsonl" in sentence


@pytest.mark.usefixtures("without_libraries")
def test_too_few_texts_are_refused(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sentence = refused(run, capsys, tmp_path / "model", recipe=RECIPE)
    assert "texts to train on" in sentence


@pytest.mark.usefixtures("with_libraries")
def test_a_vocabulary_that_the_texts_do_not_give_is_refused(
    run: Run, tmp_path: Path, recipe: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe.write_text(recipe.read_text("utf-8").replace("vocabulary = 200", "vocabulary = 600"))
    assert "tokenizer.vocabulary" in refused(run, capsys, tmp_path / "model")


@pytest.mark.usefixtures("without_libraries")
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "cannot be read"),
        (b"[tokenizer\n", "cannot be read"),
        ("[tokenizer]\n# 词表".encode("gb18030"), "cannot be read"),
        (b"[tokenizer]\n[start]\n[weights]\n", "lacks the table contrastive, interaction"),
    ],
)
def test_a_bad_recipe_is_refused(
    run: Run,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: bytes | None,
    reason: str,
) -> None:
    path = tmp_path / "bad.toml"
    if content is not None:
        path.write_bytes(content)
    sentence = refused(run, capsys, tmp_path / "model", recipe=path)
    assert str(path) in sentence and reason in sentence


def test_a_missing_library_is_named_before_any_work(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedder, "_NEEDED", ("json", "no_such_library", "no_such.library"))
    sentence = refused(run, capsys, tmp_path / "model")
    assert "training needs no_such_library, no_such.library: " in sentence
    assert "xinglin[train]" in sentence


def test_the_recipe_of_the_repository_fits_together() -> None:
    recipe = read_recipe()
    first, second = recipe["contrastive"], recipe["interaction"]
    assert first["dimensions"] == sorted(first["dimensions"], reverse=True)
    assert second["dimensions"] in first["dimensions"]
    assert recipe["tokenizer"]["vocabulary"] <= 2**16  # tokens are stored in 16 bits
    assert all(weight >= 0 for stage in recipe["weights"].values() for weight in stage.values())


def test_a_table_that_is_missing_is_named(tmp_path: Path) -> None:
    path = tmp_path / "short.toml"
    path.write_text("[tokenizer]\n", "utf-8")
    with pytest.raises(TrainingError, match=r"short\.toml lacks the table contrastive, int"):
        read_recipe(path)


def test_importing_it_needs_no_library_of_training(repo: Path) -> None:
    """The command line says what is missing instead of failing at its first line."""
    code = "import sys, retrieval.training.__main__; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=repo, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "retrieval.training.embedder" in loaded
    assert loaded.isdisjoint({"torch", "sentencepiece", "sklearn", "scipy"})
