"""txtai, where it is installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.systems import Unavailable
from eval.systems.txtai import TxtaiSystem
from tests.eval.systems.contract import assert_keeps_the_contract

pytest.importorskip("txtai")


def test_sparse_keeps_the_contract() -> None:
    system = TxtaiSystem()
    assert "BM25" in system.setup
    assert_keeps_the_contract(system)


def test_hybrid_keeps_the_contract(tiny_model: Path) -> None:
    system = TxtaiSystem(str(tiny_model))
    assert "hybrid" in system.setup
    assert_keeps_the_contract(system)


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=f"the model {tmp_path} cannot be loaded"):
        TxtaiSystem(str(tmp_path))
