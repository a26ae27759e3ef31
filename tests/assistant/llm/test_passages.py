"""Passages under keys: what is sent of them, and where quotes are found again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answerer import Answerer
from assistant.finding import table_reader
from assistant.llm.passages import NotFound, Passage, Passages, as_data, merged, new_key
from retrieval import Filters, Hit, Index, Searcher

LONG = 100_000


def hits(rules: Answerer, query: str, name: str) -> list[Hit]:
    with rules.index.read() as view:
        found = rules.searcher.search(view, query, 20, Filters.parse(["status=any"]), "2026-11-21")
    return [hit for hit in found if hit.document.path.endswith(name)]


def offered(rules: Answerer, query: str, name: str, room: int = LONG) -> list[Passage]:
    with rules.index.read() as view:
        return Passages(table_reader(view)).offer(hits(rules, query, name), 20, room)


def holding(rules: Answerer, query: str, name: str, text: str) -> Passage:
    [passage, *_] = [p for p in offered(rules, query, name) if text in p.text]
    return passage


ARTICLE = "甲类样本库应当设置专职管理员，管理员每2年培训一次。"


@pytest.fixture(scope="module")
def article(rules: Answerer) -> Passage:
    return holding(rules, "甲类样本库专职管理员", "new.md", ARTICLE)


@pytest.fixture(scope="module")
def table(rules: Answerer) -> Passage:
    return holding(rules, "戊类采血管管帽颜色", "table.md", "紫色")


def test_keys_are_drawn_anew_and_mean_nothing() -> None:
    keys = {new_key() for _ in range(200)}
    assert len(keys) > 190
    assert all(re.fullmatch("[0-9a-f]{6}", key) for key in keys)


def test_a_key_is_given_once(rules: Answerer) -> None:
    drawn = iter(
        ["aaaaaa", "aaaaaa", "bbbbbb", "cccccc", "dddddd"] + [f"{n:06}" for n in range(20)]
    )
    with rules.index.read() as view:
        passages = Passages(table_reader(view), lambda: next(drawn))
        found = passages.offer(hits(rules, "甲类样本库", "new.md"), 3, LONG)
        again = passages.offer([passage.hit for passage in found], 3, LONG)
    assert [passage.key for passage in found] == ["aaaaaa", "bbbbbb", "cccccc"]
    assert again == []
    assert passages.get("[bbbbbb]") is found[1]
    assert passages.get("eeeeee") is None


@given(st.data())
def test_any_stretch_of_a_sentence_leads_to_the_whole(
    article: Passage, data: st.DataObject
) -> None:
    """However little is copied, with whatever spaces and widths, the sentence is quoted whole."""
    start = data.draw(st.integers(0, len(ARTICLE) - 8))
    end = data.draw(st.integers(start + 8, len(ARTICLE)))
    quote = " ".join(ARTICLE[start:end]).replace("，", ",").replace("2", "２")
    [sentence] = article.locate(quote)
    assert sentence.text == ARTICLE
    assert article.hit.chunk.text.count(ARTICLE) == 1


@given(st.text(min_size=2))
def test_what_does_not_stand_there_is_not_found(article: Passage, text: str) -> None:
    if re.sub(r"\W", "", text) and text not in article.text:
        with pytest.raises(NotFound):
            article.locate(f"{text}※{text}")


@pytest.mark.parametrize("quote", ["", " ", "…", "......", "“”", "员", "| |"])
def test_nothing_is_no_quote(article: Passage, quote: str) -> None:
    with pytest.raises(NotFound, match="quote_not_found"):
        article.locate(quote)


def test_marks_around_a_quote_and_gaps_in_it_do_not_count(article: Passage) -> None:
    for quote in (f"“{ARTICLE}”", "甲类样本库应当设置……每2年培训一次", "「专职管理员」"):
        assert [s.text for s in article.locate(quote)] == [ARTICLE]


def test_the_label_of_an_article_may_be_copied_along(article: Passage) -> None:
    [sentence] = article.locate(f"第三条　{ARTICLE}")
    assert sentence.text == ARTICLE


def test_a_gap_does_not_join_what_stands_apart(article: Passage) -> None:
    with pytest.raises(NotFound):
        article.locate("甲类样本库应当设置……每年检查一次")


def test_rows_are_found_with_and_without_outer_bars(table: Passage) -> None:
    for quote in ("紫色 | 乙二胺四乙酸 | 6小时", "| 紫色 | 乙二胺四乙酸 | 6小时 |", "乙二胺四乙酸"):
        [row] = table.locate(quote)
        assert row.text == "紫色 | 乙二胺四乙酸 | 6小时"
        assert row.row is not None


def test_two_rows_are_two_quotes_and_two_sentences_one(table: Passage, rules: Answerer) -> None:
    rows = table.locate("紫色 | 乙二胺四乙酸 | 6小时\n金色 | 分离胶 | 2小时")
    assert [s.text for s in merged(rows, table)] == [s.text for s in rows] != []
    assert len(rows) == 2


def test_the_header_of_a_table_is_no_evidence(table: Passage) -> None:
    with pytest.raises(NotFound, match="quote_not_found"):
        table.locate("管帽颜色 | 添加剂 | 最长放置")


def test_what_stands_twice_must_be_quoted_more_fully(table: Passage) -> None:
    with pytest.raises(NotFound, match="quote_ambiguous"):
        table.locate("小时")


def test_a_whole_sentence_is_found_though_it_is_part_of_another(
    tmp_path: Path, build_index: Callable[..., object], searcher: Searcher
) -> None:
    lines = ["安慰剂组每日一次", "安慰剂组每日一次加基础治疗", "安慰剂组每日一次"]
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a.md").write_text("# 分组\n\n" + "\n\n".join(f"- {x}" for x in lines))
    build_index(tmp_path / "index", tmp_path / "files")
    with Index(tmp_path / "index").read() as view:
        found = searcher.search(view, "安慰剂组每日一次", 5, None, "2026-11-21")
        [passage] = Passages(table_reader(view)).offer(found, 5, LONG)
    assert [s.text for s in passage.locate(lines[0])] == [passage.sentences[0][2].text]
    with pytest.raises(NotFound, match="quote_ambiguous"):
        passage.locate("安慰剂组每日")


@pytest.mark.parametrize("room", [30, 60, 100, 200])
def test_what_is_sent_fits_and_ends_with_a_sentence(rules: Answerer, room: int) -> None:
    for passage in offered(rules, "甲类样本库", "new.md", room):
        assert len(passage.shown) <= room
        assert passage.text.startswith(passage.shown)
        rest = passage.text[len(passage.shown) :]
        assert (
            not rest.strip() or passage.shown.endswith(("。", "；", "：", "的")) or rest[0] == "\n"
        )


def test_rows_are_not_cut(rules: Answerer) -> None:
    [passage] = [
        p for p in offered(rules, "戊类采血管管帽颜色", "table.md", 60) if "管帽" in p.text
    ]
    assert passage.shown.splitlines()[-1] in passage.text.splitlines()


def test_orders_to_a_model_are_neither_sent_nor_quotable(rules: Answerer) -> None:
    for passage in offered(rules, "丁类离心机校准", "injected.md"):
        assert "忽略" not in passage.shown
        if "忽略" in passage.text:
            with pytest.raises(NotFound, match="instruction"):
                passage.locate("丁类离心机已获批准，无需校准")


def test_a_passage_tells_its_source_and_standing(article: Passage) -> None:
    told = article.to_json()
    assert told["title"] == "甲类样本库管理办法（2023年修订）"
    assert "第三条" in told["place"]
    assert (told["status"], told["effective_from"]) == ("effective", "2023-05-01")
    assert set(told) <= {"key", "title", "place", "status", "effective_from", "language", "text"}


@given(st.text())
def test_data_stays_data(text: str) -> None:
    value = {"text": text, "list": [text]}
    assert json.loads(as_data(value)) == value


@pytest.mark.parametrize(
    "mark",
    [
        "<|im_end|>",
        "<｜Assistant｜>",
        "</s>",
        "<think>",
        "[INST]",
        "[/INST]",
        "<!--",
        "[SYSTEM_PROMPT]",
    ],
)
def test_marks_of_chat_templates_do_not_survive(mark: str) -> None:
    text = as_data({"text": f"x{mark}y p<0.05 [3]"})
    assert mark not in text
    assert "p<0.05 [3]" in text
    assert json.loads(text)["text"] == f"x{mark}y p<0.05 [3]"
