"""``xinglin ask`` with a language model on a scripted endpoint."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.messages import message
from tests.api.cli.conftest import Run
from tests.api.contract import ASKED, check_contract
from tests.api.test_streaming import FALSE, QUOTE, TRUE
from tests.assistant.llm.server import ChatServer, refusing, stating


@pytest.fixture(scope="module")
def server() -> Iterator[ChatServer]:
    with ChatServer() as server:
        yield server


def test_a_model_may_be_named_on_the_command_line(
    run: Run, corpus_index: Path, server: ChatServer
) -> None:
    server.then(stating((TRUE, QUOTE)))
    chosen = ("--llm", "qwen2.5", "--llm-base-url", server.url)
    done = run("ask", ASKED, "--index", corpus_index, *chosen, "--json")
    assert done.status == 0, done.err
    check_contract(done.json)
    assert [s["text"] for s in done.json["statements"]] == [TRUE]
    assert done.json["record"]["llm"] == "qwen2.5"
    assert server.requests[0]["model"] == "qwen2.5"


def test_what_failed_is_shown_by_choice_and_marked(
    run: Run, corpus_index: Path, server: ChatServer
) -> None:
    server.then(stating((TRUE, QUOTE), (FALSE, QUOTE)))
    chosen = ("--llm", "m", "--llm-base-url", server.url)
    out = run("ask", ASKED, "--index", corpus_index, *chosen).out
    assert TRUE in out and FALSE not in out
    out = run("ask", ASKED, "--index", corpus_index, *chosen, "--show-unsupported").out
    assert f"{FALSE} （无依据）" in out or f"{FALSE}（无依据）" in out


def test_the_settings_name_one_and_an_option_does_without(
    run: Run, corpus_index: Path, server: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XINGLIN_LLM__MODEL", "m")
    monkeypatch.setenv("XINGLIN_LLM__BASE_URL", server.url)
    server.then(stating((TRUE, QUOTE)))
    ask = ("ask", ASKED, "--index", corpus_index, "--json")
    assert run(*ask).json["record"]["llm"] == "m"
    assert run(*ask, "--llm", "other").json["record"]["llm"] == "other"
    server.then(refusing(500))
    without = run(*ask, "--no-llm").json
    assert without["record"]["llm"] is None and without["notices"] == []
    assert server.requests == []


def test_a_model_that_fails_is_said_and_the_answer_given(
    run: Run, corpus_index: Path, server: ChatServer
) -> None:
    server.then(refusing(401))
    done = run("ask", ASKED, "--index", corpus_index, "--llm", "m", "--llm-base-url", server.url)
    assert done.status == 0
    assert message("zh", "llm_denied") in done.out and "24小时" in done.out


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("--llm", "m"), "--llm-base-url"),
        (("--llm", "m", "--no-llm"), "--no-llm"),
        (("--llm", "m", "--llm-base-url", "http://me:pw-secret@host/v1"), "llm.api_key"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_sentence(
    run: Run, corpus_index: Path, options: tuple[str, ...], word: str
) -> None:
    done = run("ask", ASKED, "--index", corpus_index, *options)
    assert done.status == 2
    assert word in done.sentence
    assert "pw-secret" not in done.err


def test_the_key_is_not_printed_with_the_settings(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XINGLIN_LLM__API_KEY", "sk-secret-123")
    monkeypatch.setenv("XINGLIN_LLM__RETRIES", "many")
    assert "sk-secret" not in run("config").err
    monkeypatch.setenv("XINGLIN_LLM__RETRIES", "1")
    done = run("config")
    assert "llm.api_key" in done.out and "sk-secret" not in done.out
