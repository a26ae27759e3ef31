"""Finding the model that peers embed with."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.systems import Unavailable
from eval.systems.models import find_model, loading, model_name


def test_a_folder_is_taken_as_it_is(tmp_path: Path) -> None:
    assert find_model(str(tmp_path)) == str(tmp_path)
    assert model_name(str(tmp_path)) == tmp_path.name
    assert model_name("somebody/some-model") == "somebody/some-model"


def test_our_own_embedder_is_called_ours(repo: Path) -> None:
    assert model_name(str(repo / "retrieval" / "embedders")) == "Xinglin's own embedder"


def test_without_the_hub_a_model_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    hub = pytest.importorskip("huggingface_hub")

    def refuse(*_: object, **__: object) -> None:
        raise ConnectionError("no route")

    monkeypatch.setattr(hub.HfApi, "model_info", refuse)
    with pytest.raises(Unavailable, match=r"nobody/no-such-model .*ConnectionError.*--peer-model"):
        find_model("nobody/no-such-model")


def test_a_model_on_the_hub_is_left_to_the_loader(monkeypatch: pytest.MonkeyPatch) -> None:
    hub = pytest.importorskip("huggingface_hub")
    monkeypatch.setattr(hub.HfApi, "model_info", lambda *_, **__: object())
    assert find_model("nobody/no-such-model") == "nobody/no-such-model"


def test_what_a_loader_raises_becomes_one_sentence() -> None:
    with pytest.raises(Unavailable) as caught, loading("m"):
        raise OSError("no weights\nand a long explanation")
    assert str(caught.value) == "the model m cannot be loaded: no weights"
    with pytest.raises(Unavailable, match="cannot be loaded: KeyError"), loading("m"):
        raise KeyError
