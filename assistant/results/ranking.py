"""Order the sentences of papers for a question that asks what a comparison showed.

The search finds passages that speak of what was asked; where a paper tells the result may be
elsewhere. So the papers found are read whole, and their sentences are ordered by how likely each
is to tell the result (:mod:`assistant.results.model`). Between documents nothing changes: the best
sentence of a paper stands where its best one stood before.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.evidence import Sentence
from assistant.question import Part
from assistant.results.asked import Asked, read_comparison
from assistant.results.features import Measured, measure
from assistant.results.model import ResultModel, load_model
from assistant.results.paper import Line, Paper, PaperSentence
from assistant.results.sections import RESULTS, SectionReader
from assistant.scoring import Scored
from assistant.settings import AnswerSettings
from ingest.model import Chunk
from retrieval import Hit, View
from retrieval.lexicon import Lexicon

WANT = "result"
_MOST_PAPERS = 3
_LONGEST_PAPER = 200  # chunks; a longer document is a protocol or a book
_MAY_BE_PAPERS = {"paper", "other", None}
_REPORTING = {"statistic", "significance", "no_difference", "direction", "comparison"}


def wants_result(part: Part) -> bool:
    """Whether a part asks what a comparison showed (``questions.toml``, want ``result``)."""
    return any(want.name == WANT for want in part.wants)


def with_whole_papers(hits: Sequence[Hit], view: View) -> list[Hit]:
    """The hits, and behind them what else the best papers among them hold."""
    best: dict[str, Hit] = {}
    for hit in sorted(hits, key=lambda hit: -hit.score):
        known = hit.document
        if known.metadata.kind in _MAY_BE_PAPERS and known.chunks <= _LONGEST_PAPER:
            best.setdefault(known.id, hit)
    found = {hit.chunk.id for hit in hits}
    more: list[Hit] = []
    for hit in list(best.values())[:_MOST_PAPERS]:
        chunks = view.document_chunks(hit.document)
        if hit.document.metadata.kind == "paper" or _has_results(chunks):
            rest = [chunk for chunk in chunks if chunk.id not in found]
            more += [replace(hit, chunk=c, score=0.0, lexical=0.0, dense=0.0) for c in rest]
    return [*hits, *more]


def _has_results(chunks: Iterable[Chunk]) -> bool:
    reader = SectionReader()
    return any(reader.under(chunk.heading_path).section == RESULTS for chunk in chunks)


def rank_results(
    scored: Sequence[Scored],
    question: str,
    lexicon: Lexicon,
    settings: AnswerSettings,
    model: ResultModel | None = None,
) -> list[Scored]:
    """Order the sentences of each paper anew, best first.

    Args:
        scored: Sentences of all documents, as :func:`assistant.scoring.score_sentences` gives
            them.
        question: The part of the question they shall answer.
        lexicon: Equivalents of the question's words.
        settings: Thresholds.
        model: Weights; those of ``weights.toml`` by default.
    """
    asked = read_comparison(question)
    by_document: dict[str, list[Scored]] = defaultdict(list)
    for candidate in scored:
        by_document[candidate.sentence.hit.document.id].append(candidate)
    ranked: list[Scored] = []
    for candidates in by_document.values():
        candidates.sort(key=lambda c: (c.sentence.block, c.sentence.start))
        paper = paper_of([candidate.sentence for candidate in candidates])
        if not is_paper(candidates[0].sentence, paper):
            ranked += candidates
            continue
        measured = measure(asked, paper, lexicon)
        ranked += _ordered(candidates, paper, asked, measured, settings, model or load_model())
    ranked.sort(key=lambda candidate: -candidate.score)
    return ranked


def paper_of(sentences: Sequence[Sentence]) -> Paper:
    """The paper that sentences of one document, in reading order, belong to."""
    return Paper(
        [
            Line(
                text=sentence.row.spelled if sentence.row else sentence.text,
                block=sentence.block,
                headings=sentence.hit.chunk.heading_path,
            )
            for sentence in sentences
        ]
    )


def is_paper(sentence: Sentence, paper: Paper) -> bool:
    """Whether a document reports a study: it says so, or has a section of results."""
    kind = sentence.hit.document.metadata.kind
    return kind == "paper" or (kind in _MAY_BE_PAPERS and paper.has_results)


def _ordered(
    candidates: Sequence[Scored],
    paper: Paper,
    asked: Asked,
    measured: Measured,
    settings: AnswerSettings,
    model: ResultModel,
) -> list[Scored]:
    """The candidates with new scores: below the paper's best by how much less likely each is."""
    likely = model.score(measured.features)
    behind = likely.max() - likely
    best = max(candidate.score for candidate in candidates)
    # A sentence that is ``result_odds`` times less likely is the last that may join the best.
    scores = best - settings.keep_within * behind / math.log(settings.result_odds)
    ordered = [
        replace(candidate, score=float(score))
        for candidate, score in zip(candidates, scores, strict=True)
    ]
    if not asked.told:
        return ordered  # all its words count, as for any other question
    near = behind <= math.log(settings.result_odds)
    return [
        _judged(candidate, sentence, min(float(told), measured.arms), bool(near_best), settings)
        for candidate, sentence, told, near_best in zip(
            ordered, paper.sentences, measured.told, near, strict=True
        )
    ]


def _judged(
    candidate: Scored,
    sentence: PaperSentence,
    share: float,
    near_best: bool,
    settings: AnswerSettings,
) -> Scored:
    """Whether a sentence answers: it reports, on the outcome and the treatment asked about.

    Args:
        share: What it and its paper say of both (:class:`Measured`), the smaller share.
        near_best: Far behind the paper's best sentence nothing answers, whatever it says.
    """
    reports = sentence.of_this_study and not _REPORTING.isdisjoint(sentence.cues)
    answers = near_best and reports and share >= settings.min_result_share
    met = candidate.measured.wants_met and answers
    measured = replace(candidate.measured, wants_met=met)
    return replace(candidate, measured=measured, told=share)
