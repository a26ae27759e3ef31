"""Citations of stored answers, checked against an index that has changed since."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from api.sources import check_sources
from assistant import Answerer
from retrieval import Index, IndexWriter, Searcher
from retrieval.embedders import Embedder
from retrieval.lexicon import Lexicon

RULE = """---
title: 辛类培养箱管理办法
kind: regulation
effective_from: 2020-01-01
---
# 辛类培养箱管理办法

第一条 辛类培养箱应当每{months}个月校准一次。

第二条 辛类培养箱的记录应当保存12年。
"""
DAY = "2026-11-21"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "rules").mkdir()
    return tmp_path


def ask(place: Path, embedder: Embedder, lexicon: Lexicon) -> dict[str, object]:
    answerer = Answerer(Index(place / "index"), Searcher(embedder, lexicon), clock=lambda: DAY)
    answer = answerer.answer("辛类培养箱多久校准一次？")
    assert answer.status == "answered"
    return answer.to_json()


def test_standing_changed_and_removed(
    place: Path,
    build_index: Callable[..., object],
    embedder: Embedder,
    lexicon: Lexicon,
    repo: Path,
) -> None:
    path = place / "rules" / "rule.md"
    path.write_text(RULE.format(months=6), encoding="utf-8")
    build_index(place / "index", place / "rules")
    answer = ask(place, embedder, lexicon)
    index = Index(place / "index")

    with index.read() as view:
        found = check_sources(answer, view, DAY)
    assert [(one.standing, one.status_now) for one in found] == [("stands", "effective")]

    path.write_text(RULE.format(months=6) + "\n第三条 新增。\n", encoding="utf-8")
    build_index(place / "index", place / "rules")
    with index.read() as view:
        moved = check_sources(answer, view, DAY)
        assert view.document(moved[0].document_id or "") is not None
    assert moved[0].standing == "changed"
    assert moved[0].block is not None, "the new version still says so"

    path.write_text(RULE.format(months=9), encoding="utf-8")
    build_index(place / "index", place / "rules")
    with index.read() as view:
        changed = check_sources(answer, view, DAY)
        document = view.documents[0].id
    assert (changed[0].standing, changed[0].block) == ("changed", None)

    with IndexWriter(place / "index", embedder, repo / "corpus" / "lexicon.csv") as writer:
        writer.remove([document])
    with index.read() as view:
        removed = check_sources(answer, view, DAY)
    assert (removed[0].standing, removed[0].document_id) == ("removed", None)
    assert removed[0].status_then == "effective"
