"""Cross-lingual parity: does a question find the same documents in Chinese and in English?

    python -m eval.parity --index DIR [--questions FILE]
    python -m eval.parity --mix DATASET_DIR DATASET_DIR

The first asks every question of ``eval/parity/questions.jsonl`` in both languages and compares the
first ten documents: how many are shared, and whether the best document of one language is among
the ten of the other. The second measures whether a second corpus buries the first: nDCG@10 of the
first dataset's queries over its own documents, and over both corpora together.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from eval.datasets import read_dataset
from eval.ranking_metrics import score_query

QUESTIONS = Path(__file__).with_name("parity") / "questions.jsonl"
_TOP = 10
_DEEP = 100  # chunks read to find ten documents


def compare(index: Path, questions: Path) -> dict[str, Any]:
    """Agreement of the two languages over an index.

    Returns:
        ``shared``: mean share of the ten documents that both languages find; ``best_found``: share
        of questions whose best document in one language is among the ten of the other, both ways
        averaged; ``same_best``: share with the same best document.
    """
    from api.settings import load_settings
    from api.wiring import make_searcher, open_index

    settings = load_settings(index_dir=index)
    searcher = make_searcher(settings)
    rows = []
    with open_index(settings).read() as view:
        for line in questions.read_text(encoding="utf-8").splitlines():
            pair = json.loads(line)
            found = {
                language: list(
                    dict.fromkeys(
                        hit.document.id for hit in searcher.search(view, pair[language], _DEEP)
                    )
                )[:_TOP]
                for language in ("zh", "en")
            }
            rows.append(_agreement(found["zh"], found["en"]))
    shared, best_found, same_best = np.mean(rows, axis=0)
    return {
        "questions": len(rows),
        "shared": round(float(shared), 3),
        "best_found": round(float(best_found), 3),
        "same_best": round(float(same_best), 3),
    }


def _agreement(zh: list[str], en: list[str]) -> tuple[float, float, float]:
    if not zh or not en:
        return 0.0, 0.0, 0.0
    shared = len(set(zh) & set(en)) / max(len(zh), len(en))
    return shared, ((zh[0] in en) + (en[0] in zh)) / 2, float(zh[0] == en[0])


def mix(first: Path, second: Path) -> dict[str, Any]:
    """nDCG@10 of the first dataset alone, and with the documents of the second among its own."""
    from api.settings import load_settings
    from eval.systems.xinglin import XinglinSystem

    asked, other = read_dataset(first), read_dataset(second)
    both = replace(
        asked, corpus={**asked.corpus, **{f"other:{k}": t for k, t in other.corpus.items()}}
    )
    scores = {}
    for name, dataset in (("alone", asked), ("mixed", both)):
        system = XinglinSystem(load_settings())
        try:
            system.index(dataset.corpus)
            scores[name] = float(
                np.mean(
                    [
                        score_query(system.search(text, _TOP), dataset.qrels[key])["ndcg@10"]
                        for key, text in dataset.queries.items()
                    ]
                )
            )
        finally:
            system.close()
    return {
        "dataset": asked.name,
        "added": f"{other.name} ({len(other.corpus)} documents)",
        **{f"ndcg@10 {name}": round(score, 4) for name, score in scores.items()},
    }


def main(arguments: list[str] | None = None) -> int:
    """Command line: prints one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m eval.parity", description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--index", type=Path)
    what.add_argument("--mix", type=Path, nargs=2, metavar="DATASET_DIR")
    parser.add_argument("--questions", type=Path, default=QUESTIONS)
    options = parser.parse_args(arguments)
    found = mix(*options.mix) if options.mix else compare(options.index, options.questions)
    print(json.dumps(found, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
