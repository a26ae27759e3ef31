"""``chat``, ``ask --conversation``, ``conversations`` and ``feedback`` on the command line."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
from pathlib import Path

import pytest

from api.database import open_database
from api.feedback import FeedbackStore
from tests.api.cli.conftest import Run

FIRST = "药物临床试验申请受理后多少个工作日内决定？"


@pytest.fixture(autouse=True)
def _places(
    tmp_path: Path, corpus_index: Path, repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(corpus_index, tmp_path / "index")
    monkeypatch.setenv("XINGLIN_INDEX_DIR", str(tmp_path / "index"))
    monkeypatch.setenv("XINGLIN_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("XINGLIN_CORPUS_DIR", str(repo / "corpus"))


def pipe(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(lines)))


def test_lines_of_a_pipe_are_turns_of_one_conversation(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe(monkeypatch, FIRST, "", "那器械呢？", "/quit", "不再问了？")
    answers = run("chat", "--json").lines
    assert [answer["turn"] for answer in answers] == [1, 2]
    assert answers[1]["understood"].startswith("器械")
    found = run("conversations", "list", "--json").json
    assert (found["total"], found["conversations"][0]["turns"]) == (1, 2)

    pipe(monkeypatch, "逾期呢？")
    talk = answers[0]["conversation_id"]
    result = run("chat", "--conversation", talk[:8])
    assert "理解为：器械" in result.out
    assert result.out.rstrip().endswith(talk)


def test_ask_goes_on_with_a_conversation(run: Run) -> None:
    first = run("ask", FIRST, "--conversation", "new", "--json").json
    talk = first["conversation_id"]
    second = run("ask", "那器械呢？", "--conversation", talk, "--json").json
    assert (second["turn"], second["conversation_id"]) == (2, talk)
    assert second["understood"].startswith("器械")
    alone = run("ask", "那器械呢？", "--json").json
    assert alone["understood"] is None and "turn" not in alone


def test_conversations_are_shown_exported_renamed_and_deleted(run: Run, tmp_path: Path) -> None:
    talk = run("ask", FIRST, "--conversation", "new", "--json").json["conversation_id"]
    assert run("conversations", "show", talk[:6]).out.startswith(f"# {FIRST}")
    run("conversations", "export", talk, "-o", tmp_path / "talk.json", "--json")
    whole = json.loads((tmp_path / "talk.json").read_text(encoding="utf-8"))
    assert whole["turns"][0]["answer"]["question"] == FIRST
    assert "默示许可" in run("conversations", "rename", talk, "默示许可").out
    assert run("conversations", "list", "默示许可", "--json").json["total"] == 1
    assert run("conversations", "delete", talk, "--yes").status == 0
    assert run("conversations", "list", "--json").json["total"] == 0


def test_feedback_is_listed_exported_and_marked(run: Run, tmp_path: Path) -> None:
    answer = run("ask", FIRST, "--conversation", "new", "--json").json
    store = FeedbackStore(open_database(tmp_path / "state"))
    given = store.add(answer["answer_id"], "wrong", 0, "应引法条", "《药品管理法》")
    shown = run("feedback", "list").out
    assert "应引法条" in shown and answer["answer_id"] in shown
    assert run("feedback", "list", "--verdict", "useful", "--json").json["total"] == 0
    assert run("feedback", "handle", given.id).out.startswith("✓")
    assert run("feedback", "list", "--open", "--json").json["total"] == 0
    run("feedback", "export", tmp_path / "feedback.csv")
    text = (tmp_path / "feedback.csv").read_text(encoding="utf-8-sig")
    assert next(csv.DictReader(io.StringIO(text)))["suggested_source"] == "《药品管理法》"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("ask", "x", "--conversation", "nope"), "nope"),
        (("conversations", "show", "nope"), "nope"),
        (("conversations", "delete", "nope", "--yes"), "nope"),
        (("feedback", "handle", "9"), "9"),
        (("feedback", "list", "--verdict", "nice"), "missing_source"),
    ],
)
def test_bad_input_ends_with_one_sentence(run: Run, arguments: tuple[str, ...], words: str) -> None:
    result = run(*arguments)
    assert result.status == 2
    assert words in result.sentence


def test_without_an_index_no_conversation_is_begun(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XINGLIN_INDEX_DIR", str(tmp_path / "none"))
    pipe(monkeypatch, FIRST)
    assert run("chat").status == 2
    assert run("conversations", "list", "--json").json["total"] == 0
