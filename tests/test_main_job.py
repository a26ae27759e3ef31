"""The main job, end to end: files in, a verified cited answer out.

``eval/checks/notes.jsonl`` runs against the notes that ship with Xinglin, ``reference.jsonl``
against real laws, guidances and protocols where they lie beside the checkout.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant import Answer, Answerer
from assistant.verification import numbers_stand, quote_stands
from retrieval import Index, Searcher
from retrieval.embedders import Embedder
from retrieval.lexicon import Lexicon
from tests.conftest import REPO, BuildIndex

CHECKS = REPO / "eval" / "checks"
GUIDANCE = ("nmpa-notice-2022-28", "nmpa-notice-2018-83", "cmde-2018-6")


def checks(name: str) -> list[Any]:
    lines = (CHECKS / name).read_text(encoding="utf-8").splitlines()
    return [pytest.param(check, id=check["question"][:24]) for check in map(json.loads, lines)]


def assert_passes(check: dict[str, Any], answer: Answer, answerer: Answerer) -> None:
    shown = "\n".join(statement.text for statement in answer.statements)
    assert answer.status == check["status"], (answer.status, answer.missing, shown)
    for words in check["says"]:
        assert words in shown
    if "never" in check:
        assert check["never"] not in shown
    if check.get("cites"):
        found = [
            citation
            for citation in answer.citations
            if check["cites"] in citation.title + citation.path
            and check.get("section") in (None, citation.locator.get("section"))
            and (not check.get("page") or citation.locator.get("page"))
        ]
        assert found, [(c.title, c.path, c.locator) for c in answer.citations]
    assert_verified(answer, answerer)


def assert_verified(answer: Answer, answerer: Answerer) -> None:
    """Every statement of an answer from the corpus is cited, verbatim, with its own numbers."""
    if answer.status != "answered":
        assert not answer.citations
        assert answer.missing
        return
    by_id = {citation.id: citation for citation in answer.citations}
    with answerer.index.read() as view:
        for statement in answer.statements:
            assert statement.citations
            assert statement.support == "verified"
            for number in statement.citations:
                citation = by_id[number]
                document = view.document(citation.document_id)
                assert document is not None
                block = view.blocks(document, citation.block, 1)[0][1]
                start, end = citation.block_start, citation.block_end
                assert quote_stands(citation.quote, block, start, end)
                assert numbers_stand(statement.text, citation.quote)
                assert citation.status in {"effective", "current"} or citation.notice


@pytest.mark.parametrize("check", checks("notes.jsonl"))
def test_the_notes_answer(check: dict[str, Any], answerer: Answerer) -> None:
    assert_passes(check, answerer.answer(check["question"]), answerer)


@pytest.fixture(scope="module")
def reference_answerer(
    shared: Path,
    tmp_path_factory: pytest.TempPathFactory,
    build_index: BuildIndex,
    embedder: Embedder,
    lexicon: Lexicon,
) -> Answerer:
    """Over all laws, some guidances and the protocols of two heart failure trials."""
    folder = tmp_path_factory.mktemp("reference") / "index"
    guidance = [
        path
        for path in (shared / "reference" / "guidance").glob("*.md")
        if path.name.startswith(GUIDANCE)
    ]
    protocols = [
        *(shared / "documents" / "protocols").glob("NCT03036124*"),
        *(shared / "documents" / "protocols").glob("NCT03057977*"),
    ]
    laws = [shared / "reference" / "laws", shared / "reference" / "laws_2026"]
    report = build_index(folder, *laws, *guidance, *protocols, jobs=2)
    assert report.count("failed") == 0
    index = Index(folder, REPO / "corpus" / "currency.csv")
    return Answerer(index, Searcher(embedder, lexicon), clock=lambda: "2026-11-21")


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.parametrize("check", checks("reference.jsonl"))
def test_the_reference_material_answers(
    check: dict[str, Any], reference_answerer: Answerer
) -> None:
    answer = reference_answerer.answer(check["question"])
    assert_passes(check, answer, reference_answerer)


@pytest.mark.slow
@pytest.mark.shared
def test_the_whole_reference_folder_is_accounted_for(
    shared: Path, tmp_path: Path, build_index: BuildIndex
) -> None:
    folders = [shared / "reference"] + [
        shared / "documents" / name for name in ("pdf", "protocols", "office")
    ]
    found = sum(1 for folder in folders for path in folder.rglob("*") if path.is_file())
    first = build_index(tmp_path / "index", *folders, jobs=2)
    assert len(first.outcomes) == found
    assert first.count("failed") == 0
    assert {Path(o.path).suffix for o in first.outcomes if o.outcome == "unsupported"} <= {
        "",
        ".doc",
        ".jsonl",
    }
    again = build_index(tmp_path / "index", *folders, jobs=2)
    assert again.count("added", "updated", "failed") == 0
    assert again.seconds < 10
