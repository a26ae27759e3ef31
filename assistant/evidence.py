"""Sentences that may answer, scored for one part of a question."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.boundaries import reads_as_instruction
from assistant.designators import Designator, agreement, designators
from assistant.question import Part, Want
from assistant.rowfit import fit_of
from assistant.settings import AnswerSettings
from assistant.tables import Row, TableLines
from assistant.units import Passage, Unit, coverage
from ingest.flags import CONCERN, NEVER_QUOTED, RETRACTED
from ingest.model import Chunk
from ingest.text import sentence_spans
from retrieval import Hit
from retrieval.authority import authority
from retrieval.lexicon import HAS_CJK

_ARTICLE_LABEL = re.compile(
    r"\s*(第[〇零一二三四五六七八九十百千两\d]+条(?:之[一二三四五六七八九十])?)[\s\u3000]*"
)
_LEAD_IN = re.compile(r"[：:]\s*$")
_SHORTEST = 6
_OTHERS = 0.5
_ENOUGH_WORDS = 2
_ENOUGH_JUDGED = 0.4
_ENOUGH_OPEN = 0.5
_SUBJECT_MATCH = 0.6
_DOUBTED = {RETRACTED, CONCERN}
ReadTable = Callable[[Hit, int], TableLines | None]
"""Reads a table of a hit's document: ``(hit, block ordinal)``."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a found passage and its place in the document's blocks.

    ``row`` is set for a row of a table.
    """

    hit: Hit
    block: int
    start: int
    end: int
    text: str
    row: Row | None = None

    @property
    def outdated(self) -> bool:
        """The source is a draft, not in force, withdrawn, or known to have been changed since."""
        in_force = self.hit.status in {"effective", "current"}
        doubted = not _DOUBTED.isdisjoint(self.hit.chunk.flags)
        return not in_force or doubted or self.hit.currency.notice is not None

    @property
    def leads_list(self) -> bool:
        """Ends in a colon: what it announces follows."""
        return bool(_LEAD_IN.search(self.text))


@dataclass(frozen=True, slots=True)
class Scored:
    """A sentence with its merits.

    ``coverage`` is that of the sentence with its passage and headings, ``own`` that of the
    sentence alone, ``headed`` that of its headings; ``subject_met`` says that the passage speaks
    of the weightiest term asked about; ``score`` orders sentences of one part.
    """

    sentence: Sentence
    score: float
    coverage: float
    own: float
    headed: float
    subject_met: bool
    wants_met: bool


def sentences_of(hit: Hit, read_table: ReadTable = lambda hit, block: None) -> Iterator[Sentence]:
    """Sentences of a passage; of a table, its rows without the header."""
    chunk = hit.chunk
    if not NEVER_QUOTED.isdisjoint(chunk.flags):
        return
    for span in chunk.spans:
        part = chunk.text[span.chunk_start : span.chunk_end]
        bounds = _row_bounds(part) if chunk.kind == "table" else sentence_spans(part)
        lines = read_table(hit, span.block) if chunk.kind == "table" else None
        for start, end in bounds:
            start += _label_length(part[start:end], span.block_start + start, chunk)
            place = span.block_start + start
            if end - start < _SHORTEST or (lines is not None and lines.is_head(place)):
                continue
            sentence = Sentence(hit, span.block, place, span.block_start + end, part[start:end])
            if lines is not None and place in lines.body:
                sentence = replace(sentence, row=lines.row(place))
            yield sentence


def _label_length(sentence: str, place: int, chunk: Chunk) -> int:
    """Length of the article's own label (第十九条) where a sentence opens with it.

    The citation names the article; 「第二条规定的期限…」 inside another is part of the text.
    """
    label = _ARTICLE_LABEL.match(sentence) if place == 0 else None
    if label is None or label.group(1) != chunk.locator.section:
        return 0
    return label.end()


def _row_bounds(part: str) -> list[tuple[int, int]]:
    bounds = []
    start = 0
    for line in part.splitlines(keepends=True):
        end = start + len(line.rstrip())
        if end > start:
            bounds.append((start, end))
        start += len(line)
    return bounds


def headings_of(chunk: Chunk, title: str) -> str:
    """Everything that stands above a passage: title, heading path, section."""
    return "\n".join((title, *chunk.heading_path, chunk.locator.section or ""))


def passages_of(hit: Hit) -> tuple[Passage, Passage]:
    """A hit's text and its headings, prepared for covering tests."""
    return Passage(hit.chunk.text), Passage(headings_of(hit.chunk, hit.document.metadata.names))


def units_of_part(own: Sequence[Unit], others: Sequence[Unit]) -> list[Unit]:
    """Words a part's answer must cover: its own, and the other parts' at half their weight.

    「逾期怎么办？」 has too little of its own: then the rest of the question counts in full.
    """
    known = {unit.text for unit in own}
    telling = sum(unit.telling for unit in own)
    share = _OTHERS if telling >= _ENOUGH_WORDS else 1.0
    rest = [replace(u, weight=share * u.weight) for u in others if u.text not in known]
    return [*own, *rest]


