"""Measure whether the sentence that tells a result is found in a given paper.

    python -m eval.evidence DATASET_DIR [--phrasing NAME]... [--json] [--out per-question.jsonl]

The same as ``xinglin eval evidence``. The papers are ingested as files into a temporary index with
the settings in force. Each question is put in one or several phrasings (:data:`PHRASINGS`), the
document is given, and two things are looked at:

- the order in which the assistant ranks the paper's sentences: is one of the first 1, 3, 5 a
  sentence that shows the span (at least half of either is common to both)? Beside it BM25 over the
  same sentences.
- the answer itself: is the span among the sentences it quotes, or does it abstain? And does it
  abstain when the same question is asked of another paper, or when it asks for the outcome of
  another paper?
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from time import perf_counter

from assistant import Answerer
from assistant.finding import Reading
from assistant.question import read_question
from assistant.scoring import Scored
from assistant.units import content_units
from eval.commands import exit_status
from eval.datasets import Text
from eval.evidence_report import NEVER, Outcome, print_table, report
from eval.evidence_set import PHRASINGS, EvidenceQuestion, EvidenceSet, read_evidence_set
from eval.spans import Extent, FileText, reaches
from eval.systems.bm25 import Bm25System
from ingest.errors import BadInput
from retrieval import Filters, Hit, StoredDocument, View

_GIVEN = "given"


class PaperIndex:
    """The papers of a dataset, ingested as files, and an answerer over them."""

    def __init__(self, dataset: EvidenceSet) -> None:
        from api.settings import load_settings
        from api.wiring import make_answerer, open_writer
        from ingest.pipeline import ingest_paths

        self._folder = tempfile.TemporaryDirectory(prefix="xinglin-evidence-")
        settings = load_settings(index_dir=Path(self._folder.name) / "index")
        settings = settings.model_copy(update={"keep_originals": False})
        with open_writer(settings) as writer:
            report = ingest_paths([dataset.folder / "fulltext"], writer, settings.ingest)
        lost = [o for o in report.outcomes if o.outcome not in {"added", "duplicate"}]
        self.answerer: Answerer = make_answerer(settings)
        self.dataset = dataset
        with self.answerer.index.read() as view:
            self._documents = {Path(d.path).stem: d for d in view.documents}
            missing = dataset.texts.keys() - self._documents.keys()
            if missing:
                reasons = "; ".join(f"{o.path}: {o.outcome} {o.detail or ''}" for o in lost)
                raise BadInput(f"{len(missing)} papers were not ingested ({reasons})")
            self._texts = {
                name: FileText(dataset.texts[name], view.blocks(self._documents[name]))
                for name in dataset.texts
            }

    def close(self) -> None:
        """Delete the index."""
        self._folder.cleanup()

    def filters(self, paper: str) -> Filters:
        """Only this paper may answer."""
        return Filters(document=frozenset({self._documents[paper].id}), status=frozenset({"any"}))

    def span(self, question: EvidenceQuestion) -> Extent:
        """Where the question's answer stands."""
        return self._texts[question.paper].of_file(question.start, question.end)

    def extent(self, paper: str, block: int, start: int, end: int) -> Extent | None:
        """Where characters of a block stand in the paper's file."""
        return self._texts[paper].of_block(block, start, end)

    def shows(self, question: EvidenceQuestion, block: int, start: int, end: int) -> bool:
        """Whether characters of a block of the question's paper show its span."""
        extent = self.extent(question.paper, block, start, end)
        return extent is not None and reaches(extent, self.span(question))

    def ranked(self, text: str, paper: str) -> list[Scored]:
        """Sentences of a paper in the order in which the assistant would quote them."""
        answerer = self.answerer
        with answerer.index.read() as view:
            hits = _whole(answerer, view, text, self._documents[paper])
            return rank(answerer, view, text, hits)


def _whole(answerer: Answerer, view: View, text: str, document: StoredDocument) -> list[Hit]:
    """Every passage of a document, with its search score where the search finds it."""
    given = Filters(document=frozenset({document.id}), status=frozenset({"any"}))
    found = answerer.searcher.search(view, text, answerer.settings.passages, given)
    known = {hit.chunk.id for hit in found}
    currency = view.currency[document.id]
    rest = [
        Hit(chunk, document, 0.0, 0.0, 0.0, currency.status("9999"), currency)
        for chunk in view.document_chunks(document)
        if chunk.id not in known
    ]
    return [*found, *rest]


def rank(answerer: Answerer, view: View, text: str, hits: Sequence[Hit]) -> list[Scored]:
    """The assistant's order of the sentences of some passages for a question of one part."""
    question = read_question(text)
    units = content_units(question.text, answerer.searcher, view)
    reading = Reading(question, answerer.clock(), view, Filters(), units, ())
    return answerer.finder.rank(reading, question.parts[0], units, hits)[1]


