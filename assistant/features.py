"""What is measured of each sentence that may answer; :mod:`assistant.scoring` weighs it.

Every feature lies between 0 and about 1 (-1 where it may speak against), so that its weight tells
what it is worth.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.boundaries import reads_as_instruction
from assistant.caveats import is_caveat
from assistant.designators import Designator, designators
from assistant.evidence import ReadTable, Sentence, passages_of, sentences_of
from assistant.focus import focus_of
from assistant.likeness import likeness
from assistant.question import Part, Want
from assistant.rowfit import fit_of
from assistant.units import Passage, Unit, coverage
from retrieval import Hit
from retrieval.authority import authority
from retrieval.lexicon import HAS_CJK

FEATURES: Mapping[str, str] = {
    "own": "share of the question's weighted words in the sentence itself, but for the words the "
    "document goes by",
    "context": "the same with what stands above it: column headers, names of the document, "
    "headings, passage, each with its worth",
    "headed": "share in title and headings",
    "passage": "share in the whole passage with its headings",
    "names": "share in the names the document goes by",
    "subject": "how far sentence or headings have the weightiest term asked about",
    "focus": "how far sentence or headings have the words that say what is asked for",
    "asked": "share of the question's words but names (trials, documents) in sentence or headings",
    "whole": "the same as context, of the words of the whole question",
    "shared": "share of the question's character pairs (Chinese) and words in the sentence",
    "like": "cosine of question and sentence",
    "like_whole": "cosine of the whole question and sentence",
    "like_heading": "cosine of question and the heading next above",
    "search": "score of the passage, as a share of the best one's",
    "rank": "1 for the first passage found, 1/2 for the second …",
    "wants": "kinds of answer asked for (a duration, an actor …) that it is of, halved",
    "measure": "1 when it has a number of what is to be counted (pages, patients), or none is",
    "lacking": "required kinds that it is not of, halved",
    "language": "1 in the question's language",
    "contrast": "1 when it speaks only of the opposite of what was asked (devices for drugs)",
    "outdated": "1 for a draft, a superseded or since amended text",
    "authority": "rank of the source",
    "long": "1 beyond the setting max_statement_chars",
    "length": "logarithm of its length, 1 for about 400 characters",
    "first": "1 for the first sentence of a passage",
    "leads": "1 for one that ends in a colon",
    "row": "1 for a row of a table",
    "digits": "1 when it holds a digit",
    "label": "share of a row's label that the question says",
    "numbers": "share of the question's numbers that a row holds",
    "named": "share of the names that chose the document, in the sentence; 0 in a protocol",
}
# What a word of the question counts that does not stand in the sentence but above or around it.
_HEADER_WORTH = 0.6
_NAME_WORTH = 0.9
_HEADING_WORTH = 0.6
_PASSAGE_WORTH = 0.35
_OTHERS = 0.5
_LATER = 0.2
_ENOUGH_WORDS = 2
_ENOUGH_JUDGED = 0.4
_ENOUGH_OPEN = 0.5
_SUBJECT_MATCH = 0.6
_LOG_LONG = math.log(400)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the sentences are measured against.

    Attributes:
        part: The part of the question.
        question: The whole question.
        units: Words an answer must cover.
        whole: Words of the whole question.
        named: Identifiers that chose the documents already.
        long: Characters beyond which a sentence is long.
        older: A version that is not in force was asked for.
    """

    part: Part
    question: str
    units: Sequence[Unit]
    whole: Sequence[Unit] = ()
    named: Sequence[Unit] = ()
    long: int = 420
    older: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """A sentence with its features, by the names of :data:`FEATURES`.

    ``wants_met`` says that it is of a kind of answer that the question requires, and no row that
    deals with another numbered thing (visit 4 for visit 3).
    """

    sentence: Sentence
    features: Mapping[str, float]
    wants_met: bool


