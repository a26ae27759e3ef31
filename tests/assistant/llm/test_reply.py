"""Replies: read whole and while they are written, from whatever stands around them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.llm.reply import SCHEMA, Proposed, Quoted, StatementReader, read_reply

TEXTS = st.text(max_size=30)
CITATIONS = st.lists(st.fixed_dictionaries({"key": TEXTS, "quote": TEXTS}), max_size=3)
STATEMENTS = st.lists(
    st.fixed_dictionaries({"n": st.integers(1, 9), "text": TEXTS, "citations": CITATIONS}),
    max_size=4,
)
CUTS = st.lists(st.integers(1, 12), min_size=1, max_size=8)


def pieces(text: str, cuts: list[int]) -> list[str]:
    """A text as it grows."""
    ends, end = [], 0
    while end < len(text):
        end += cuts[len(ends) % len(cuts)]
        ends.append(text[:end])
    return ends


@given(STATEMENTS, CUTS, st.booleans())
def test_statements_are_found_as_they_become_whole(
    statements: list[dict[str, object]], cuts: list[int], ascii_only: bool
) -> None:
    text = json.dumps({"statements": statements, "missing": None}, ensure_ascii=ascii_only)
    reader = StatementReader()
    heard = [found for part in pieces(text, cuts) for found in reader.feed(part)]
    reply = read_reply(text)
    assert reply is not None
    assert tuple(heard) == reply.statements


def test_a_statement_is_not_heard_before_it_is_whole() -> None:
    text = (
        '{"statements": [{"text": "二十日内", "citations": [{"key": "a", "quote": "二十日"}]}, {"te'
    )
    reader = StatementReader()
    assert list(reader.feed(text[:60])) == []
    assert list(reader.feed(text)) == [Proposed("二十日内", (Quoted("a", "二十日"),))]
    assert list(reader.feed(text)) == []


def test_thoughts_are_not_heard() -> None:
    reader = StatementReader()
    thought = '<think>{"statements": [{"text": "不是"}]'
    assert list(reader.feed(thought)) == []
    assert list(reader.feed(thought + '}</think>{"statements": [{"text": "是"}')) == [
        Proposed("是")
    ]


@given(TEXTS, TEXTS, STATEMENTS)
def test_words_around_the_json_change_nothing(
    before: str, after: str, statements: list[dict[str, object]]
) -> None:
    bare = json.dumps({"statements": statements, "missing": "x", "follow_up": ["怎么办？"]})
    wrapped = read_reply(f"{before.replace('{', '')}\n```json\n{bare}\n```\n{after}")
    assert wrapped == read_reply(bare)


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    list(StatementReader().feed(text))
    read_reply(text)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"statements": "x"}', "[" * 5000, '{"statements": [' * 300, "null"],
)
def test_what_is_no_reply_is_none(text: str) -> None:
    assert read_reply(text) is None
    assert list(StatementReader().feed(text)) == []


@pytest.mark.parametrize(
    "item",
    [
        "x", None, 7, {}, {"text": 7}, {"text": None, "citations": []}, [],
    ],
)  # fmt: skip
def test_an_item_that_is_no_statement_keeps_its_place(item: object) -> None:
    reply = read_reply(json.dumps({"statements": [item, {"text": "是"}]}))
    assert reply is not None
    assert reply.statements == (Proposed(""), Proposed("是"))


def test_citations_that_are_none_are_left_out() -> None:
    cited = ["x", {"key": "a"}, {"key": 1, "quote": "q"}, {"key": " b ", "quote": "q"}]
    reply = read_reply(json.dumps({"statements": [{"text": "是", "citations": cited}]}))
    assert reply is not None
    assert reply.statements[0].citations == (Quoted("b", "q"),)


def test_commas_too_many_and_line_breaks_in_strings_are_forgiven() -> None:
    reply = read_reply('{"statements": [{"text": "第一行\n第二行", "citations": [],},],}')
    assert reply is not None
    assert reply.statements == (Proposed("第一行 第二行"),)


def test_no_statement_means_insufficient() -> None:
    for text in ('{"statements": [], "missing": "x"}', '{"statements": [{"text": " "}]}'):
        reply = read_reply(text)
        assert reply is not None and reply.insufficient


def test_the_schema_is_strict_all_the_way_down() -> None:
    open_parts = [SCHEMA]
    while open_parts:
        part = open_parts.pop()
        if part.get("type") == "object":
            assert part["additionalProperties"] is False
            assert part["required"] == list(part["properties"])
            open_parts += part["properties"].values()
        elif part.get("type") == "array":
            open_parts.append(part["items"])