def bm25_order(question: str, sentences: Sequence[str]) -> list[int]:
    """Sentences in the order of BM25, those without a common word last."""
    system = Bm25System()
    system.index({str(i): Text("", text) for i, text in enumerate(sentences)})
    found = [int(key) for key in system.search(question, len(sentences))]
    return [*found, *(i for i in range(len(sentences)) if i not in set(found))]


def measure(index: PaperIndex, phrasing: str) -> list[Outcome]:
    """Ask every question of a dataset in one phrasing."""
    phrase = PHRASINGS[phrasing]
    questions = index.dataset.questions
    index.ranked(phrase(questions[0]), questions[0].paper)  # what loads lazily, loads now
    return [
        _outcome(index, question, phrasing, _of_other_paper(questions, number))
        for number, question in enumerate(questions)
    ]


def _of_other_paper(questions: Sequence[EvidenceQuestion], number: int) -> EvidenceQuestion:
    """A question on another paper, half the dataset further on."""
    count = len(questions)
    places = ((number + count // 2 + step) % count for step in range(count))
    own = questions[number]
    return next((questions[i] for i in places if questions[i].paper != own.paper), own)


def _outcome(
    index: PaperIndex, question: EvidenceQuestion, phrasing: str, other: EvidenceQuestion
) -> Outcome:
    text = PHRASINGS[phrasing](question)
    ranked = [scored.sentence for scored in index.ranked(text, question.paper)]
    shown = [index.shows(question, s.block, s.start, s.end) for s in ranked]
    in_order = sorted(range(len(ranked)), key=lambda i: (ranked[i].block, ranked[i].start))
    order = bm25_order(text, [ranked[i].text for i in in_order])
    started = perf_counter()
    answer = index.answerer.answer(text, filters=index.filters(question.paper))
    elapsed = (perf_counter() - started) * 1000
    elsewhere = index.answerer.answer(text, filters=index.filters(other.paper))
    swapped = question_on(question, other, phrasing)
    other_outcome = index.answerer.answer(swapped, filters=index.filters(question.paper))
    return Outcome(
        id=question.id,
        paper=question.paper,
        question=text,
        ours=_first(shown),
        bm25=_first([shown[in_order[i]] for i in order]),
        answered=bool(answer.citations),
        quoted=any(
            index.shows(question, c.block, c.block_start, c.block_end) for c in answer.citations
        ),
        elsewhere=not elsewhere.citations,
        other_outcome=not other_outcome.citations,
        milliseconds=round(elapsed, 1),
    )


def question_on(question: EvidenceQuestion, other: EvidenceQuestion, phrasing: str) -> str:
    """The question with the outcome of another paper."""
    text = question.text.replace(question.outcome, other.outcome)
    return PHRASINGS[phrasing](replace(question, outcome=other.outcome, text=text))


def _first(shown: Sequence[bool]) -> int:
    return next((place for place, hit in enumerate(shown, start=1) if hit), NEVER)


def run(
    folders: Sequence[Path],
    phrasings: Sequence[str],
    as_json: bool = False,
    out: Path | None = None,
) -> None:
    """Measure and print: one JSON object a line for each dataset and phrasing, or tables.

    Raises:
        BadInput: A dataset or phrasing that cannot be used; ``out`` cannot be written.
    """
    unknown = [name for name in phrasings if name not in PHRASINGS]
    if unknown:
        raise BadInput(f"there is no phrasing {unknown[0]!r}; known are {', '.join(PHRASINGS)}")
    with ExitStack() as closing:
        try:
            file = closing.enter_context(out.open("w", encoding="utf-8")) if out else None
        except OSError as error:
            raise BadInput(f"{out} cannot be written: {error.strerror}") from None
        for dataset in [read_evidence_set(folder) for folder in folders]:
            index = PaperIndex(dataset)
            closing.callback(index.close)
            for phrasing in dict.fromkeys(phrasings):
                outcomes = measure(index, phrasing)
                figures = report(dataset.name, phrasing, outcomes)
                print(json.dumps(figures, ensure_ascii=False)) if as_json else print_table(figures)
                sys.stdout.flush()
                for outcome in outcomes if file else ():
                    row = {"dataset": dataset.name, "phrasing": phrasing, **asdict(outcome)}
                    assert file is not None
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")


def main(arguments: list[str] | None = None) -> int:
    """Command line; exit status 2 and one sentence for bad input."""
    parser = argparse.ArgumentParser(prog="python -m eval.evidence", description=__doc__)
    parser.add_argument("datasets", nargs="+", type=Path)
    parser.add_argument("--phrasing", action="append", help=", ".join(PHRASINGS))
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--out", type=Path, help="write one JSON line a question")
    given = parser.parse_args(arguments)
    phrasings = given.phrasing or [_GIVEN]
    return exit_status(
        "eval.evidence", lambda: run(given.datasets, phrasings, given.json, given.out)
    )


if __name__ == "__main__":
    raise SystemExit(main())
