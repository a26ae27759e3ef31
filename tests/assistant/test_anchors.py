"""What a question names must be there: titles, articles, versions, identifiers, countries."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.anchors import (
    Anchored,
    Scope,
    apply_anchors,
    documents_titled,
    find_scope,
    within,
)
from assistant.question import read_question
from assistant.units import content_units
from retrieval import Filters, Index, Searcher, View


@pytest.fixture(scope="module")
def view(rules_index: Path) -> Iterator[View]:
    with Index(rules_index).read() as view:
        yield view


def scope_of(text: str, searcher: Searcher, view: View) -> Scope:
    question = read_question(text)
    return find_scope(question, content_units(text, searcher, view), searcher, view)


def anchored(text: str, searcher: Searcher, view: View) -> Anchored:
    question = read_question(text)
    hits = searcher.search(view, text, 20, Filters(), "2026-11-21")
    return apply_anchors(question, content_units(text, searcher, view), hits, view)


def paths(found: Anchored) -> set[str]:
    return {hit.document.path.rsplit("/", 1)[-1] for hit in found.hits}


@pytest.mark.parametrize("name", ["ZEBRA-7", "zebra-7", "NCT07000007", "nct07000007"])
def test_an_identifier_stands_for_its_document(name: str, searcher: Searcher, view: View) -> None:
    scope = scope_of(f"{name}试验的主要终点是什么", searcher, view)
    [document] = [d for d in view.documents if d.path.endswith("zebra.md")]
    assert scope.documents == {document.id}
    assert scope.missing is None


@pytest.mark.parametrize("name", ["ZEBRA-8", "ZEBRA-77", "NCT07000008", "NEBULA-X1"])
def test_an_identifier_nobody_mentions_is_missing(
    name: str, searcher: Searcher, view: View
) -> None:
    scope = scope_of(f"{name}试验的主要终点是什么", searcher, view)
    assert scope.missing is not None
    assert name.lower() in scope.missing


def test_without_identifiers_every_document_may_answer(searcher: Searcher, view: View) -> None:
    assert scope_of("样本库多久答复", searcher, view) == Scope()


def test_two_identifiers_stand_for_both_documents(searcher: Searcher, view: View) -> None:
    scope = scope_of("ZEBRA-7和GIRAFFE-2的主要终点分别是什么", searcher, view)
    assert len(scope.documents) == 2


def test_a_scope_narrows_the_filters_unless_documents_were_chosen() -> None:
    scope = Scope(documents=frozenset({"a"}))
    assert within(Filters(), scope).document == {"a"}
    assert within(Filters(document=frozenset({"b"})), scope).document == {"b"}
    assert within(Filters(), Scope()) == Filters()


def test_a_title_keeps_its_document_and_what_speaks_of_it(searcher: Searcher, view: View) -> None:
    found = anchored("《甲类样本库管理办法》怎么规定使用申请的答复？", searcher, view)
    assert found.missing is None
    assert "new.md" in paths(found)
    assert paths(found) <= {"new.md", "note.md"}


def test_a_title_nobody_holds_is_missing(searcher: Searcher, view: View) -> None:
    found = anchored("《外星样本库管理办法》怎么规定？", searcher, view)
    assert found.hits == ()
    assert "《外星样本库管理办法》" in str(found.missing)


@pytest.mark.parametrize("written", ["第二条", "第2条", "第２条"])
def test_an_article_keeps_only_itself(written: str, searcher: Searcher, view: View) -> None:
    found = anchored(f"《甲类样本库管理办法》{written}怎么规定？", searcher, view)
    assert [hit.chunk.locator.section for hit in found.hits] == ["第二条"]


def test_an_article_that_is_not_there_is_missing(searcher: Searcher, view: View) -> None:
    found = anchored("《甲类样本库管理办法》第九十条怎么规定？", searcher, view)
    assert found.hits == ()
    assert "第90条" in str(found.missing)
    assert "甲类样本库管理办法" in str(found.missing)


def test_a_version_year_keeps_that_version(searcher: Searcher, view: View) -> None:
    found = anchored("2023年修订的甲类样本库管理办法，样本库多久答复", searcher, view)
    assert "new.md" in paths(found)
    assert found.missing is None


def test_a_version_year_nobody_holds_is_missing(searcher: Searcher, view: View) -> None:
    found = anchored("2031年新版甲类样本库管理办法怎么规定", searcher, view)
    assert found.hits == ()
    assert "2031" in str(found.missing)


@pytest.mark.parametrize(
    "text",
    [
        "日本的样本库收到使用申请后多久答复？",
        "How long does an FDA-approved sample bank take to answer?",
        "欧盟样本库的使用记录保存多少年",
        "U.K. sample bank: MHRA rules on records",
    ],
)
def test_a_foreign_rule_is_not_answered_by_ours(text: str, searcher: Searcher, view: View) -> None:
    found = anchored(text, searcher, view)
    assert found.hits == ()
    assert found.missing


@pytest.mark.parametrize("text", ["样本库的email怎么记录", "the sample bank of Thailand's fdaxx"])
def test_letters_inside_a_word_name_no_country(text: str, searcher: Searcher, view: View) -> None:
    assert anchored(text, searcher, view).missing is None


def test_results_are_not_read_off_a_protocol(searcher: Searcher, view: View) -> None:
    found = anchored("ZEBRA-7试验的无复发率实际达到多少？", searcher, view)
    assert "zebra.md" not in paths(found)


def test_titles_are_compared_without_their_version(view: View) -> None:
    both = documents_titled("甲类样本库管理办法", view.documents)
    assert {d.path.rsplit("/", 1)[-1] for d in both} == {"old.md", "new.md"}
    assert documents_titled("中华人民共和国甲类样本库管理办法（2019年）", view.documents) == both
    assert documents_titled("样本库管理办法", view.documents) == both
    assert documents_titled("戊类样本库管理办法", view.documents) == []
