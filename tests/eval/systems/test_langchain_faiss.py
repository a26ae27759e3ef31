"""LangChain, where it is installed, with a model built here."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.datasets import Text
from eval.systems import Unavailable
from eval.systems.langchain_faiss import LangChainSystem
from tests.eval.systems.contract import assert_keeps_the_contract

pytest.importorskip("langchain_community")
pytest.importorskip("langchain_huggingface")


def test_it_keeps_the_contract(tiny_model: Path) -> None:
    system = LangChainSystem(str(tiny_model))
    assert "1000 characters, overlap 200" in system.setup
    assert system.setup.endswith("tiny")
    assert_keeps_the_contract(system)


def test_more_pieces_are_asked_for_until_documents_are_distinct(tiny_model: Path) -> None:
    system = LangChainSystem(str(tiny_model))
    corpus = {"many": Text("", "visit " * 2000), "one": Text("", "cohort")}
    assert system.index(corpus) > 10
    assert system.search("visit", 2) == ["many", "one"]


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=f"the model {tmp_path} cannot be loaded"):
        LangChainSystem(str(tmp_path))
