"""Finding a model: folders, the hub's cache, the hub, and what is said when there is none."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from retrieval.embedders import ModelUnusable, loading, make_embedder
from retrieval.rerankers import make_reranker
from tests.retrieval.embedders.models import edit_json, write_bare_bert

SOON = 3.0  # seconds; the hub's own client tries for more than a minute


@pytest.fixture
def closed_port() -> str:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{unused.getsockname()[1]}"


@pytest.fixture
def silent_hub() -> Iterator[str]:
    """Takes connections and never answers, as behind a firewall that drops packets."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """``hub(address)``: the hub is there, and the cache of models is empty."""
    pytest.importorskip("sentence_transformers")
    from huggingface_hub import constants

    def use(address: str) -> None:
        monkeypatch.setenv("SENTENCE_TRANSFORMERS_HOME", str(tmp_path / "cache"))
        monkeypatch.setattr(constants, "ENDPOINT", address)

    return use


@pytest.mark.parametrize("name", ["./gone", "../gone", "~/gone", "/gone", "a/b/c", "~nobody9/gone"])
@pytest.mark.parametrize("make", [make_embedder, make_reranker])
def test_a_path_without_a_folder_is_refused(make: Callable[[str], object], name: str) -> None:
    with pytest.raises(ModelUnusable, match=r"no model folder at /|home directory") as error:
        make(name)
    assert str(error.value).startswith(name)


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b", "/a\0b"])
def test_a_name_that_no_folder_can_have_is_refused(name: str) -> None:
    with pytest.raises(ModelUnusable):
        make_embedder(name)


def test_a_file_is_no_model_folder(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"")
    with pytest.raises(ModelUnusable, match="no model folder"):
        make_embedder(str(tmp_path / "model.safetensors"))


@pytest.mark.parametrize("name", ["bundeld", "", "a b/c", "hashed-ngrams-256"])
def test_an_unknown_name_is_refused_with_what_may_be_given(name: str) -> None:
    with pytest.raises(ModelUnusable, match=r"`bundled` for the embedder"):
        make_embedder(name)
    with pytest.raises(ModelUnusable, match="`none` for the re-ranker"):
        make_reranker(name)


@pytest.mark.parametrize("make", [make_embedder, make_reranker])
def test_without_the_library_it_says_how_to_install_it(
    make: Callable[[str], object], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    for model in (str(tmp_path), "BAAI/bge-m3"):
        with pytest.raises(ModelUnusable, match="make install-models"):
            make(model)


@pytest.mark.models
@pytest.mark.parametrize("make", [make_embedder, make_reranker])
def test_a_folder_without_a_model_is_refused(make: Callable[[str], object], tmp_path: Path) -> None:
    pytest.importorskip("sentence_transformers")
    with pytest.raises(ModelUnusable, match="cannot be loaded: ") as error:
        make(str(tmp_path))
    assert "\n" not in str(error.value)


@pytest.mark.models
@pytest.mark.parametrize("make", [make_embedder, make_reranker])
def test_without_a_network_a_hub_model_is_refused_soon(
    make: Callable[[str], object], hub: Callable[[str], None], closed_port: str
) -> None:
    hub(closed_port)
    began = time.perf_counter()
    with pytest.raises(ModelUnusable, match=r"no such folder .* cannot be reached") as error:
        make("BAAI/bge-m3")
    assert time.perf_counter() - began < SOON
    assert closed_port in str(error.value) and "copy the model's folder" in str(error.value)


@pytest.mark.models
def test_a_hub_that_does_not_answer_is_given_up(
    hub: Callable[[str], None], silent_hub: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub(silent_hub)
    monkeypatch.setattr(loading, "_HUB_TIMEOUT_S", 0.3)
    began = time.perf_counter()
    with pytest.raises(ModelUnusable, match=r"cannot be reached .*timed out"):
        make_embedder("BAAI/bge-m3")
    assert time.perf_counter() - began < SOON


@pytest.mark.models
def test_the_offline_variable_is_kept_to(
    hub: Callable[[str], None], silent_hub: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import constants

    hub(silent_hub)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    began = time.perf_counter()
    with pytest.raises(ModelUnusable, match="HF_HUB_OFFLINE forbids"):
        make_embedder("BAAI/bge-m3")
    assert time.perf_counter() - began < SOON


@pytest.mark.models
def test_a_hub_without_the_model_is_named(hub: Callable[[str], None], server) -> None:  # type: ignore[no-untyped-def]
    hub(server.url)  # answers 501 to any GET
    with pytest.raises(ModelUnusable, match=r"does not give it \(.*501"):
        make_embedder("BAAI/bge-m3")


def fill_cache(cache: Path, model: str, folder: Path) -> None:
    """Lay a model folder out as the hub's client does: blobs, and links to them in a snapshot."""
    home = cache / f"models--{model.replace('/', '--')}"
    commit = "0123456789" * 4
    (home / "refs").mkdir(parents=True)
    (home / "refs" / "main").write_text(commit)
    (home / "blobs").mkdir()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            large = path.suffix == ".safetensors"
            digest = hashlib.sha256(data).hexdigest()
            blob = home / "blobs" / (digest if large else digest[:40])
            blob.write_bytes(data)
            link = home / "snapshots" / commit / path.relative_to(folder)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(blob)