def score_sentences(
    hits: Sequence[Hit],
    part: Part,
    asked: Sequence[Unit],
    settings: AnswerSettings,
    named: Sequence[Unit] = (),
    read_table: ReadTable = lambda hit, block: None,
) -> list[Scored]:
    """Score every sentence of the hits for one part of a question, best first.

    A sentence is worth what it covers of the question's words itself, less what only its headings
    or its passage cover, plus the search score of its passage, its source's authority, and whether
    it is of the kind asked for. Words that the document goes by (a law's title, a trial's name)
    count as covered: the sentence need not repeat them. ``named`` are the identifiers that chose
    the documents; a text that deals with several (versions of one guideline, say) is quoted where
    it speaks of the one asked about. A table's row counts together with the headers
    of its columns.
    """
    best_search = max((hit.score for hit in hits), default=1.0) or 1.0
    scored: list[Scored] = []
    numbered = designators(part.text)
    for hit in hits:
        names = Passage(hit.document.metadata.names)
        passage, head = passages_of(hit)
        units = _judging(asked, hit)
        whole = coverage(units, (passage, 1.0), (head, 1.0))
        subject = _subject_met(units, passage, head)
        open_units = _open_units(units, names)
        headed = coverage(units, (head, 1.0))
        base = settings.search_weight * hit.score / best_search
        base += settings.authority_weight * authority(hit.document)
        for sentence in sentences_of(hit, read_table):
            prepared = Passage(sentence.text)
            row = sentence.row
            above = Passage(row.above if row else "")
            read = Passage(row.spelled) if row else prepared
            if reads_as_instruction(sentence.text):
                continue
            in_context = coverage(
                units,
                (prepared, 1.0),
                (above, settings.header_weight),
                (names, settings.name_weight),
                (head, settings.context_weight),
                (passage, settings.passage_weight),
            )
            score = base + in_context + _want_score(part, read, sentence, settings)
            agreed = _agreement(numbered, sentence)
            score += settings.designator_weight * agreed
            # A protocol is all about its own trial; there the name tells nothing.
            if hit.document.metadata.kind != "protocol":
                score += settings.name_bonus * _share_named(named, prepared)
            if len(sentence.text) > settings.max_statement_chars:
                score -= settings.long_penalty
            if sentence.outdated:
                score -= settings.outdated_penalty
            own = coverage(open_units, (prepared, 1.0))
            met = _required_met(part, read.folded)
            if row:
                fit = fit_of(row, part.text, units, named)
                score += settings.label_weight * fit.label + settings.number_weight * fit.numbers
                met_wants = [want for want in part.wants if want.met_by(read.folded)]
                left = _left_open(units, (above, names, head), numbered, met_wants)
                told = max(fit.told, float(agreed > 0 or fit.numbers == 1.0) * (not left))
                own = max(told, coverage(left or units, (prepared, 1.0)))
                met = met and agreed >= 0
            scored.append(Scored(sentence, score, whole, own, headed, subject, met))
    scored.sort(key=lambda s: -s.score)
    return scored


def _agreement(numbered: frozenset[Designator], sentence: Sentence) -> float:
    if not numbered:
        return 0.0
    if sentence.row:
        return sentence.row.agreement(numbered)
    return agreement(numbered, designators(sentence.text))


def _open_units(units: Sequence[Unit], names: Passage) -> Sequence[Unit]:
    """The words a sentence itself must hold: not those the document goes by, if enough remain."""
    still_open = [unit for unit in units if unit.match(names) < 1.0]
    weight = sum(unit.weight for unit in units)
    return still_open if sum(u.weight for u in still_open) >= _ENOUGH_OPEN * weight else units


def _left_open(
    units: Sequence[Unit],
    known: Sequence[Passage],
    numbered: frozenset[Designator],
    met: Sequence[Want],
) -> Sequence[Unit]:
    """What a table's row itself must say.

    Not what the headers of its columns, the headings or the document's names say for every row;
    nor the number that tells rows apart (visit 3), which is compared as such; nor the name of the
    kind of answer (window) when the row gives one (±3).
    """
    numbers = {number for _, number in numbered}
    return [
        unit
        for unit in units
        if not any(unit.match(passage) >= _SUBJECT_MATCH for passage in known)
        and not (unit.text in numbers or designators(unit.text) & numbered)
        and not any(ask.search(unit.text) for want in met for ask in want.asks)
    ]


def _share_named(named: Sequence[Unit], prepared: Passage) -> float:
    return sum(unit.match(prepared) for unit in named) / len(named) if named else 0.0


def _judging(units: Sequence[Unit], hit: Hit) -> Sequence[Unit]:
    """The words by which a passage in another language than the question's can be judged."""
    language = hit.document.metadata.language
    judging = [unit for unit in units if unit.speaks(language)]
    weight = sum(unit.weight for unit in units)
    return judging if sum(u.weight for u in judging) >= _ENOUGH_JUDGED * weight else units


def _subject_met(units: Sequence[Unit], passage: Passage, head: Passage) -> bool:
    terms = [unit for unit in units if unit.term or unit.code]
    if not terms:
        return True
    subject = max(terms, key=lambda unit: unit.weight)
    return max(subject.match(passage), subject.match(head)) >= _SUBJECT_MATCH


def _required_met(part: Part, folded: str) -> bool:
    """A question for a time limit or an amount is answered by a sentence with one of either."""
    if not all(want.met_by(folded) for want in part.wants if want.strict):
        return False
    required = [want for want in part.wants if want.required]
    return not required or any(want.met_by(folded) for want in required)


def _want_score(
    part: Part, prepared: Passage, sentence: Sentence, settings: AnswerSettings
) -> float:
    score = 0.0
    for want in part.wants:
        if want.met_by(prepared.folded):
            score += settings.want_bonus
        elif want.required and not sentence.leads_list:
            score -= settings.want_penalty
    if bool(HAS_CJK.search(prepared.folded)) == bool(HAS_CJK.search(part.text)):
        score += settings.language_bonus
    if any(contrast.excludes(prepared.folded) for contrast in part.contrasts):
        score -= settings.contrast_penalty
    return score
