"""What the query path loads: seconds of start-up hang on it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    *("torch", "sentence_transformers", "transformers", "tensorflow"),
    *("langchain", "langchain_openai", "langchain_community"),
    "langchain_core.language_models.chat_models",
}
ASK = """
import sys
from api.cli import main
sys.argv = ["xinglin", "ask", "器械临床试验SAE多久报告？", "--json"]
try:
    main()
except SystemExit as done:
    assert not done.code, done.code
"""


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """Packages of those names, so that an import in a ``try`` is seen where none is installed."""
    for name in HEAVY:
        if "." not in name:
            (tmp_path / name).mkdir()
            (tmp_path / name / "__init__.py").write_text("")
    return tmp_path


def loaded(code: str, repo: Path, planted: Path, index: Path) -> set[str]:
    """Modules that a program leaves loaded in a fresh interpreter."""
    code += "\nimport json, sys; print(); print(json.dumps(sorted(sys.modules)))"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("XINGLIN_")}
    environment.update(
        PYTHONPATH=str(planted),
        XINGLIN_INDEX_DIR=str(index),
        XINGLIN_STATE_DIR=str(planted / "state"),
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=repo, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    ("code", "needed"),
    [
        ("import retrieval", "retrieval.search"),
        ("from retrieval.embedders import make_embedder; make_embedder()", "numpy"),
        (ASK, "assistant.answerer"),
    ],
    ids=["retrieval", "the bundled embedder", "xinglin ask"],
)
def test_no_model_library_is_loaded(
    repo: Path, planted: Path, corpus_index: Path, code: str, needed: str
) -> None:
    modules = loaded(code, repo, planted, corpus_index)
    assert needed in modules
    assert modules & HEAVY == set()


def test_the_check_above_would_notice(repo: Path, planted: Path, corpus_index: Path) -> None:
    code = "import contextlib\nwith contextlib.suppress(ImportError): import torch"
    assert "torch" in loaded(code, repo, planted, corpus_index)
