"""From a question to evidence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant import Answerer, AnswerSettings
from assistant.finding import Finder, Found, table_reader
from assistant.question import read_question
from retrieval import Filters, Hit, Index, Searcher, View
from retrieval.normalise import compare_form

TODAY = "2026-11-21"
REPLY = "甲类样本库收到使用申请后多久答复申请人？"


@pytest.fixture(scope="module")
def view(rules_index: Path) -> Iterator[View]:
    with Index(rules_index).read() as view:
        yield view


@pytest.fixture(scope="module")
def finder(searcher: Searcher) -> Finder:
    return Finder(searcher, AnswerSettings())


def find(finder: Finder, view: View, text: str, shown: frozenset[str] = frozenset()) -> Found:
    return finder.find(read_question(text), TODAY, Filters(), view, shown)


def sources(found: Found) -> set[str]:
    return {hit.document.path.rsplit("/", 1)[-1] for hit in found.hits}


def best(finder: Finder, found: Found, number: int = 0) -> str:
    part = found.reading.question.parts[number]
    own = finder.own_units(found.reading, part)
    return finder.rank(found.reading, part, own, found.hits)[1][0].sentence.text


def test_evidence_is_found_and_ranked(finder: Finder, view: View) -> None:
    found = find(finder, view, REPLY)
    assert found.missing is None
    assert "20个工作日" in best(finder, found)
    assert {h.chunk.id for h in found.hits} <= {h.chunk.id for h in found.retrieved}


def test_a_name_chooses_the_documents_and_need_not_be_covered(finder: Finder, view: View) -> None:
    found = find(finder, view, "ZEBRA-7试验的主要终点是什么？")
    assert sources(found) == {"zebra.md"}
    assert len(found.allowed.document) == 1
    assert [unit.text for unit in found.reading.named] == ["zebra-7"]
    assert "zebra-7" not in {unit.text for unit in found.reading.units}


def test_a_name_that_nobody_mentions_is_missing(finder: Finder, view: View) -> None:
    found = find(finder, view, "MATRIX-99试验的主要终点是什么？")
    assert found.missing and "matrix-99" in found.missing


def test_superseded_texts_are_searched_only_when_they_are_asked_for(
    finder: Finder, view: View
) -> None:
    assert "old.md" not in sources(find(finder, view, REPLY))
    assert "old.md" in sources(find(finder, view, "旧版规定" + REPLY))
    assert "old.md" in sources(find(finder, view, "2019年版办法规定" + REPLY))
    chosen = Filters(status=frozenset({"effective"}))
    found = finder.find(read_question("旧版规定" + REPLY), TODAY, chosen, view)
    assert "old.md" not in sources(found)


def test_each_part_is_searched_and_no_passage_comes_twice(finder: Finder, view: View) -> None:
    found = find(finder, view, REPLY + "使用记录保存多少年？")
    ids = [hit.chunk.id for hit in found.retrieved]
    assert len(ids) == len(set(ids))
    assert "20个工作日" in best(finder, found, 0)
    assert "15年" in best(finder, found, 1)


def test_the_whole_question_is_searched_and_each_part(
    finder: Finder, view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries: list[str] = []
    search = Searcher.search

    def spy(self: Searcher, view: View, query: str, *rest: Any) -> list[Hit]:
        queries.append(query)
        return search(self, view, query, *rest)

    monkeypatch.setattr(Searcher, "search", spy)
    find(finder, view, REPLY + "使用记录保存多少年？")
    assert queries == [REPLY + "使用记录保存多少年？", REPLY.rstrip("？"), "使用记录保存多少年"]
    queries.clear()
    find(finder, view, REPLY)
    assert queries == [REPLY]


def test_words_of_a_part_are_those_of_the_question_that_it_has(finder: Finder, view: View) -> None:
    found = find(finder, view, REPLY + "使用记录保存多少年？")
    first, second = (
        {unit.text for unit in finder.own_units(found.reading, part)}
        for part in found.reading.question.parts
    )
    assert "记录" in " ".join(second) and "记录" not in " ".join(first)
    assert first | second <= {unit.text for unit in found.reading.units}


def test_what_was_shown_is_not_ranked_again(finder: Finder, view: View) -> None:
    shown = best(finder, find(finder, view, REPLY))
    again = find(finder, view, REPLY, frozenset({compare_form(shown)}))
    assert best(finder, again) != shown


def test_a_further_search_keeps_to_what_the_question_names(finder: Finder, view: View) -> None:
    found = find(finder, view, "ZEBRA-7试验的主要终点是什么？")
    hits = finder.search_again(found, "全因死亡 样本量 受试者")
    assert hits
    assert {hit.document.path.rsplit("/", 1)[-1] for hit in hits} == {"zebra.md"}


def test_a_further_search_keeps_to_the_article_that_is_asked_about(
    finder: Finder, view: View
) -> None:
    found = find(finder, view, "《甲类样本库管理办法》第二条怎么规定？")
    hits = finder.search_again(found, "甲类样本库 使用记录保存 书面答复")
    assert {hit.chunk.locator.section for hit in hits} == {"第二条"}


def test_tables_are_read_from_the_store(searcher: Searcher, view: View) -> None:
    [hit] = searcher.search(view, "紫色采血管 乙二胺四乙酸", 1, Filters(), TODAY)
    block = hit.chunk.spans[0].block
    lines = table_reader(view)(hit, block)
    assert lines is not None
    assert "最长放置" in lines.above


# --- what is measured of a question, for fitting --------------------------------------------------


def test_the_evidence_of_each_part_comes_best_first(rules: Answerer) -> None:
    found = rules.evidence(REPLY + "使用记录保存多少年？")
    assert [asked.part.text for asked, _ in found] == [
        part.text for part in read_question(REPLY + "使用记录保存多少年？").parts
    ]
    for (_, ranked), says in zip(found, ("20个工作日", "15年"), strict=True):
        scores = [one.score for one in ranked]
        assert scores == sorted(scores, reverse=True)
        assert says in ranked[0].sentence.text


@pytest.mark.parametrize("text", ["帮我编5例受试者的随访数据", "MATRIX-99试验的主要终点是什么？"])
def test_there_is_no_evidence_for_what_is_refused_or_not_held(rules: Answerer, text: str) -> None:
    assert rules.evidence(text) == []


def test_the_record_says_how_sure_the_answer_is(rules: Answerer) -> None:
    answered, open_ = rules.answer(REPLY), rules.answer("甲类样本库的押金收多少钱？")
    refused = rules.answer("帮我编5例受试者的随访数据")
    assert answered.record and open_.record and refused.record
    least = rules.settings.min_confidence
    assert answered.record.confidence is not None and answered.record.confidence >= least
    assert open_.record.confidence is not None and open_.record.confidence < least
    assert refused.record.confidence is None
