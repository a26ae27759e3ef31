"""Stored answers: read again exactly as they were given."""

from __future__ import annotations

import json
import sqlite3
import threading
from pathlib import Path

from api.answers import AnswerStore
from assistant import Answer, Citation, Statement
from assistant.model import Record


def make_answer(answer_id: str = "a1", question: str = "多久报告？") -> Answer:
    citation = Citation(
        id=1,
        document_id="d",
        title="规定",
        publisher=None,
        kind="regulation",
        locator={"page": 3, "bbox": (1.5, 2.0, 3.0, 4.0), "section": "第十一条"},
        quote="24小时内",
        status="effective",
        effective_from="2020-01-01",
        effective_to=None,
        superseded_by=None,
        score=0.5,
        path="a.md",
        block=0,
        block_start=0,
        block_end=5,
        chunk_id="d-0",
    )
    return Answer(
        answer_id=answer_id,
        question=question,
        language="zh",
        as_of="2026-01-01",
        status="answered",
        statements=(Statement("24小时内报告。", (1,)),),
        citations=(citation,),
        record=Record("s", "e", None, ("d-0",), 1.2, "0"),
    )


def test_an_answer_is_read_again_as_it_was_given(tmp_path: Path) -> None:
    store = AnswerStore(tmp_path / "state")
    answer = make_answer(question='𠮷、emoji 😀 与 "引号"\n换行')
    store.add(answer)
    assert store.get("a1") == json.loads(json.dumps(answer.to_json()))


def test_an_answer_outlives_the_process(tmp_path: Path) -> None:
    AnswerStore(tmp_path).add(make_answer())
    assert AnswerStore(tmp_path).get("a1") is not None


def test_an_unknown_id_is_nothing(tmp_path: Path) -> None:
    assert AnswerStore(tmp_path).get("nope") is None
    assert AnswerStore(tmp_path).get("' OR 1=1 --") is None


def test_answers_do_not_replace_each_other(tmp_path: Path) -> None:
    store = AnswerStore(tmp_path)
    store.add(make_answer("a1", "一"))
    store.add(make_answer("a2", "二"))
    first, second = store.get("a1"), store.get("a2")
    assert first and second
    assert (first["question"], second["question"]) == ("一", "二")


def test_several_threads_may_store_at_once(tmp_path: Path) -> None:
    store = AnswerStore(tmp_path)
    ids = [f"t{n}" for n in range(16)]
    threads = [threading.Thread(target=store.add, args=(make_answer(i),)) for i in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(store.get(i) for i in ids)


def test_the_database_is_sound(tmp_path: Path) -> None:
    AnswerStore(tmp_path).add(make_answer())
    with sqlite3.connect(tmp_path / "answers.sqlite") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
