"""Train the model of ``assistant.resemblance`` from reviewed lines.

    python -m eval.train_boundaries

Needs the extra ``train``. Lines with ``"split": "held_out"`` are never trained on. Besides the
lookalikes among the lines, headings and sentences of our notes and plain questions about terms of
the lexicon teach what is no request to refuse.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.resemblance import CLASSES, FILE, SIGNS, STRINGS, features
from assistant.surface import surface
from ingest.text import sentence_spans

ROOT = Path(__file__).resolve().parents[1]
LINES = ROOT / "eval" / "boundaries" / "requests.jsonl"
PLAIN = ROOT / "eval" / "boundaries" / "plain_questions.txt"
_EVERY = 2  # of the lexicon's terms one in so many makes a question
_STATEMENTS = 4000  # sentences of our notes
_LENGTHS = range(6, 120)  # characters of such a sentence
_STRENGTH = 10.0
Weights = npt.NDArray[np.float32]


def lines(split: str) -> list[dict[str, Any]]:
    """The reviewed lines of one split."""
    read = (json.loads(line) for line in LINES.read_text(encoding="utf-8").splitlines())
    return [line for line in read if line["split"] == split]


def examples() -> tuple[list[str], list[int]]:
    """All that is trained on: texts and their classes."""
    reviewed = lines("tune")
    plain = plain_texts()
    texts = [line["question"] for line in reviewed]
    classes = [class_of(line["boundary"]) for line in reviewed]
    return texts + plain, classes + [0] * len(plain)


def plain_texts() -> list[str]:
    """What asks for nothing that is refused: headings, questions about terms, statements."""
    return [*headings(), *about_terms(), *statements()]


def class_of(boundary: str | None) -> int:
    """The place of a boundary in :data:`assistant.resemblance.CLASSES`."""
    # What cannot be is asked for like any other computation.
    name = "compute" if boundary == "contradiction" else boundary or "none"
    return CLASSES.index(name)


def headings() -> Iterator[str]:
    """Headings of our notes: many are questions."""
    for path in sorted((ROOT / "corpus" / "notes").rglob("*.md")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("#"):
                yield line.lstrip("# ")


def statements() -> list[str]:
    """Sentences of our notes, spread evenly: what says something asks for nothing."""
    found = [
        text[start:end].strip()
        for path in sorted((ROOT / "corpus" / "notes").rglob("*.md"))
        for text in [path.read_text(encoding="utf-8").split("\n---\n", 1)[-1]]
        for start, end in sentence_spans(text)
        if end - start in _LENGTHS and not text[start:end].lstrip().startswith("#")
    ]
    return found[:: max(1, len(found) // _STATEMENTS)]


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
    """Rows of features: strings and signs as they are weighed, and the vector."""
    from scipy.sparse import csr_matrix, hstack

    rows, values, vectors = [], [], []
    for text in texts:
        parts, vector = features(surface(text))
        rows += [part for part, _ in parts]
        values += [np.full(len(part), weight, dtype=np.float32) for part, weight in parts]
        vectors.append(vector)
    ends = np.cumsum([0, *map(len, rows)])[::2]
    counted = (np.concatenate(values), np.concatenate(rows), ends)
    return hstack(
        [csr_matrix(counted, shape=(len(texts), STRINGS + SIGNS)), csr_matrix(np.stack(vectors))],
        format="csr",
    )


def fit(counted: Any, classes: list[int]) -> tuple[Weights, Weights]:
    """Weights, shape ``(features, classes)``, and bias from rows of features and their classes."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=_STRENGTH, max_iter=3000)
    model.fit(counted, classes)
    return np.ascontiguousarray(model.coef_.T, np.float32), model.intercept_.astype(np.float32)


def main() -> None:
    """Train and write the weights."""
    from safetensors.numpy import save_file

    texts, classes = examples()
    weights, bias = fit(matrix(texts), classes)
    halves = {"weights": weights.astype(np.float16), "bias": bias.astype(np.float16)}
    save_file(halves, str(FILE))
    print(f"{len(texts)} texts: {FILE}")


if __name__ == "__main__":
    main()
