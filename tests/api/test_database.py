"""The database: made, brought up to date from the first version, durable, shared by processes."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from api.answers import AnswerStore
from api.conversations import ConversationStore
from api.database import FILE_NAME, VERSION, DatabaseUnusable, open_database
from tests.api.test_answers import make_answer


def first_version(folder: Path) -> None:
    """A file as the first version of Xinglin left it."""
    folder.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(folder / FILE_NAME) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute(
            "CREATE TABLE answers (answer_id VARCHAR(64) NOT NULL, created DATETIME NOT NULL, "
            "question TEXT NOT NULL, answer TEXT NOT NULL, PRIMARY KEY (answer_id))"
        )
        database.execute("CREATE INDEX ix_answers_created ON answers (created)")
        stored = make_answer("old").to_json()
        del stored["understood"]  # the first version knew no conversations
        database.execute(
            "INSERT INTO answers VALUES ('old', '2026-01-01 00:00:00.000000', '多久报告？', ?)",
            (json.dumps(stored, ensure_ascii=False),),
        )
    database.close()


def version_of(folder: Path) -> int:
    with sqlite3.connect(folder / FILE_NAME) as database:
        found: int = database.execute("SELECT version FROM schema_version").fetchone()[0]
    return found


def test_a_file_of_the_first_version_keeps_its_answers(tmp_path: Path) -> None:
    first_version(tmp_path)
    engine = open_database(tmp_path)
    stored = AnswerStore(engine).get("old")
    assert stored is not None and stored["answer_id"] == "old"
    conversations = ConversationStore(engine)
    talk = conversations.create()
    conversations.add(talk.id, make_answer("new"))
    assert [turn.answer["answer_id"] for turn in conversations.turns(talk.id)] == ["new"]
    assert version_of(tmp_path) == VERSION


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    AnswerStore(tmp_path).add(make_answer())
    for _ in range(3):
        assert AnswerStore(tmp_path).get("a1") is not None
    assert version_of(tmp_path) == VERSION


def test_a_file_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    open_database(tmp_path)
    with sqlite3.connect(tmp_path / FILE_NAME) as database:
        database.execute("UPDATE schema_version SET version = 99")
    with pytest.raises(DatabaseUnusable, match="later Xinglin"):
        open_database(tmp_path)
    assert version_of(tmp_path) == 99


def test_what_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("this is a text " * 100, encoding="utf-8")
    with pytest.raises(DatabaseUnusable, match=r"answers\.sqlite"):
        open_database(tmp_path)


def test_an_unusable_address_is_said_without_its_password(tmp_path: Path) -> None:
    for url in ("nonsense", "nosuch://user:secret@host/db"):
        with pytest.raises(DatabaseUnusable) as caught:
            open_database(tmp_path, url)
        assert "secret" not in str(caught.value)


def test_another_place_may_be_named(tmp_path: Path) -> None:
    place = tmp_path / "elsewhere.sqlite"
    AnswerStore(open_database(tmp_path / "state", f"sqlite:///{place}")).add(make_answer())
    assert place.exists()
    assert not (tmp_path / "state").exists()


def test_several_may_open_a_new_database_at_once(tmp_path: Path) -> None:
    first_version(tmp_path)
    failures: list[Exception] = []

    def work(number: int) -> None:
        try:
            AnswerStore(tmp_path).add(make_answer(f"t{number}"))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert all(AnswerStore(tmp_path).get(f"t{number}") for number in range(6))


_WRITER = """
import sys
from pathlib import Path
from api.conversations import ConversationStore
from api.database import open_database
from tests.api.test_answers import make_answer

store = ConversationStore(open_database(Path(sys.argv[1])))
conversation = store.create("killed")
for number in range(10_000):
    turn = store.add(conversation.id, make_answer(f"{sys.argv[2]}-{number}"))
    print(conversation.id, turn, f"{sys.argv[2]}-{number}", flush=True)
"""


def test_a_killed_process_loses_no_acknowledged_turn(tmp_path: Path, repo: Path) -> None:
    for run in range(3):
        process = subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(tmp_path), f"run{run}"],
            cwd=repo,
            env={**os.environ, "PYTHONPATH": str(repo)},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        acknowledged = [process.stdout.readline() for _ in range(5 + 7 * run)]
        process.send_signal(signal.SIGKILL)
        acknowledged += process.stdout.read().splitlines(keepends=True)
        process.wait()
        process.stdout.close()
        whole = [line.split() for line in acknowledged if line.endswith("\n")]
        assert len(whole) >= 5
        conversation = whole[0][0]
        turns = ConversationStore(open_database(tmp_path)).turns(conversation)
        assert [turn.number for turn in turns] == list(range(1, len(turns) + 1))
        stored = {(str(turn.number), turn.answer["answer_id"]) for turn in turns}
        assert {(number, answer) for _, number, answer in whole} <= stored
        with sqlite3.connect(tmp_path / FILE_NAME) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
