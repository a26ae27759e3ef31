"""Train the model of ``assistant.resemblance`` from reviewed lines.

    python -m eval.train_boundaries

Needs the extra ``train``. Lines with ``"split": "held_out"`` are never trained on. Besides the
lookalikes among the lines, headings of our notes and plain questions about terms of the lexicon
teach what is no request to refuse.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from assistant.resemblance import _FILE, BUCKETS, CLASSES, features
from assistant.surface import surface

ROOT = Path(__file__).resolve().parents[1]
LINES = ROOT / "eval" / "boundaries" / "requests.jsonl"
PLAIN = ROOT / "eval" / "boundaries" / "plain_questions.txt"
_EVERY = 3  # of the lexicon's terms one in so many makes a question
_STRENGTH = 10.0


def lines(split: str) -> list[dict[str, Any]]:
    """The reviewed lines of one split."""
    read = (json.loads(line) for line in LINES.read_text(encoding="utf-8").splitlines())
    return [line for line in read if line["split"] == split]


def examples() -> tuple[list[str], list[int]]:
    """Texts and their classes."""
    texts: list[str] = []
    classes: list[int] = []
    for line in lines("tune"):
        texts.append(line["question"])
        name = line["boundary"]
        classes.append(CLASSES.index(name) if name in CLASSES else 0)
    plain = [*headings(), *about_terms()]
    return texts + plain, classes + [0] * len(plain)


def headings() -> Iterator[str]:
    """Headings of our notes: many are questions."""
    for path in sorted((ROOT / "corpus" / "notes").rglob("*.md")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("#"):
                yield line.lstrip("# ")


def about_terms() -> Iterator[str]:
    """Plain questions about terms of the lexicon, Chinese and English in turn."""
    patterns = [p for p in PLAIN.read_text(encoding="utf-8").splitlines() if p]
    with (ROOT / "corpus" / "lexicon.csv").open(encoding="utf-8") as file:
        terms = list(csv.DictReader(file))
    for number, term in enumerate(terms[::_EVERY]):
        pattern = patterns[number % len(patterns)]
        name = term["zh"] if "{zh}" in pattern else term["en"]
        other = terms[(number * 7) % len(terms)]
        if name:
            yield pattern.format(zh=term["zh"], en=term["en"], zh2=other["zh"], en2=other["en"])


def matrix(texts: list[str]) -> Any:
    """Rows of features, each of length 1."""
    from scipy.sparse import csr_matrix

    rows = [features(surface(text)) for text in texts]
    ends = np.cumsum([0, *(len(row) for row in rows)])
    values = np.concatenate([np.full(len(row), len(row) ** -0.5) for row in rows])
    return csr_matrix((values, np.concatenate(rows), ends), shape=(len(rows), BUCKETS))


def main() -> None:
    """Train and write the weights."""
    from safetensors.numpy import save_file
    from sklearn.linear_model import LogisticRegression

    texts, classes = examples()
    model = LogisticRegression(C=_STRENGTH, max_iter=3000, class_weight="balanced")
    model.fit(matrix(texts), classes)
    weights = np.ascontiguousarray(model.coef_.T.astype(np.float16))
    save_file({"weights": weights, "bias": model.intercept_.astype(np.float16)}, str(_FILE))
    print(f"{len(texts)} texts, {sum(map(bool, classes))} of them requests to refuse: {_FILE}")


if __name__ == "__main__":
    main()
