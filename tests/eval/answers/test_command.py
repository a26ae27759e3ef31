"""From options to settings."""

from __future__ import annotations

from typing import Any

import pytest

from eval.answers.command import overrides
from ingest.errors import BadInput


@pytest.mark.parametrize(
    ("pairs", "values"),
    [
        ([], {}),
        (["answer.min_coverage=0.5"], {"answer": {"min_coverage": 0.5}}),
        (
            ["answer.passages=12", "answer.min_coverage = 0.5", "reranker=none"],
            {"answer": {"passages": 12, "min_coverage": 0.5}, "reranker": "none"},
        ),
        (["server.allowed_hosts=['a', 'b']"], {"server": {"allowed_hosts": ["a", "b"]}}),
        (
            ["keep_originals=false", "embedder=a/b=c"],
            {"keep_originals": False, "embedder": "a/b=c"},
        ),
    ],
)
def test_pairs_become_nested_settings(pairs: list[str], values: dict[str, Any]) -> None:
    assert overrides(pairs) == values


@pytest.mark.parametrize("pairs", [["answer"], ["=1"], ["answer=1", "answer.passages=2"]])
def test_what_is_no_pair_is_refused(pairs: list[str]) -> None:
    with pytest.raises(BadInput, match="--set"):
        overrides(pairs)
