"""Ask every question of a file and measure the answers.

python -m eval.answers QUESTIONS.jsonl... --index DIR [--out per-question.jsonl]

``xinglin eval answers`` asks the same questions and prints :func:`report`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from assistant import Answer, Answerer
from assistant.verification import numbers_stand, quote_stands
from eval.commands import exit_status
from eval.questions_file import STATUS_OF, EvalQuestion, point_met, read_questions
from ingest.errors import BadInput
from retrieval.normalise import compare_form


@dataclass(frozen=True, slots=True)
class Scored:
    """How one answer did."""

    id: str
    category: str
    question: str
    expect: str
    status: str
    status_right: bool
    points: int
    points_met: int
    source_cited: bool | None
    forbidden: tuple[str, ...]
    citations_right: int
    supported: int
    numbers_right: int
    quotes: int
    quotes_verbatim: int
    milliseconds: float
    shown: tuple[str, ...]
    cited: tuple[str, ...]


def score_answer(
    question: EvalQuestion, answer: Answer, milliseconds: float, answerer: Answerer
) -> Scored:
    """Compare an answer with what a right one holds."""
    shown = [statement.text for statement in answer.statements]
    # What an abstention says it did not find is no answer; what it asks back for is one.
    asked_back = answer.missing if answer.status == "needs_clarification" else None
    text = "\n".join([*shown, asked_back or ""])
    cited = [f"{c.title} {c.path} {c.locator.get('section', '')}" for c in answer.citations]
    right = _from_sources(question, cited)
    met = sum(point_met(forms, text) for forms in question.key_points)
    return Scored(
        id=question.id,
        category=question.category,
        question=question.question,
        expect=question.expect,
        status=answer.status,
        status_right=answer.status == STATUS_OF[question.expect],
        points=len(question.key_points),
        points_met=met,
        source_cited=right > 0 if question.expect == "answer" else None,
        forbidden=tuple(f for f in question.forbidden if point_met([f], text)),
        citations_right=right,
        supported=sum(bool(statement.citations) for statement in answer.statements),
        numbers_right=_numbers_right(answer),
        quotes=len(answer.citations),
        quotes_verbatim=_verbatim(answer, answerer),
        milliseconds=round(milliseconds, 1),
        shown=tuple(shown),
        cited=tuple(cited),
    )


def _from_sources(question: EvalQuestion, cited: list[str]) -> int:
    """How many citations are of a source that the question was written from."""
    wanted = [compare_form(source) for source in question.sources]
    return sum(any(w in compare_form(c) for w in wanted) for c in cited)


def _numbers_right(answer: Answer) -> int:
    """Statements all of whose numbers stand, with their units, in the quotes they cite."""
    quotes = {citation.id: citation.quote for citation in answer.citations}
    return sum(
        numbers_stand(statement.text, *(quotes[number] for number in statement.citations))
        for statement in answer.statements
        if statement.citations
    )


def _verbatim(answer: Answer, answerer: Answerer) -> int:
    """Quotes that stand in the document's stored text, looked up anew."""
    found = 0
    with answerer.index.read() as view:
        for citation in answer.citations:
            document = view.document(citation.document_id)
            if document is None:
                continue
            block = view.blocks(document, citation.block, 1)[0][1]
            found += quote_stands(citation.quote, block, citation.block_start, citation.block_end)
    return found


def run(answerer: Answerer, questions: list[EvalQuestion]) -> list[Scored]:
    """Ask and score every question."""
    results = []
    for question in questions:
        started = perf_counter()
        answer = answerer.answer(question.question, question.as_of)
        elapsed = (perf_counter() - started) * 1000
        results.append(score_answer(question, answer, elapsed, answerer))
    return results


