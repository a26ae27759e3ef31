"""The static embedder: the same vectors as sentence-transformers, and folders that are not one."""

from __future__ import annotations

import shutil
import stat
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from retrieval.embedders import ModelUnusable, StaticEmbedder, make_embedder
from retrieval.embedders.static import BUNDLED, MODEL_FILE, TOKENIZER_FILE, quantise
from tests.retrieval.embedders.models import (
    DIMENSIONS,
    edit_json,
    random_vectors,
    small_tokenizer,
    write_library_static,
    write_static,
)

MIXED = [
    "受试者应当签署知情同意书（informed consent），研究者留存。",
    "受試者應當簽署知情同意書，臨床試驗機構備案。",
    "ＳＡＥ　应在２４小时内报告；Ⅲ期",
    "Serious adverse events are reported within 24 h (SAE).",
    "",
    "  \n\t",
    "🙂 ﷽ ａｂｃ\u200b zzz",
    # Longer by far than any chunk; at ten times that, the library's 32-bit sums are off by 5e-5.
    "第十九条 药物临床试验申请自受理之日起60个工作日。" * 200,
]


def library_vectors(folder: Path) -> np.ndarray:
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(folder), device="cpu").encode(MIXED, show_progress_bar=False)


@pytest.mark.models
@pytest.mark.parametrize(
    "kind", ["bundled", "static", "static of the library", "of limited length"]
)
def test_sentence_transformers_gives_the_same_vectors(
    kind: str, model_folder: Callable[..., Path], tmp_path: Path
) -> None:
    pytest.importorskip("sentence_transformers")
    if kind == "bundled":
        folder = BUNDLED
        if not (folder / MODEL_FILE).is_file():
            pytest.skip("no embedder is bundled yet")
    elif kind == "of limited length":
        folder = write_static(tmp_path / "limited", longest=5)
    else:
        folder = model_folder(kind)
    embedder = make_embedder(str(folder))
    assert isinstance(embedder, StaticEmbedder)
    theirs = library_vectors(folder)
    lengths = np.linalg.norm(theirs, axis=1, keepdims=True)
    theirs = theirs / np.where(lengths > 0, lengths, 1)  # not every folder ends in Normalize
    np.testing.assert_allclose(embedder.encode(MIXED), theirs, atol=1e-5)