def measure(
    hits: Sequence[Hit],
    asked: Asked,
    read_table: ReadTable = lambda hit, block: None,
) -> list[Measured]:
    """Measure every sentence of the hits, in their order.

    Words that the document goes by (a law's title, a trial's name) count as covered: the sentence
    need not repeat them. A text that deals with several named things is quoted where it speaks of
    the one asked about. A table's row counts together with the headers of its columns.
    """
    best = max((hit.score for hit in hits), default=1.0) or 1.0
    numbered = designators(asked.part.text)
    pairs = _pairs(Passage(asked.part.text).folded)
    found: list[Measured] = []
    for rank, hit in enumerate(hits):
        context = _Context.of(hit, asked, numbered, pairs)
        shared = {
            "search": hit.score / best,
            "rank": 1 / (1 + rank),
            "headed": context.headed,
            "passage": context.passage_share,
            "names": context.names_share,
            "authority": authority(hit.document),
        }
        for number, sentence in enumerate(_quotable(hit, read_table)):
            own, wants_met = context.measure(sentence)
            first = {"first": float(number == 0)}
            found.append(Measured(sentence, {**shared, **first, **own}, wants_met))
    return _with_likeness(found, asked)


def _quotable(hit: Hit, read_table: ReadTable) -> Iterator[Sentence]:
    for sentence in sentences_of(hit, read_table):
        if not (reads_as_instruction(sentence.text) or is_caveat(sentence.text)):
            yield sentence


def _heading_of(hit: Hit) -> str:
    """The heading next above a passage."""
    return (hit.chunk.heading_path or (hit.document.title,))[-1]


def _with_likeness(found: Sequence[Measured], asked: Asked) -> list[Measured]:
    headings = [_heading_of(m.sentence.hit) for m in found]
    texts = [m.sentence.text for m in found]
    columns = {
        "like": likeness(asked.part.text, texts),
        "like_whole": likeness(asked.question, texts),
        "like_heading": likeness(asked.part.text, headings),
    }
    return [
        replace(m, features={**m.features, **{name: float(c[i]) for name, c in columns.items()}})
        for i, m in enumerate(found)
    ]


@dataclass(frozen=True, slots=True)
class _Context:
    """What the sentences of one passage have in common."""

    asked: Asked
    focus: Sequence[Unit]
    heading: Passage
    numbered: frozenset[Designator]
    pairs: frozenset[str]
    units: Sequence[Unit]
    open_units: Sequence[Unit]
    names: Passage
    passage: Passage
    head: Passage
    headed: float
    passage_share: float
    names_share: float
    by_name: bool

    @classmethod
    def of(
        cls, hit: Hit, asked: Asked, numbered: frozenset[Designator], pairs: frozenset[str]
    ) -> _Context:
        names = Passage(hit.document.metadata.names)
        passage, head = passages_of(hit)
        units = _judging(asked.units, hit)
        return cls(
            asked=asked,
            focus=focus_of(asked.part.text, asked.units),
            heading=Passage(_heading_of(hit)),
            numbered=numbered,
            pairs=pairs,
            units=units,
            open_units=_open_units(units, names),
            names=names,
            passage=passage,
            head=head,
            headed=coverage(units, (head, 1.0)),
            passage_share=coverage(units, (passage, 1.0), (head, 1.0)),
            names_share=coverage(units, (names, 1.0)),
            # A protocol is all about its own trial; there the name tells nothing.
            by_name=hit.document.metadata.kind != "protocol",
        )

    def measure(self, sentence: Sentence) -> tuple[dict[str, float], bool]:
        """Features of one sentence, and whether it is of a required kind."""
        part, row = self.asked.part, sentence.row
        prepared = Passage(sentence.text)
        above = Passage(row.above if row else "")
        read = Passage(row.spelled) if row else prepared
        met = _required_met(part, read.folded)
        own = coverage(self.open_units, (prepared, 1.0))
        label = numbers = 0.0
        if row:
            fit = fit_of(row, part.text, self.units, self.asked.named)
            label, numbers = fit.label, fit.numbers
            met_wants = [want for want in part.wants if want.met_by(read.folded)]
            agreed = row.agreement(self.numbered)
            left = _left_open(self.units, (above, self.names, self.head), self.numbered, met_wants)
            told = max(fit.told, float(agreed > 0 or fit.numbers == 1.0) * (not left))
            own = max(told, coverage(left or self.units, (prepared, 1.0)))
            met = met and agreed >= 0
        lacking = [w for w in part.wants if w.required and not w.met_by(read.folded)]
        return {
            "own": own,
            "context": self._in_context(self.units, prepared, above),
            "whole": self._in_context(self.asked.whole, prepared, above),
            "subject": self._subject(prepared, above),
            "focus": self._focus(prepared, above, self.heading),
            "asked": coverage(
                [unit for unit in self.units if not unit.code], (prepared, 1.0), (self.head, 1.0)
            ),
            "shared": _share(self.pairs, prepared),
            "wants": sum(want.met_by(read.folded) for want in part.wants) / 2,
            "lacking": 0.0 if sentence.leads_list else len(lacking) / 2,
            "measure": float(part.measured_by(read.folded)),
            "language": float(_chinese(prepared.folded) == _chinese(part.text)),
            "contrast": float(any(c.excludes(prepared.folded) for c in part.contrasts)),
            "outdated": float(sentence.outdated),
            "long": float(len(sentence.text) > self.asked.long),
            "length": math.log(1 + len(sentence.text)) / _LOG_LONG,
            "leads": float(sentence.leads_list),
            "row": float(row is not None),
            "digits": float(any(c.isdigit() for c in prepared.folded)),
            "label": label,
            "numbers": numbers,
            "named": _share_named(self.asked.named, prepared) if self.by_name else 0.0,
        }, met

    def _focus(self, *passages: Passage) -> float:
        if not self.focus:
            return 1.0
        return sum(max(u.match(p) for p in passages) for u in self.focus) / len(self.focus)

    def _subject(self, prepared: Passage, above: Passage) -> float:
        subject = _subject_of(self.units)
        if subject is None:
            return 1.0
        return max(subject.match(p) for p in (prepared, above, self.head, self.names))

    def _in_context(self, units: Sequence[Unit], prepared: Passage, above: Passage) -> float:
        return coverage(
            units,
            (prepared, 1.0),
            (above, _HEADER_WORTH),
            (self.names, _NAME_WORTH),
            (self.head, _HEADING_WORTH),
            (self.passage, _PASSAGE_WORTH),
        )


