"""Questions kept from training, as datasets in the BEIR layout to tune and measure on.

The corpus is every passage of the documents that questions point into, in both languages: what a
question competes against in a real index. The passages are read from the material each time and
are not ours to keep; write the datasets outside the repository.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ingest.metadata import detect_language
from retrieval.training.errors import TrainingError
from retrieval.training.pointers import (
    Question,
    held_out,
    passages_of,
    resolve,
)


def write_datasets(
    questions: Sequence[Question], material: Path, parts: int, target: Path
) -> dict[str, int]:
    """Write a dataset for each pair of languages, such as ``zh_en``: Chinese asked, English found.

    All have the same corpus: in another language than the question's, the right passage stands
    against those of its own.

    Args:
        questions: All of them; what they point into is the corpus.
        material: Folder with the documents that questions point into.
        parts: One of so many parts of the questions is held out; at least 1.
        target: Folder for the folders with ``corpus.jsonl``, ``queries.jsonl`` and ``qrels.tsv``.

    Returns:
        The number of questions by name of the dataset.

    Raises:
        TrainingError: The material holds none of the documents.
    """
    answered = resolve([q for q in questions if held_out(q, parts)], material).passages
    if not answered:
        raise TrainingError(f"{material}: holds no document that a held-out question points into")
    corpus = {text: f"p{number}" for number, text in enumerate(_passages(questions, material))}
    sets: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for question, passage in answered.items():
        name = f"held_{question.lang}_{detect_language(passage)}"
        sets[name].append((question.text, corpus[passage]))
    for name, judged in sorted(sets.items()):
        _write_dataset(target / name, corpus, judged)
    return {name: len(judged) for name, judged in sorted(sets.items())}


def _write_dataset(
    folder: Path, corpus: Mapping[str, str], judged: Sequence[tuple[str, str]]
) -> None:
    """Write one dataset: ids by passage, and questions with the id of what answers each."""
    folder.mkdir(parents=True, exist_ok=True)
    prefix = folder.name
    _write(folder / "corpus.jsonl", ({"_id": key, **_parts(text)} for text, key in corpus.items()))
    asked = ({"_id": f"{prefix}{n}", "text": text} for n, (text, _) in enumerate(judged))
    _write(folder / "queries.jsonl", asked)
    lines = [f"{prefix}{n}\t{key}\t1" for n, (_, key) in enumerate(judged)]
    header = "query-id\tcorpus-id\tscore"
    (folder / "qrels.tsv").write_text("\n".join([header, *lines, ""]), encoding="utf-8")


def _passages(questions: Iterable[Question], material: Path) -> list[str]:
    """Distinct passages of all sources that questions name."""
    sources = sorted({question.source for question in questions})
    records = {question.record for question in questions if question.record}
    texts = (text for source in sources for text in passages_of(source, material, records))
    return list(dict.fromkeys(texts))


def _parts(passage: str) -> dict[str, str]:
    """Title with headings, and text, of a passage as :mod:`.pointers` makes it."""
    *head, text = passage.split("\n", 2)
    return {"title": " > ".join(part for part in head if part), "text": text}


def _write(path: Path, rows: Iterable[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
