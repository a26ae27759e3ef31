"""Our own system: documents by their best chunk, and rankings deep enough for recall at 100."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from eval.datasets import Text
from eval.systems import Options
from eval.systems.xinglin import XinglinSystem
from tests.eval.systems.contract import assert_keeps_the_contract


@pytest.fixture
def few_candidates(options: Options) -> Options:
    """Settings under which one search sees ten chunks of each half."""
    search = options.settings.search.model_copy(update={"candidates": 10})
    return replace(options, settings=options.settings.model_copy(update={"search": search}))


def long_text(number: int) -> Text:
    """Several chunks, each about the same thing."""
    part = f"第{number}号方案规定，研究者应当记录严重不良事件的经过与处理。"
    return Text("", "\n".join(part * 12 for _ in range(6)))


def test_it_keeps_the_contract(options: Options) -> None:
    assert_keeps_the_contract(XinglinSystem(options.settings))


def test_every_document_is_found_though_each_has_several_chunks(few_candidates: Options) -> None:
    corpus = {f"d{number}": long_text(number) for number in range(25)}
    system = XinglinSystem(few_candidates.settings)
    try:
        assert system.index(corpus) >= 3 * len(corpus)
        found = system.search("严重不良事件的经过与处理", 100)
        assert sorted(found) == sorted(corpus)
        first = system.search("严重不良事件的经过与处理", 3)
        assert found[:3] == first
    finally:
        system.close()


def test_the_index_is_deleted_in_the_end(options: Options) -> None:
    system = XinglinSystem(options.settings)
    folder = Path(system._folder.name)
    system.index({"a": Text("题目", "")})
    assert any(folder.iterdir())
    assert system.search("题目", 10) == ["a"]
    system.close()
    assert not folder.exists()


def test_the_users_own_index_is_left_alone(options: Options, tmp_path: Path) -> None:
    settings = options.settings.model_copy(update={"index_dir": tmp_path / "index"})
    system = XinglinSystem(settings)
    system.index({"a": Text("", "知情同意书")})
    system.close()
    assert not (tmp_path / "index").exists()
