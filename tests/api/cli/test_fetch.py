"""``xinglin fetch``: its JSON, and one sentence for bad input, against a source on the loopback."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.cli.conftest import Run
from tests.ingest.fetch.server import Answer, Entrez, Registry, Server

KEYS = {
    "source", "query", "out", "found", "added", "updated", "unchanged", "complete", "requests",
    "warnings",
}  # fmt: skip


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Three made-up trials and two made-up articles."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("NCBI_API_KEY", "s3cret")
    registry = Registry()
    for number in range(1, 4):
        registry.add(number, "2026-10-01")
    articles = {"1": ("Pain fell.", "2026-01-01"), "2": ("It did not.", "2026-01-01")}
    with Server().running() as running:
        running.routes["/studies"] = registry
        for name, database in (("/pubmed", "pubmed"), ("/pmc", "pmc")):
            entrez = Entrez(database, articles)
            running.routes[f"{name}/esearch.fcgi"] = entrez.search
            running.routes[f"{name}/efetch.fcgi"] = entrez.fetch
        yield running


def test_trials(run: Run, server: Server, tmp_path: Path) -> None:
    arguments = (
        *("fetch", "clinicaltrials", "--condition", "made-up disease", "--status", "recruiting"),
        *("--limit", "2", "--out", tmp_path, "--base-url", server.url),
    )
    result = run(*arguments, "--json")
    assert result.status == 0
    assert set(result.json) == KEYS
    assert result.json["query"] == {"condition": "made-up disease", "status": "RECRUITING"}
    assert (result.json["found"], result.json["added"], result.json["complete"]) == (3, 2, False)
    assert len(list(tmp_path.glob("NCT*.json"))) == 2
    shown = run(*arguments)
    assert shown.status == 0
    assert "clinicaltrials: 3 found; 0 added" in shown.out
    assert "not all of them are in the folder" in shown.out


@pytest.mark.parametrize(("command", "file"), [("pubmed", "PMID1.xml"), ("pmc", "PMC1.nxml")])
def test_articles(run: Run, server: Server, tmp_path: Path, command: str, file: str) -> None:
    base = f"{server.url}/{command}"
    result = run("fetch", command, "pain", "--out", tmp_path, "--base-url", base, "--json")
    assert result.status == 0
    assert set(result.json) == KEYS
    assert (result.json["source"], result.json["added"], result.json["complete"]) == (
        command,
        2,
        True,
    )
    assert (tmp_path / file).is_file()
    assert server.log[0].params["api_key"] == "s3cret"


@pytest.mark.parametrize("command", ["pubmed", "pmc"])
def test_what_was_fetched_is_ingested(
    run: Run, server: Server, tmp_path: Path, command: str
) -> None:
    base, out = f"{server.url}/{command}", tmp_path / "files"
    run("fetch", command, "pain", "--out", out, "--base-url", base)
    result = run("ingest", out, "--index", tmp_path / "index", "--jobs", "1", "--json")
    assert result.status == 0
    assert [file["outcome"] for file in result.json["files"]] == ["added", "added"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("clinicaltrials",), "name a condition or a term"),
        (("clinicaltrials", "--condition", "x", "--status", "open"), "status 'open' is none of"),
        (("clinicaltrials", "--condition", "x", "--since", "yesterday"), "is not a day like"),
        (("clinicaltrials", "--condition", "x", "--base-url", "host"), "--base-url: "),
        (("pubmed", " "), "the query is empty"),
        (("pubmed", "x", "--email", "nobody"), "--email: "),
    ],
)
def test_a_bad_request_is_one_sentence(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    result = run("fetch", *arguments, "--out", tmp_path, "--json")
    assert result.status == 2
    assert says in result.sentence
    assert result.out == ""


def test_offline_is_one_sentence(run: Run, server: Server, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{free.getsockname()[1]}"
    result = run("fetch", "pubmed", "pain", "--out", tmp_path, "--base-url", base)
    assert result.status == 2
    assert "could not be reached" in result.sentence
    assert "ingest and questions need no network" in result.sentence


def test_a_refusal_is_one_sentence_without_the_key(
    run: Run, server: Server, tmp_path: Path
) -> None:
    server.trouble.append(Answer(b'{"error":"API key invalid","api-key":"s3cret"}', 400))
    result = run("fetch", "pubmed", "pain", "--out", tmp_path, "--base-url", server.url)
    assert result.status == 2
    assert "API key invalid" in result.sentence
    assert "s3cret" not in result.sentence


def test_the_command_line_does_not_pay_for_the_http_library(repo: Path) -> None:
    code = "import sys, api.cli; sys.exit('httpx' in sys.modules or 'ingest.fetch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=repo, check=False)
    assert done.returncode == 0
