"""From a note's reference to the article it refers to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.references import references_in, referred_hits, resolve_reference
from retrieval import Filters, Hit, Index, Searcher, View

TITLE = "甲类样本库管理办法"


@pytest.fixture(scope="module")
def view(rules_index: Path) -> Iterator[View]:
    with Index(rules_index).read() as view:
        yield view


@pytest.fixture
def note(searcher: Searcher, view: View) -> Hit:
    hit = searcher.search(view, "外借甲类样本 使用申请", 5, Filters(), "2026-11-21")[0]
    assert hit.document.path.endswith("note.md")
    return hit


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("（《药品管理法》第十九条）", [("药品管理法", "第19条")]),
        ("《药品管理法》（2019年修订）第十九条", [("药品管理法", "第19条")]),
        (
            "《药品管理法》第19条、第二十条和第二十一条",
            [
                ("药品管理法", "第19条"),
                ("药品管理法", "第20条"),
                ("药品管理法", "第21条"),
            ],
        ),
        ("《甲法》第一条，《乙法》第二条", [("甲法", "第1条"), ("乙法", "第2条")]),
        ("《药品管理法》没有规定", []),
        ("第十九条", []),
    ],
)
def test_references(text: str, found: list[tuple[str, str]]) -> None:
    assert list(references_in(text)) == found


@pytest.mark.parametrize(
    ("as_of", "words"),
    [("2026-11-21", "20个工作日"), ("2023-05-01", "20个工作日"), ("2023-04-30", "30日")],
)
def test_a_reference_leads_to_the_version_in_force(view: View, as_of: str, words: str) -> None:
    resolved = resolve_reference(view, TITLE, "第2条", as_of)
    assert resolved is not None
    assert words in resolved[0].text


@pytest.mark.parametrize(
    ("title", "label", "as_of"),
    [
        (TITLE, "第99条", "2026-11-21"),
        ("另一部办法", "第2条", "2026-11-21"),
        (TITLE, "第2条", "2018-01-01"),
    ],
)
def test_what_is_not_there_is_not_found(view: View, title: str, label: str, as_of: str) -> None:
    assert resolve_reference(view, title, label, as_of) is None


def test_a_note_brings_the_article_it_names(note: Hit, view: View) -> None:
    [found] = referred_hits(view, note, f"（《{TITLE}》第二条）", "2026-11-21")
    assert "20个工作日" in found.chunk.text
    assert found.chunk.locator.section == "第二条"
    assert (found.status, found.score) == ("effective", note.score)


def test_a_text_does_not_bring_itself(searcher: Searcher, view: View) -> None:
    hit = searcher.search(view, "样本库 书面答复申请人", 1, Filters(), "2026-11-21")[0]
    assert hit.document.path.endswith("new.md")
    assert referred_hits(view, hit, f"（《{TITLE}》第二条）", "2026-11-21") == []
