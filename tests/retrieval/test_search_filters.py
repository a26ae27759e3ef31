"""Filters and dates: which documents may answer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest.pipeline import Parsed
from retrieval import Filters, Hit, Index
from retrieval.embedders import Embedder
from tests.retrieval.fixtures import TODAY, MakeDocument, OpenWriter, Search


def titles(hits: Sequence[Hit]) -> list[str]:
    return [hit.document.title for hit in hits]


# Dates


@pytest.fixture
def laws(make_document: MakeDocument) -> list[Parsed]:
    """An old rule, the new one that abolishes it, an unrelated draft and a paper."""
    articles = "\n\n".join(f"第{n}条 知情同意书的规定。" for n in "一二三四")
    return [
        make_document(f"# 试验管理办法\n\n{articles}", name="试验管理办法（2003-08-06）.md"),
        make_document(
            f"# 试验质量规定\n\n{articles}\n\n第五条 本规定自2020年7月1日起施行。"
            "《试验管理办法》（局令第3号）同时废止。",
            name="试验质量规定（2020-04-23）.md",
        ),
        make_document(
            f"# 试验质量规定（征求意见稿）\n\n{articles}", name="征求意见稿（2025-01-01）.md"
        ),
        make_document("知情同意书的研究", title="论文", kind="paper", issued="2001-01-01"),
    ]


@pytest.mark.parametrize(
    ("as_of", "found"),
    [
        ("2002-01-01", {"论文", "征求意见稿"}),  # no rule was in force yet
        ("2010-01-01", {"论文", "征求意见稿", "旧"}),
        ("2020-06-30", {"论文", "征求意见稿", "旧"}),
        ("2020-07-01", {"论文", "征求意见稿", "新"}),
        (None, {"论文", "征求意见稿", "新"}),
    ],
)
def test_only_texts_in_force_on_the_day_are_found(
    search: Search, laws: list[Parsed], as_of: str | None, found: set[str]
) -> None:
    hits = search(laws, "知情同意书", k=50, as_of=as_of)
    names = dict(
        zip([p.document.id for p in laws], ["旧", "新", "征求意见稿", "论文"], strict=True)
    )
    assert {names[hit.document.id] for hit in hits} == found
    assert {hit.status for hit in hits} <= {"effective", "current", "draft"}


def test_superseded_texts_are_found_when_asked_for(search: Search, laws: list[Parsed]) -> None:
    hits = search(laws, "知情同意书", k=50, filters=Filters(status=frozenset({"superseded"})))
    assert {hit.document.id for hit in hits} == {laws[0].document.id}
    [currency] = {hit.currency for hit in hits}
    assert (currency.effective_to, currency.superseded_by) == ("2020-07-01", "试验质量规定")


def test_a_draft_ranks_below_the_rule_in_force(search: Search, laws: list[Parsed]) -> None:
    hits = search(laws[1:3], "知情同意书", k=50)
    statuses = [hit.status for hit in hits]
    assert statuses.index("draft") > statuses.index("effective")
    drafts, rules = ([h.score for h in hits if h.status == s] for s in ("draft", "effective"))
    assert max(drafts) < max(rules)


# Filters


@pytest.mark.parametrize(
    ("pair", "kept"),
    [
        ("kind=law", {"a"}),
        ("kind=law,paper", {"a", "b"}),
        ("issuer=国务院", {"a"}),
        ("jurisdiction=CN-SH", {"b"}),
        ("language=en", {"c"}),
        ("from=2020-01-01", {"b", "c"}),
        ("from=2020-05-01", {"b", "c"}),  # both ends included
        ("to=2020-05-01", {"a", "b"}),
        ("status=effective", {"a"}),
        ("status=current", {"b", "c"}),
        ("status=any", {"a", "b", "c"}),
        ("issuer=nobody", set()),
    ],
)
def test_filters_keep_the_documents_they_name(
    search: Search, make_document: MakeDocument, pair: str, kept: set[str]
) -> None:
    documents = [
        make_document("知情同意书甲", title="a", kind="law", issuer="国务院", issued="2010-01-01"),
        make_document(
            "知情同意书乙", title="b", kind="paper", jurisdiction="CN-SH", issued="2020-05-01"
        ),
        make_document(
            "知情同意书 consent", title="c", kind="method", language="en", issued="2024-01-01"
        ),
    ]
    hits = search(documents, "知情同意书", filters=Filters.parse([pair]))
    assert set(titles(hits)) == kept


def test_a_document_filter_takes_the_beginning_of_an_id(
    search: Search, make_document: MakeDocument
) -> None:
    documents = [make_document("知情同意书甲"), make_document("知情同意书乙")]
    chosen = documents[1].document.id
    hits = search(documents, "知情同意书", filters=Filters.parse([f"document={chosen[:10]}"]))
    assert [hit.document.id for hit in hits] == [chosen]


def test_filtered_rows_do_not_use_up_places(
    search: Search, make_document: MakeDocument, embedder: Embedder
) -> None:
    crowd = [make_document(f"知情同意书签署 {n}", title="多", kind="paper") for n in range(30)]
    wanted = make_document("知情", title="少", kind="law")
    hits = search([*crowd, wanted], "知情同意书签署", k=3, filters=Filters(kind=frozenset({"law"})))
    assert titles(hits) == ["少"]


def test_a_view_remembers_which_documents_a_filter_allows(
    tmp_path: Path, open_writer: OpenWriter, laws: list[Parsed]
) -> None:
    with open_writer() as writer:
        writer.publish(laws, [])
    index = Index(tmp_path / "index")
    with index.read() as view:
        found = view.allowed(Filters(), TODAY)
        assert set(found.values()) == {"effective", "draft", "current"}
        assert list(found) == sorted(found)
        with index.read() as other:
            assert other.allowed(Filters(), TODAY) is found
        assert view.allowed(Filters(), "2002-01-01") != found
        assert view.allowed(Filters(kind=frozenset({"paper"})), TODAY) != found
        for year in range(1900, 2100):  # it does not remember without end
            view.allowed(Filters(), f"{year}-01-01")
        assert view.allowed(Filters(), TODAY) == found