def stands_alone(own: Sequence[Unit]) -> bool:
    """Whether a part has words enough of its own to be understood without the others."""
    return sum(unit.telling for unit in own) >= _ENOUGH_WORDS


def units_of_part(own: Sequence[Unit], others: Sequence[Unit], later: str = "") -> list[Unit]:
    """Words a part's answer must cover: its own, and the others' at half their weight.

    「逾期怎么办？」 has too little of its own: then what was said before counts in full. What is
    asked later says less of what is asked now.

    Args:
        own: Words of the part.
        others: Words of the whole question.
        later: Folded text of the parts that follow.
    """
    known = {unit.text for unit in own}
    share = _OTHERS if stands_alone(own) else 1.0
    rest = [
        replace(u, weight=(_LATER if u.text in later else share) * u.weight)
        for u in others
        if u.text not in known
    ]
    return [*own, *rest]


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
        and not any(want.asked_in(unit.text) for want in met)
    ]


def _share_named(named: Sequence[Unit], prepared: Passage) -> float:
    return sum(unit.match(prepared) for unit in named) / len(named) if named else 0.0


def _required_met(part: Part, folded: str) -> bool:
    """A question for a time limit or an amount is answered by a sentence with one of either."""
    if not all(want.met_by(folded) for want in part.wants if want.strict):
        return False
    required = [want for want in part.wants if want.required]
    return not required or any(want.met_by(folded) for want in required)


def _judging(units: Sequence[Unit], hit: Hit) -> Sequence[Unit]:
    """The words by which a passage in another language than the question's can be judged."""
    language = hit.document.metadata.language
    judging = [unit for unit in units if unit.speaks(language)]
    weight = sum(unit.weight for unit in units)
    return judging if sum(u.weight for u in judging) >= _ENOUGH_JUDGED * weight else units


def _subject_of(units: Sequence[Unit]) -> Unit | None:
    """The weightiest term, which the question is most likely about."""
    terms = [unit for unit in units if unit.term or unit.code]
    return max(terms, key=lambda unit: unit.weight) if terms else None


def _chinese(text: str) -> bool:
    return HAS_CJK.search(text) is not None


def _pairs(folded: str) -> frozenset[str]:
    """Pairs of neighbouring Chinese characters, and Latin words."""
    found: set[str] = set()
    for run in _WORD.findall(folded):
        found |= {run[i : i + 2] for i in range(len(run) - 1)} if _chinese(run) else {run}
    return frozenset(found)


def _share(pairs: frozenset[str], passage: Passage) -> float:
    return len(pairs & _pairs(passage.folded)) / len(pairs) if pairs else 0.0
