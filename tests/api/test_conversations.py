"""The store of conversations: order, search, renaming, deletion, several writers."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from api.answers import AnswerStore, answer_from_json
from api.conversations import ConversationStore, NoConversation
from api.database import FILE_NAME, open_database
from api.feedback import FeedbackStore
from assistant import Statement
from tests.api.test_answers import make_answer


@pytest.fixture
def store(tmp_path: Path) -> ConversationStore:
    return ConversationStore(open_database(tmp_path))


def test_turns_come_back_in_order_as_they_were_given(store: ConversationStore) -> None:
    talk = store.create()
    answers = [make_answer(f"a{n}", f"问题{n}？") for n in range(12)]
    assert [store.add(talk.id, answer) for answer in answers] == list(range(1, 13))
    turns = store.turns(talk.id)
    assert [answer_from_json(turn.answer) for turn in turns] == [
        replace(a, citations=tuple(_listed(c) for c in a.citations)) for a in answers
    ]
    assert [a.answer_id for a in store.history(talk.id, 3)] == ["a9", "a10", "a11"]
    assert store.get(talk.id).turns == 12


def _listed(citation: object) -> object:
    """A citation as JSON gives it back: tuples inside free fields are lists."""
    locator = dict(citation.locator)  # type: ignore[attr-defined]
    locator["bbox"] = list(locator["bbox"])
    return replace(citation, locator=locator)  # type: ignore[type-var]


def test_the_title_is_that_of_the_first_question_unless_given(store: ConversationStore) -> None:
    own, named = store.create(), store.create("伦理")
    for talk in (own, named):
        store.add(talk.id, make_answer(f"{talk.id}-1", "  第一个\n问题？" + "长" * 80))
        store.add(talk.id, make_answer(f"{talk.id}-2", "第二个问题？"))
    assert store.get(own.id).title.startswith("第一个 问题？")
    assert len(store.get(own.id).title) <= 60
    assert store.get(named.id).title == "伦理"


def test_search_finds_words_in_titles_questions_and_answers(store: ConversationStore) -> None:
    first, second, third = store.create("甲"), store.create("乙"), store.create("丙 100%_\\")
    store.add(first.id, make_answer("x1", "SAE多久报告？"))
    answer = replace(make_answer("x2", "别的"), statements=(Statement("默示许可", (1,)),))
    store.add(second.id, answer)

    def ids(text: str) -> set[str]:
        return {one.id for one in store.find(text)[0]}

    assert ids("sae") == {first.id}
    assert ids("默示许可") == {second.id}
    assert ids("甲 SAE") == {first.id}
    assert ids("甲 默示许可") == set()
    assert ids("100%") == {third.id}, "% stands for itself"
    assert ids("_") == {third.id} or first.id not in ids("0%_")
    assert ids("") == {first.id, second.id, third.id}


def test_the_list_is_paged_latest_first(store: ConversationStore) -> None:
    talks = [store.create(str(n)) for n in range(5)]
    store.add(talks[1].id, make_answer())
    found, total = store.find(limit=2)
    assert total == 5
    assert [one.title for one in found] == ["1", "4"]
    assert [one.title for one in store.find(limit=2, offset=4)[0]] == ["0"]


def test_archived_conversations_are_listed_apart(store: ConversationStore) -> None:
    talk = store.create("旧")
    assert store.change(talk.id, archived=True).archived
    assert store.find()[1] == 0
    assert store.find(archived=True)[0][0].title == "旧"
    assert store.change(talk.id, title="新").title == "新"
    assert store.get(talk.id).archived


def test_deleting_takes_turns_answers_and_feedback_from_the_disk(tmp_path: Path) -> None:
    engine = open_database(tmp_path)
    store, answers, feedback = ConversationStore(engine), AnswerStore(engine), FeedbackStore(engine)
    kept, gone = store.create(), store.create()
    store.add(kept.id, make_answer("kept", "留下的问题"))
    store.add(gone.id, make_answer("gone", "要删掉的特别问题"))
    feedback.add("gone", "wrong", comment="特别意见")
    store.delete(gone.id)
    assert answers.get("gone") is None and answers.get("kept") is not None
    assert feedback.find()[1] == 0
    with pytest.raises(NoConversation):
        store.get(gone.id)
    engine.dispose()
    with sqlite3.connect(tmp_path / FILE_NAME) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    raw = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert "留下的问题".encode() in raw
    assert "特别问题".encode() not in raw and "特别意见".encode() not in raw


def test_nothing_is_stored_for_a_conversation_that_is_gone(tmp_path: Path) -> None:
    engine = open_database(tmp_path)
    store = ConversationStore(engine)
    talk = store.create()
    store.delete(talk.id)
    for action in (
        lambda: store.add(talk.id, make_answer()),
        lambda: store.history(talk.id, 3),
        lambda: store.change(talk.id, title="x"),
        lambda: store.delete(talk.id),
    ):
        with pytest.raises(NoConversation, match=talk.id):
            action()
    assert AnswerStore(engine).get("a1") is None


def test_writers_at_the_same_time_get_numbers_of_their_own(tmp_path: Path) -> None:
    stores = [ConversationStore(open_database(tmp_path)) for _ in range(4)]
    talk = stores[0].create()

    def work(store: ConversationStore, name: str) -> None:
        for number in range(10):
            store.add(talk.id, make_answer(f"{name}-{number}"))

    threads = [
        threading.Thread(target=work, args=(store, str(name))) for name, store in enumerate(stores)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    turns = stores[0].turns(talk.id)
    assert [turn.number for turn in turns] == list(range(1, 41))
    assert len({turn.answer["answer_id"] for turn in turns}) == 40
