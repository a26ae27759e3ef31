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
from tests.assistant.made_up import make_hit


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


@pytest.mark.parametrize("text", ["样本库的email怎么记录", "the sample bank of fdaxx"])
def test_letters_inside_a_word_name_no_country(text: str, searcher: Searcher, view: View) -> None:
    assert anchored(text, searcher, view).missing is None


@pytest.mark.parametrize(
    "text",
    ["疫苗管理法国家实行什么制度", "药品管理法国务院怎么规定", "15个工作日本中心能完成吗"],
)
def test_characters_of_two_words_name_no_country(text: str, view: View) -> None:
    ours, _ = make_hit("ours", "疫苗实行上市许可持有人制度。")
    assert apply_anchors(read_question(text), (), [ours], view).hits == (ours,)


def test_a_country_is_found_by_its_documents_or_by_its_name(view: View) -> None:
    theirs, _ = make_hit("theirs", "申请60日内答复。", jurisdiction="ID")
    speaks, _ = make_hit("speaks", "印尼的申请90日内答复。")
    other, _ = make_hit("other", "申请30日内答复。", jurisdiction="CN")
    by_chance, _ = make_hit("by_chance", "药品管理法国务院令，申请30日内答复。")
    hits = [theirs, speaks, other, by_chance]
    found = apply_anchors(read_question("印度尼西亚的申请多久答复？"), (), hits, view)
    assert found.hits == (theirs, speaks)
    found = apply_anchors(read_question("法国的申请多久答复？"), (), hits, view)
    assert found.hits == () and "法国" in str(found.missing)


@pytest.mark.parametrize(
    "country", ["Vietnam", "泰国", "South Africa", "哈萨克斯坦", "New Zealand", "墨西哥", "Türkiye"]
)
def test_what_a_country_of_the_question_lacks_is_named_as_it_was(country: str, view: View) -> None:
    ours, _ = make_hit("ours", "申请30日内答复。", jurisdiction="CN")
    found = apply_anchors(read_question(f"{country} IND 审批"), (), [ours], view)
    assert found.hits == ()
    assert country.lower() in str(found.missing)


@pytest.mark.parametrize(
    "text", ["2022年第28号公告怎么规定备案？", "What does Announcement No. 28 of 2022 require?"]
)
def test_a_document_number_keeps_its_document_and_what_speaks_of_it(text: str, view: View) -> None:
    named, _ = make_hit("a", "应当备案。", document_number="国家药监局公告2022年第28号")
    titled, _ = make_hit("b", "应当备案。", title="国家药监局公告（2022年 第28号）")
    speaks, _ = make_hit("c", "按照2022年第二十八号公告备案。")
    english, _ = make_hit("d", "Filing follows Announcement No. 28 of 2022.")
    other, _ = make_hit("e", "按照2022年第128号、2021年第28号公告备案。")
    far, _ = make_hit("f", "2022年起施行。另见第28号。")
    hits = [named, titled, speaks, english, other, far]
    found = apply_anchors(read_question(text), (), hits, view)
    assert found.hits == (named, titled, speaks, english)
    found = apply_anchors(read_question(text), (), [other, far], view)
    assert found.hits == () and "28" in str(found.missing)


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("Article 30 applies.", True),
        ("See Articles 28, 29 and 30.", True),
        ("按照第三十条办理。", True),
        ("Article 300 applies.", False),
        ("Article 5 applies. After 30 days it ends.", False),
    ],
)
def test_an_article_is_spoken_of_in_both_languages(text: str, held: bool, view: View) -> None:
    hit, _ = make_hit("a", text)
    found = apply_anchors(read_question("What does Article 30 say?"), (), [hit], view)
    assert (found.hits == (hit,)) is held


def test_results_are_not_read_off_a_protocol(searcher: Searcher, view: View) -> None:
    found = anchored("ZEBRA-7试验的无复发率实际达到多少？", searcher, view)
    assert "zebra.md" not in paths(found)


def test_titles_are_compared_without_their_version(view: View) -> None:
    both = documents_titled("甲类样本库管理办法", view.documents)
    assert {d.path.rsplit("/", 1)[-1] for d in both} == {"old.md", "new.md"}
    assert documents_titled("中华人民共和国甲类样本库管理办法（2019年）", view.documents) == both
    assert documents_titled("样本库管理办法", view.documents) == both
    assert documents_titled("戊类样本库管理办法", view.documents) == []