@pytest.mark.models
def test_sentence_transformers_loads_what_training_writes_without_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sentence_transformers = pytest.importorskip("sentence_transformers")
    folder = write_static(tmp_path / "ours")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = sentence_transformers.SentenceTransformer(str(folder), device="cpu")
    assert [record.message for record in caplog.records] == []
    assert [type(module).__name__ for module in model] == ["StaticEmbedding", "Normalize"]
    model.save(str(tmp_path / "theirs"))
    ours, theirs = (
        {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
        for folder in (folder, tmp_path / "theirs")
    )
    assert theirs - ours == {"README.md"} and ours <= theirs
    assert all(any(path.iterdir()) for path in folder.rglob("*") if path.is_dir()), "lost by git"


def test_what_training_writes_may_be_read_by_others(tmp_path: Path) -> None:
    folder = write_static(tmp_path / "ours")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes[MODEL_FILE] == modes["modules.json"]


def test_a_vector_is_the_mean_of_its_tokens(tmp_path: Path) -> None:
    folder = write_static(tmp_path / "ours")
    table = random_vectors()
    ids = small_tokenizer().encode("知情同意 知情", add_special_tokens=False).ids
    expected = table[ids].mean(axis=0)
    expected /= np.linalg.norm(expected)
    [found] = StaticEmbedder(folder).encode(["知情同意 知情"])
    # Eight bits a coordinate are what is lost.
    np.testing.assert_allclose(found, expected, atol=0.02)


def test_eight_bits_keep_a_vector_within_half_a_step() -> None:
    vectors = np.vstack([random_vectors(), np.zeros((1, DIMENSIONS), np.float32)])
    codes, scales = quantise(vectors)
    assert (codes.dtype, scales.dtype, scales.shape) == (np.int8, np.float32, (len(vectors),))
    error = np.abs(codes * scales[:, None] - vectors)
    assert (error <= scales[:, None] / 2 + 1e-7).all()


def test_tokens_may_share_a_vector(tmp_path: Path) -> None:
    plain, shared = write_static(tmp_path / "plain"), tmp_path / "shared"
    shutil.copytree(plain, shared)
    vectors = random_vectors()
    mapping = np.arange(len(vectors)) // 2
    weights = np.linspace(0.5, 2, len(vectors), dtype=np.float32)
    save_file({"embeddings": vectors, "mapping": mapping, "weights": weights}, shared / MODEL_FILE)
    save_file({"embeddings": vectors[mapping] * weights[:, None]}, plain / MODEL_FILE)
    texts = ["知情 同意", "sae 15日"]
    np.testing.assert_allclose(
        StaticEmbedder(shared).encode(texts), StaticEmbedder(plain).encode(texts), atol=1e-6
    )


@pytest.mark.models
def test_a_static_model_with_prompts_is_left_to_the_library(tmp_path: Path) -> None:
    pytest.importorskip("sentence_transformers")
    prompts = {"query": "consent ", "document": ""}
    folder = write_library_static(tmp_path / "prompted", prompts=prompts)
    embedder = make_embedder(str(folder))
    assert not isinstance(embedder, StaticEmbedder)
    [asked] = embedder.encode(["知情"], is_query=True)
    [expected] = embedder.encode(["consent 知情"])
    np.testing.assert_allclose(asked, expected, atol=1e-6)


def without_vectors(folder: Path) -> None:
    (folder / MODEL_FILE).unlink()


def cut_short(folder: Path) -> None:
    data = (folder / MODEL_FILE).read_bytes()
    (folder / MODEL_FILE).write_bytes(data[: len(data) // 2])


def other_tensors(folder: Path) -> None:
    save_file({"something": random_vectors()}, folder / MODEL_FILE)


def fewer_vectors(folder: Path) -> None:
    save_file({"embeddings": random_vectors()[:3]}, folder / MODEL_FILE)


def unknown_mapping(folder: Path) -> None:
    mapping = np.full(len(random_vectors()), 99)
    save_file({"embeddings": random_vectors(), "mapping": mapping}, folder / MODEL_FILE)


def no_tokenizer(folder: Path) -> None:
    (folder / TOKENIZER_FILE).write_text("{}")


def no_json(folder: Path) -> None:
    (folder / TOKENIZER_FILE).write_bytes(b"\xff\xfe")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (without_vectors, f"lacks a readable {MODEL_FILE}"),
        (cut_short, "holds no static embedding"),
        (other_tensors, "holds no static embedding"),
        (unknown_mapping, "holds no static embedding"),
        (fewer_vectors, "is of two models"),
        (no_tokenizer, "holds no static embedding"),
        (no_json, "holds no static embedding"),
    ],
)
def test_a_damaged_folder_is_refused_by_name(
    tmp_path: Path, damage: Callable[[Path], None], said: str
) -> None:
    folder = write_static(tmp_path / "damaged")
    damage(folder)
    with pytest.raises(ModelUnusable, match=said) as error:
        StaticEmbedder(folder)
    assert str(folder) in str(error.value)


def test_vectors_of_nan_are_refused_when_met(tmp_path: Path) -> None:
    folder = write_static(tmp_path / "nan")
    vectors = random_vectors()
    vectors[small_tokenizer().token_to_id("知情")] = np.nan
    save_file({"embeddings": vectors}, folder / MODEL_FILE)
    embedder = StaticEmbedder(folder)
    assert embedder.encode(["同意"]).any()
    with pytest.raises(ModelUnusable, match="NaN or infinity for the text that begins '知情同意'"):
        embedder.encode(["同意", "知情同意"])


def test_vectors_of_any_length_become_unit_vectors(tmp_path: Path) -> None:
    folder = write_static(tmp_path / "short")
    for scale in (1e-30, 1e30):
        other = tmp_path / f"times {scale}"
        shutil.copytree(folder, other)
        save_file({"embeddings": random_vectors() * np.float32(scale)}, other / MODEL_FILE)
        [vector] = StaticEmbedder(other).encode(["知情同意"])
        np.testing.assert_allclose(np.linalg.norm(vector), 1, atol=1e-5)


def test_a_relative_path_is_the_same_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_static(tmp_path / "here")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(tmp_path))
    names = {StaticEmbedder(folder).name, make_embedder(".").name, make_embedder("~/here").name}
    assert len(names) == 1 and names.pop().startswith("here-")


def test_damaged_descriptions_are_refused(tmp_path: Path) -> None:
    folder = write_static(tmp_path / "damaged")
    (folder / "modules.json").write_text("[{}]")
    with pytest.raises(ModelUnusable, match=r"damaged: KeyError"):
        make_embedder(str(folder))


def test_dimensions_of_the_settings_file_are_left_to_the_library(tmp_path: Path) -> None:
    folder = write_static(tmp_path / "cut")
    edit_json(folder / "config_sentence_transformers.json", truncate_dim=4)
    try:
        embedder = make_embedder(str(folder))
    except ModelUnusable as error:
        assert "needs sentence-transformers" in str(error)
    else:
        assert embedder.dimensions == 4


def test_importing_it_loads_neither_tokenizers_nor_safetensors(repo: Path) -> None:
    code = "import sys, retrieval.embedders.static; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=repo, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "retrieval.embedders.static" in loaded
    assert loaded.isdisjoint({"tokenizers", "safetensors", "openai", "torch"})