@pytest.mark.models
def test_a_model_in_the_cache_needs_no_network(
    hub: Callable[[str], None],
    silent_hub: str,
    tmp_path: Path,
    model_folder: Callable[..., Path],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    hub(silent_hub)
    folder = model_folder("sentence-transformers")
    fill_cache(tmp_path / "cache", "some-house/small", folder)
    capfd.readouterr()  # what making the model printed
    began = time.perf_counter()
    embedder = make_embedder("some-house/small")
    assert time.perf_counter() - began < SOON
    local = make_embedder(str(shutil.copytree(folder, tmp_path / "small")))
    assert embedder.name == local.name, "one model, from wherever it comes"
    assert (embedder.encode(["知情"]) == local.encode(["知情"])).all()
    assert capfd.readouterr() == ("", "") and caplog.records == []


@pytest.mark.models
def test_a_model_half_in_the_cache_is_refused_with_both_reasons(
    hub: Callable[[str], None],
    closed_port: str,
    tmp_path: Path,
    model_folder: Callable[..., Path],
) -> None:
    hub(closed_port)
    fill_cache(tmp_path / "cache", "some-house/small", model_folder("sentence-transformers"))
    [weights] = (tmp_path / "cache").rglob("snapshots/*/model.safetensors")
    weights.unlink()
    with pytest.raises(ModelUnusable, match=r"cannot be loaded: .* cannot be reached"):
        make_embedder("some-house/small")


@pytest.mark.models
@pytest.mark.parametrize("place", ["modules.json", "config.json"])
def test_program_code_of_a_model_is_not_run(
    model_folder: Callable[..., Path], tmp_path: Path, place: str
) -> None:
    folder = shutil.copytree(model_folder("sentence-transformers"), tmp_path / "model")
    ran = tmp_path / "ran"
    code = f"open({str(ran)!r}, 'w')\nclass Module: ...\nclass Config: ...\n"
    (folder / "evil.py").write_text(code)
    if place == "modules.json":
        modules = json.loads((folder / place).read_text())
        modules[0]["type"] = "evil.Module"
        (folder / place).write_text(json.dumps(modules))
    else:
        code_of = {"AutoConfig": "evil.Config", "AutoModel": "evil.Module"}
        edit_json(folder / place, auto_map=code_of, model_type="evil")
    with pytest.raises(ModelUnusable, match="brings its own program code"):
        make_embedder(str(folder))
    assert not ran.exists()


@pytest.mark.models
@pytest.mark.parametrize(
    "change",
    [
        lambda folder: edit_json(
            folder / "config_sentence_transformers.json", prompts={"query": "q: "}
        ),
        lambda folder: edit_json(folder / "1_Pooling" / "config.json", pooling_mode="cls"),
        lambda folder: (folder / "tokenizer.json").write_text(
            (folder / "tokenizer.json").read_text() + "\n"
        ),
    ],
    ids=["prompts", "pooling", "tokenizer"],
)
def test_whatever_makes_other_vectors_makes_another_name(
    model_folder: Callable[..., Path], tmp_path: Path, change: Callable[[Path], object]
) -> None:
    folder = shutil.copytree(model_folder("sentence-transformers"), tmp_path / "small")
    before = make_embedder(str(folder)).name
    (folder / "README.md").write_text("other words")
    (folder / ".git").mkdir()
    (folder / ".git" / "state.json").write_text("{}")
    assert make_embedder(str(folder)).name == before
    change(folder)
    assert make_embedder(str(folder)).name != before


@pytest.mark.models
def test_pickled_weights_count_where_there_are_no_others(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    pytest.importorskip("sentence_transformers")
    from safetensors.torch import load_file

    folder = write_bare_bert(tmp_path / "old")
    weights = load_file(folder / "model.safetensors")
    with_both = loading.model_name(str(folder))
    torch.save(weights, folder / "pytorch_model.bin")
    assert loading.model_name(str(folder)) == with_both
    (folder / "model.safetensors").unlink()
    names = {make_embedder(str(folder)).name}
    torch.save({name: tensor + 1 for name, tensor in weights.items()}, folder / "pytorch_model.bin")
    names.add(make_embedder(str(folder)).name)
    assert len(names) == 2
