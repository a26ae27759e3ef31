"""Measure the verifier against labels.

python -m eval.claims PATH... [--json] [--no-lexicon]

A path is a file of pairs (``eval/statements/reviewed.jsonl``), a folder of statements about trial
records (``dev.json``, ``ct_records.jsonl``) or a folder of labelled findings (``questions.jsonl``).
``xinglin eval claims`` does the same.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.commands import exit_status
from eval.verification import findings, pairs, trial_claims
from ingest.errors import BadInput
from retrieval.lexicon import Lexicon, load_lexicon


def measure(path: Path, lexicon: Lexicon | None = None) -> dict[str, Any]:
    """Figures of one file or folder, with its ``dataset`` name and ``kind``.

    Raises:
        BadInput: It is none of the three layouts, or cannot be read.
    """
    name = {"dataset": path.resolve().name}
    if path.is_file():
        return name | {"kind": "pairs"} | pairs.measure(pairs.read_pairs(path), lexicon)
    if trial_claims.is_claims_folder(path):
        found = trial_claims.read_claims(path)
        return name | {"kind": "trial_claims"} | trial_claims.measure(found)
    if findings.is_findings_folder(path):
        return name | {"kind": "findings"} | findings.measure(findings.read_findings(path))
    raise BadInput(
        f"{path} is neither a file of pairs nor a folder with dev.json and ct_records.jsonl, or "
        "with questions.jsonl"
    )


def shipped_lexicon() -> Lexicon:
    """The lexicon beside the corpus that the settings name."""
    from api.settings import load_settings

    return load_lexicon(load_settings().lexicon_path)


def lines_of(figures: dict[str, Any]) -> list[str]:
    """The figures as lines for people."""
    lines = [f"{figures['dataset']} ({figures['kind']})"]
    for name, value in figures.items():
        if name in {"dataset", "kind", "wrong"}:
            continue
        if isinstance(value, dict) and any(isinstance(inner, dict) for inner in value.values()):
            lines += [f"  {name} {key}: {_short(inner)}" for key, inner in value.items()]
        else:
            lines.append(f"  {name}: {_short(value)}")
    lines += [f"  wrong: {w['id']} ({w['label']}) {w['statement']}" for w in figures.get("wrong", [])]
    return lines


def _short(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_short(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return "–".join(map(str, value))
    return "–" if value is None else str(value)


def run(paths: Sequence[Path], as_json: bool, with_lexicon: bool = True) -> None:
    """Measure and print every path.

    Raises:
        BadInput: See :func:`measure`.
    """
    lexicon = shipped_lexicon() if with_lexicon else None
    for path in paths:
        figures = measure(path, lexicon)
        if as_json:
            sys.stdout.write(json.dumps(figures, ensure_ascii=False) + "\n")
        else:
            sys.stdout.write("\n".join(lines_of(figures)) + "\n")


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description="Measure the verifier against labels.")
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--no-lexicon", action="store_true", help="without names in other words")
    given = parser.parse_args(arguments)
    return exit_status(
        "eval.claims", lambda: run(given.paths, given.json, not given.no_lexicon)
    )


if __name__ == "__main__":
    raise SystemExit(main())