def metrics(results: list[Scored]) -> dict[str, Any]:
    """Figures over all questions; shares are between 0 and 1, ``None`` where there is no case.

    ``key_point_recall``: key points met, of those to answer. ``source_cited``, the same as
    ``citation_recall``: questions to answer that cite a source they were written from;
    ``citation_precision``: citations of such sources among theirs. ``quote_at_locator``: quotes
    that stand at their place. ``number_fidelity``: statements with a citation whose numbers all
    stand in the quotes. ``injection_success``: questions of an injection category that were not
    met with the status expected, or whose answer makes a forbidden claim.
    """
    answerable = [r for r in results if r.expect == "answer"]
    others = [r for r in results if r.expect != "answer"]
    injections = [r for r in results if "injection" in r.category]
    points = sum(r.points for r in answerable)
    quotes = sum(r.quotes for r in results)
    source_cited = _share(sum(bool(r.source_cited) for r in answerable), len(answerable))
    return {
        "questions": len(results),
        "key_point_recall": _share(sum(r.points_met for r in answerable), points),
        "source_cited": source_cited,
        "citation_recall": source_cited,
        "citation_precision": _share(
            sum(r.citations_right for r in answerable), sum(len(r.cited) for r in answerable)
        ),
        "false_abstention": _share(sum(not r.status_right for r in answerable), len(answerable)),
        "status_accuracy_others": _share(sum(r.status_right for r in others), len(others)),
        "status_accuracy": _share(sum(r.status_right for r in results), len(results)),
        "quote_at_locator": _share(sum(r.quotes_verbatim for r in results), quotes),
        "number_fidelity": _share(
            sum(r.numbers_right for r in results), sum(r.supported for r in results)
        ),
        "injection_success": _share(
            sum(bool(r.forbidden) or not r.status_right for r in injections), len(injections)
        ),
        "forbidden_claims": sum(len(r.forbidden) for r in results),
        "statements_per_answer": _share(
            sum(len(r.shown) for r in answerable), sum(r.status_right for r in answerable)
        ),
        "median_ms": round(median([r.milliseconds for r in results]), 1) if results else None,
        "by_expect": _by_expect(results),
    }


def _by_expect(results: list[Scored]) -> dict[str, float | None]:
    groups: dict[str, list[bool]] = defaultdict(list)
    for result in results:
        groups[result.expect].append(result.status_right)
    return {key: _share(sum(values), len(values)) for key, values in sorted(groups.items())}


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def report(results: list[Scored]) -> dict[str, Any]:
    """What ``xinglin eval answers --json`` prints."""
    figures = metrics(results)
    return {
        "questions": figures.pop("questions"),
        "metrics": figures,
        "per_question": [asdict(result) for result in results],
    }


def measure(files: Sequence[Path], index: Path | None, out: Path | None) -> list[Scored]:
    """Read questions files, ask an index with the settings in force, and score.

    Args:
        files: Questions files.
        index: Index folder; that of the settings when ``None``.
        out: Where to write one JSON line a question, or ``None``.

    Raises:
        BadInput: A file cannot be read or written; :class:`retrieval.IndexUnusable` and others of
            :func:`api.cli.common.user_errors` when the index or the settings cannot be used.
    """
    from api.settings import load_settings
    from api.wiring import make_answerer

    questions = [question for path in files for question in read_questions(path)]
    answerer = make_answerer(load_settings(index_dir=index))
    answerer.searcher.analyse("预热 warm-up")
    results = run(answerer, questions)
    if out:
        lines = [json.dumps(asdict(result), ensure_ascii=False) for result in results]
        try:
            out.write_text("\n".join(lines) + "\n", encoding="utf-8")
        except OSError as error:
            raise BadInput(f"{out} cannot be written: {error.strerror}") from None
    return results


def main(arguments: list[str] | None = None) -> int:
    """Command line: prints the figures as JSON."""
    parser = argparse.ArgumentParser(description="Measure answers against questions files.")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--index", type=Path)
    parser.add_argument("--out", type=Path, help="write one JSON line a question")
    given = parser.parse_args(arguments)

    def work() -> None:
        json.dump(
            metrics(measure(given.files, given.index, given.out)),
            sys.stdout,
            ensure_ascii=False,
            indent=2,
        )
        sys.stdout.write("\n")

    return exit_status("eval.answers", work)


if __name__ == "__main__":
    raise SystemExit(main())
