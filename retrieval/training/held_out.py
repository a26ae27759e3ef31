"""Questions kept from training, as a dataset in the BEIR layout to tune and measure on.

The corpus is every passage of the documents that questions point into, in both languages: what a
question competes against in a real index. The passages are read from the material each time and
are not ours to keep; write the dataset outside the repository.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from retrieval.training.errors import TrainingError
from retrieval.training.pointers import (
    Question,
    held_out,
    passages_of,
    resolve,
)


def write_dataset(
    questions: Sequence[Question], material: Path, parts: int, target: Path
) -> tuple[int, int]:
    """Write the held-out questions and all passages; returns how many of each.

    Args:
        questions: All of them; what they point into is the corpus.
        material: Folder with the documents that questions point into.
        parts: One of so many parts of the questions is held out; at least 1.
        target: Folder for ``corpus.jsonl``, ``queries.jsonl`` and ``qrels.tsv``.

    Raises:
        TrainingError: The material holds none of the documents.
    """
    answered = resolve([q for q in questions if held_out(q, parts)], material).passages
    if not answered:
        raise TrainingError(f"{material}: holds no document that a held-out question points into")
    corpus = dict(_corpus(questions, material))
    by_text = {text: key for key, text in corpus.items()}
    target.mkdir(parents=True, exist_ok=True)
    _write(target / "corpus.jsonl", ({"_id": k, **_parts(v)} for k, v in corpus.items()))
    _write(
        target / "queries.jsonl",
        ({"_id": f"q{n}", "text": q.text} for n, q in enumerate(answered)),
    )
    lines = [f"q{n}\t{by_text[text]}\t1" for n, text in enumerate(answered.values())]
    header = "query-id\tcorpus-id\tscore"
    (target / "qrels.tsv").write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    return len(answered), len(corpus)


def _corpus(questions: Iterable[Question], material: Path) -> Iterator[tuple[str, str]]:
    """Distinct passages with an id, from all sources that questions name."""
    sources = sorted({question.source for question in questions})
    records = {question.record for question in questions if question.record}
    seen: set[str] = set()
    for source in sources:
        for text in passages_of(source, material, records):
            if text not in seen:
                seen.add(text)
                yield f"p{len(seen)}", text


def _parts(passage: str) -> dict[str, str]:
    """Title with headings, and text, of a passage as :mod:`.pointers` makes it."""
    *head, text = passage.split("\n", 2)
    return {"title": " > ".join(part for part in head if part), "text": text}


def _write(path: Path, rows: Iterable[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
