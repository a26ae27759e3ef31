"""The command line: contracts, exit statuses, one clear sentence for bad input."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.api.cli.conftest import Result, Run

ASKED = "器械SAE，研究者几小时内报告申办者？"
TEXT = "# 甲机构规程\n\n甲机构应当在17个工作日内答复申请人。\n"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, corpus_index: Path) -> Path:
    """A copy of the index of the notes that tests only read."""
    folder = tmp_path_factory.mktemp("cli") / "index"
    shutil.copytree(corpus_index, folder)
    return folder


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "docs" / "规程.md"
    path.parent.mkdir()
    path.write_text(TEXT, encoding="utf-8")
    return path


# --- asking and searching ------------------------------------------------------------------------


def test_ask_prints_the_answer_json(run: Run, index: Path) -> None:
    result = run("ask", ASKED, "--index", index, "--json")
    assert (result.status, result.err) == (0, "")
    answer = result.json
    assert answer["question"] == ASKED
    assert answer["status"] == "answered"
    assert any("24小时" in statement["text"] for statement in answer["statements"])
    assert "\\u" not in result.out


def test_cli_and_http_give_the_same_answer(run: Run, index: Path, reader: Any) -> None:
    for question in (ASKED, "世界杯冠军是谁？", "帮我算一下样本量"):
        told = run("ask", question, "--index", index, "--json", "--as-of", "2026-01-31").json
        body = {"question": question, "as_of": "2026-01-31"}
        served = reader.post("/v1/ask", json=body).json()
        for answer in (told, served):
            del answer["answer_id"], answer["record"]["elapsed_ms"]
        assert told == served


def test_every_quote_is_the_text_of_its_block(run: Run, index: Path) -> None:
    answer = run("ask", "估计目标有哪几个属性？", "--index", index, "--json").json
    assert len(answer["citations"]) > 3
    for citation in answer["citations"]:
        shown = run("docs", "show", citation["document_id"], "--index", index, "--json").json
        block = shown["blocks_content"][citation["block"]]
        assert block["text"][citation["block_start"] : citation["block_end"]] == citation["quote"]


def test_ask_for_people_names_source_place_and_status(run: Run, index: Path) -> None:
    result = run("ask", ASKED, "--index", index)
    assert result.status == 0
    assert "24小时" in result.out
    assert "[1]" in result.out
    assert "effective" in result.out and "2022-05-01" in result.out
    assert "notes/regulation/device-sae-reporting.md" in result.out


@pytest.mark.parametrize("question", ["世界杯冠军是谁？", "帮我编5例数据", "帮我算一下样本量", ""])
def test_to_say_no_is_a_success(run: Run, index: Path, question: str) -> None:
    result = run("ask", question, "--index", index)
    assert result.status == 0
    assert result.out.strip()


def test_ask_takes_a_day_and_filters(run: Run, index: Path) -> None:
    then = run("ask", ASKED, "--index", index, "--json", "--as-of", "2015-01-01").json
    assert then["as_of"] == "2015-01-01"
    assert not any("device-sae" in c["path"] for c in then["citations"])
    only = run(
        "ask", "样本量计算需要哪些参数？", "--index", index, "--json", "--filter", "kind=method"
    )
    assert {c["kind"] for c in only.json["citations"]} == {"method"}


def test_search_gives_the_passages_asked_for(run: Run, index: Path) -> None:
    result = run("search", "严重不良事件", "-k", 3, "--index", index, "--json")
    assert result.status == 0
    hits = result.json["hits"]
    assert len(hits) == 3
    assert [h["score"] for h in hits] == sorted((h["score"] for h in hits), reverse=True)
    for_people = run("search", "严重不良事件", "-k", 3, "--index", index)
    assert [line[:2] for line in for_people.out.splitlines()[::2]] == ["1.", "2.", "3."]


def test_a_search_without_result_says_so(run: Run, index: Path) -> None:
    result = run("search", "SAE", "--filter", "kind=paper", "--index", index)
    assert (result.status, result.out.strip()) == (0, "nothing found")


# --- documents -----------------------------------------------------------------------------------


def test_docs_list_gives_the_fields_of_the_contract(run: Run, index: Path) -> None:
    rows = run("docs", "list", "--index", index, "--json").json
    assert len(rows) > 10
    for row in rows:
        assert {"id", "path", "title", "kind", "status"} <= set(row)
    for_people = run("docs", "list", "--index", index).out
    assert all(row["id"] in for_people and row["title"] in for_people for row in rows)
    assert f"{len(rows)} documents" in for_people


def test_docs_list_on_a_day(run: Run, index: Path) -> None:
    def status(as_of: str) -> str:
        rows = run("docs", "list", "--index", index, "--as-of", as_of, "--json").json
        [row] = [r for r in rows if r["path"].endswith("device-sae-reporting.md")]
        return str(row["status"])

    assert status("2022-04-30") == "not_yet_effective"
    assert status("2022-05-01") == "effective"


def test_a_document_is_ingested_shown_exported_and_removed(
    run: Run, tmp_path: Path, note: Path
) -> None:
    folder = tmp_path / "index"
    first = run("ingest", note.parent, "--index", folder, "--jobs", 1, "--json")
    assert first.status == 0
    [file] = first.json["files"]
    assert (file["outcome"], file["path"]) == ("added", "docs/规程.md")
    again = run("ingest", note.parent, "--index", folder, "--json")
    assert (again.status, again.json["outcomes"]["unchanged"]) == (0, 1)

    note.write_text(TEXT.replace("17", "23"), encoding="utf-8")
    updated = run("ingest", note, "--index", folder, "--jobs", 1)
    assert updated.status == 0
    assert "updated" in updated.out and "规程.md" in updated.out
    [row] = run("docs", "list", "--index", folder, "--json").json
    assert "23个工作日" in run("docs", "show", row["id"], "--index", folder).out
    exported = run("docs", "export", row["id"][:8], "--index", folder)
    assert exported.out.strip() == TEXT.replace("17", "23").strip()
    as_json = run("docs", "export", row["id"], "--index", folder, "--json").json
    assert as_json["markdown"].strip() == exported.out.strip()

    removed = run("docs", "remove", row["id"], "--index", folder, "--json")
    assert removed.json == {"removed": [row["id"]]}
    gone = run("docs", "show", row["id"], "--index", folder)
    assert gone.status == 2
    assert row["id"] in gone.sentence


def test_prune_removes_what_is_gone(run: Run, tmp_path: Path, note: Path) -> None:
    other = note.with_name("其他.md")
    other.write_text("# 乙\n\n乙机构另有规定。\n", encoding="utf-8")
    folder = tmp_path / "index"
    assert run("ingest", note.parent, "--index", folder, "--jobs", 1).status == 0
    note.unlink()
    kept = run("ingest", note.parent, "--index", folder, "--json").json
    assert kept["removed"] == []
    pruned = run("ingest", note.parent, "--index", folder, "--prune", "--json").json
    assert len(pruned["removed"]) == 1
    [row] = run("docs", "list", "--index", folder, "--json").json
    assert row["path"].endswith("其他.md")


# --- bad input -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ask", "x", "--as-of", "2026-13-40"], ["--as-of", "2026-13-40"]),
        (["ask", "x", "--as-of", "31.01.2026"], ["31.01.2026"]),
        (["ask", "x", "--as-of", ""], ["--as-of"]),
        (["search", "x", "--as-of", "2026-02-30"], ["2026-02-30"]),
        (["docs", "list", "--as-of", "soon"], ["soon"]),
        (["ask", "x", "--filter", "colour=red"], ["colour=red", "kind"]),
        (["ask", "x", "--filter", "kind"], ["kind", "KEY=VALUE"]),
        (["search", "x", "--filter", "from=soon"], ["soon"]),
        (["docs", "show", "nope"], ["nope", "docs list"]),
        (["docs", "remove", "nope"], ["nope"]),
        (["docs", "export", "nope"], ["nope"]),
        (["docs", "export", "abc"], ["abc"]),
    ],
)
def test_bad_input_ends_with_status_2_and_one_sentence(
    run: Run, index: Path, arguments: list[str], words: list[str]
) -> None:
    result = run(*arguments, "--index", index)
    assert (result.status, result.out) == (2, "")
    assert all(word in result.sentence for word in words)


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask", "x"],
        ["search", "x"],
        ["docs", "list"],
        ["docs", "show", "abcdef"],
        ["docs", "remove", "abcdef"],
        ["docs", "export", "abcdef"],
    ],
)
def test_a_missing_index_is_told_with_what_to_do(
    run: Run, tmp_path: Path, arguments: list[str]
) -> None:
    result = run(*arguments, "--index", tmp_path / "none")
    assert (result.status, result.out) == (2, "")
    assert "there is no index in" in result.sentence
    assert "xinglin ingest" in result.sentence
    assert not (tmp_path / "none").exists()


def test_an_index_that_is_something_else_is_told(run: Run, tmp_path: Path, note: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert "cannot be written" in run("ingest", note, "--index", tmp_path / "file").sentence
    (tmp_path / "junk").mkdir()
    (tmp_path / "junk" / "store.sqlite").write_text("no database")
    for arguments in (["ask", "x"], ["ingest", note]):
        result = run(*arguments, "--index", tmp_path / "junk")
        assert result.status == 2
        assert "junk" in result.sentence and "xinglin ingest" in result.sentence


def test_a_path_that_does_not_exist_is_named(run: Run, tmp_path: Path, note: Path) -> None:
    gone = tmp_path / "gone.md"
    result = run("ingest", gone, "--index", tmp_path / "index")
    assert result.status == 2
    assert "gone.md" in result.out + result.err
    assert "no such file" in result.out + result.err
    mixed = run("ingest", note, gone, "--index", tmp_path / "index", "--jobs", 1, "--json")
    assert mixed.status == 2
    assert mixed.json["outcomes"]["added"] == 1


def test_nothing_readable_is_bad_input(run: Run, tmp_path: Path) -> None:
    (tmp_path / "program.exe").write_bytes(b"MZ\x00\x01")
    result = run("ingest", tmp_path / "program.exe", "--index", tmp_path / "index", "--jobs", 1)
    assert result.status == 2
    assert "unsupported" in result.out


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask"],
        ["nonsense"],
        ["ask", "x", "--nonsense"],
        ["search", "x", "-k", "0"],
        ["search", "x", "-k", "many"],
        ["serve", "--port", "99999"],
        ["ingest", "x", "--jobs", "0"],
        ["docs", "nonsense"],
    ],
)
def test_a_wrong_call_ends_with_status_2(run: Run, arguments: list[str]) -> None:
    result = run(*arguments)
    assert (result.status, result.out) == (2, "")
    assert "Traceback" not in result.err
    assert result.err.strip()


def test_wrong_settings_end_with_status_2(
    run: Run, monkeypatch: pytest.MonkeyPatch, index: Path
) -> None:
    monkeypatch.setenv("XINGLIN_SERVER__PROT", "1")
    result = run("ask", "x", "--index", index)
    assert result.status == 2
    assert "server.port" in result.sentence


def test_an_unknown_embedder_ends_with_status_2(
    run: Run, monkeypatch: pytest.MonkeyPatch, index: Path
) -> None:
    monkeypatch.setenv("XINGLIN_EMBEDDER", "nonsense")
    result = run("ask", "x", "--index", index)
    assert result.status == 2
    assert "nonsense" in result.sentence


# --- config and help -----------------------------------------------------------------------------


def test_config_prints_every_setting_and_its_origin(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "xinglin.toml").write_text('embedder = "bundled"\n[search]\nk1 = 1.4\n')
    monkeypatch.setenv("XINGLIN_SERVER__PORT", "8123")
    result = run("config", "--index", tmp_path / "here", "--json")
    rows = {row["key"]: row for row in result.json["settings"]}
    assert result.json["file"].endswith("xinglin.toml")
    assert (rows["search.k1"]["value"], rows["search.k1"]["from"]) == (1.4, "xinglin.toml")
    assert rows["server.port"]["value"] == 8123
    assert rows["server.port"]["from"] == "environment XINGLIN_SERVER__PORT"
    assert rows["index_dir"]["value"] == str(tmp_path / "here")
    assert rows["index_dir"]["from"] == "command line"
    assert rows["search.b"]["from"] == "default"
    assert all(row["description"] for row in rows.values())
    for_people = run("config").out
    assert "search.k1 = 1.4  (xinglin.toml)" in for_people
    assert "server.port = 8123  (environment XINGLIN_SERVER__PORT)" in for_people


@pytest.mark.parametrize("command", [[], ["ingest"], ["docs"], ["search"], ["ask"], ["serve"]])
def test_help_is_there(run: Run, command: list[str]) -> None:
    result = run(*command, "--help")
    assert result.status == 0
    assert "Usage" in result.out


# --- as a process --------------------------------------------------------------------------------

PROGRAM = [sys.executable, "-c", "from api.cli import main; main()"]


def process(
    repo: Path, *arguments: object, prefix: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.upper().startswith("XINGLIN_")}
    environment |= {"PYTHONPATH": str(repo), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [*prefix, *PROGRAM, *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        env=environment,
        timeout=60,
    )


def test_a_question_loads_neither_torch_nor_the_server(repo: Path, index: Path) -> None:
    script = (
        "import sys; sys.argv = ['xinglin', 'ask', 'SAE', '--index', sys.argv[1]]\n"
        "from api.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "slow = {'torch', 'sentence_transformers', 'fastapi', 'uvicorn'} & set(sys.modules)\n"
        "assert not slow, slow"
    )
    environment = {"PYTHONPATH": str(repo), "PATH": os.environ["PATH"]}
    subprocess.run(
        [sys.executable, "-c", script, str(index)],
        check=True,
        env=environment,
        capture_output=True,
        timeout=60,
    )


def test_a_reader_that_leaves_early_is_no_error(repo: Path, index: Path) -> None:
    command = subprocess.Popen(
        [*PROGRAM, "docs", "list", "--json", "--index", str(index)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"PYTHONPATH": str(repo), "PATH": os.environ["PATH"]},
    )
    assert command.stdout is not None and command.stderr is not None
    command.stdout.close()
    errors = command.stderr.read()
    assert command.wait(timeout=60) == 0
    assert errors == b""


@pytest.fixture
def ordinary_user() -> tuple[str, ...]:
    """A prefix under which file permissions count, also for root."""
    if os.geteuid() != 0:
        return ()
    setpriv = shutil.which("setpriv")
    prefix = (str(setpriv), "--bounding-set=-dac_override,-dac_read_search")
    if setpriv is None or subprocess.run([*prefix, "true"], check=False).returncode:
        pytest.skip("root cannot give up its privileges here")
    return prefix


@pytest.fixture
def read_only(tmp_path: Path, corpus_index: Path) -> Path:
    """An index nobody may write to."""
    folder = tmp_path / "read-only"
    shutil.copytree(corpus_index, folder)
    for path in [*folder.rglob("*"), folder]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    return folder


@pytest.fixture(autouse=True)
def _writable_again(tmp_path: Path) -> Any:
    yield
    for path in [tmp_path, *tmp_path.rglob("*")]:
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)


def test_a_folder_that_cannot_be_made_is_told(
    repo: Path, tmp_path: Path, note: Path, ordinary_user: tuple[str, ...]
) -> None:
    (tmp_path / "locked").mkdir(mode=0o555)
    result = process(
        repo, "ingest", note, "--index", tmp_path / "locked" / "index", prefix=ordinary_user
    )
    assert result.returncode == 2
    assert "cannot be written" in Result(2, "", result.stderr).sentence


def test_a_read_only_index_answers(
    repo: Path, read_only: Path, ordinary_user: tuple[str, ...]
) -> None:
    result = process(repo, "ask", ASKED, "--index", read_only, prefix=ordinary_user)
    assert (result.returncode, result.stderr) == (0, "")
    assert "24小时" in result.stdout


def test_a_read_only_index_cannot_be_added_to(
    repo: Path, read_only: Path, note: Path, ordinary_user: tuple[str, ...]
) -> None:
    result = process(repo, "ingest", note, "--index", read_only, prefix=ordinary_user)
    assert result.returncode == 2
    assert str(read_only) in Result(2, "", result.stderr).sentence
