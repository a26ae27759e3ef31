"""Check what a model wrote: nothing of it is shown before it has passed here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.boundaries import reads_as_instruction
from assistant.composer import Composer
from assistant.computing.calculation import Calculation
from assistant.evidence import Sentence, headings_of
from assistant.llm.passages import NotFound, Passages, merged
from assistant.llm.reply import Proposed
from assistant.model import Citation, Statement
from assistant.verification import numbers_stand, quantities, supports
from ingest.metadata import base_title
from retrieval.lexicon import Lexicon
from retrieval.normalise import compare_form, fold

_TITLE = re.compile(r"《([^《》]{2,60})》")
_ARTICLE = re.compile(r"第[〇零一二三四五六七八九十百千两\d]+条")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|!?\[[^\]]*\]\([^)]*\)|</?[A-Za-z][^>]*>")


@dataclass(frozen=True, slots=True)
class Judged:
    """A statement of the model and what became of it.

    ``statement`` and ``citations`` are set when it stands; ``failures`` name why it does not and
    ``details`` say it as the verifier does. ``sentences`` are those that it quotes.
    """

    proposed: Proposed
    statement: Statement | None = None
    citations: tuple[Citation, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    failures: tuple[str, ...] = ()
    details: tuple[str, ...] = ()


class Checker:
    """Checks statements against the passages and calculations of one answer.

    Args:
        passages: What the model was sent.
        calculations: Results of its tool calls, by key; grows while it calls.
        composer: Makes and numbers the citations.
        lexicon: Lets a name stand for its abbreviation or translation.
        longest: Characters of a statement.
    """

    def __init__(
        self,
        passages: Passages,
        calculations: Mapping[str, Calculation],
        composer: Composer,
        lexicon: Lexicon,
        longest: int,
    ) -> None:
        self._passages = passages
        self._calculations = calculations
        self._composer = composer
        self._lexicon = lexicon
        self._longest = longest

    def judge(self, proposed: Proposed) -> Judged:
        """Whether a statement may be shown, and with which citations."""
        text = proposed.text
        if len(text) > self._longest:
            return Judged(proposed, failures=("too_long",))
        if reads_as_instruction(text):
            return Judged(proposed, failures=("instruction",))
        cited = self._cited(proposed)
        if isinstance(cited, str):
            return Judged(proposed, failures=(cited,))
        failures, details = cited.failures_of(text, self._lexicon)
        if failures:
            return Judged(proposed, failures=failures, details=details)
        citations = [self._composer.cite(sentence) for sentence in cited.quoted]
        if not all(citations):
            return Judged(proposed, failures=("superseded_silently",))
        known = tuple(dict.fromkeys(c.id for c in citations if c))
        statement = Statement(text, known, "calculated" if cited.calculations else "verified")
        by_id = {c.id: c for c in citations if c}
        return Judged(proposed, statement, tuple(by_id.values()), cited.sentences)

    def _cited(self, proposed: Proposed) -> _Cited | str:
        """What a statement cites that is there; or why nothing is.

        A citation that cannot be traced does not count. The statement is then judged by the
        others alone: what is shown stands on what was found.
        """
        sentences: list[Sentence] = []
        quoted: list[Sentence] = []
        calculations: list[Calculation] = []
        failure = "no_citation"
        for citation in proposed.citations:
            key = citation.key.strip("[]()（）【】 ")
            passage = self._passages.get(key)
            if key in self._calculations:
                calculations.append(self._calculations[key])
                continue
            if passage is None:
                failure = "unknown_key"
                continue
            try:
                located = passage.locate(citation.quote)
            except NotFound as not_found:
                failure = str(not_found.args[0])
                continue
            sentences += located
            quoted += merged(located, passage)
        if not sentences and not calculations:
            return failure
        return _Cited(tuple(sentences), tuple(quoted), tuple(calculations))


@dataclass(frozen=True, slots=True)
class _Cited:
    """What was found under a statement's citations."""

    sentences: tuple[Sentence, ...]
    quoted: tuple[Sentence, ...]
    calculations: tuple[Calculation, ...]

    def failures_of(self, text: str, lexicon: Lexicon) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Why the statement may not be shown under what it cites: names, details."""
        quotes = self._read()
        if not _addresses_stand(text, quotes):
            return ("address_not_in_quote",), ()
        said = self._without_source(text)
        spelled = _calculated(said, self.calculations)
        if self.calculations and not numbers_stand(said, *quotes, *spelled):
            return ("number_not_calculated",), ()
        if not quotes:
            return (), ()
        # A quote beside a calculation must bear the statement; numbers may be calculated.
        verdict = supports(said, [*quotes, *spelled], context=self._context(), lexicon=lexicon)
        return tuple(verdict.failures), verdict.details

    def _context(self) -> list[str]:
        """What stands above the quotes and is shown with them."""
        headings = [headings_of(s.hit.chunk, s.hit.document.title) for s in self.sentences]
        return list(dict.fromkeys(headings))

    def _read(self) -> list[str]:
        """The quotes as a reader reads them: a row of a table with its header and units."""
        return [
            f"{sentence.row.above}\n{sentence.text}\n{sentence.row.spelled}"
            if sentence.row
            else sentence.text
            for sentence in self.quoted
        ]

    def _without_source(self, text: str) -> str:
        """The statement without naming its source: title and article are the citation's own."""
        titles = {fold(base_title(s.hit.document.title)) for s in self.sentences}
        articles = {fold(s.hit.chunk.locator.section or "") for s in self.sentences} - {""}

        def title(match: re.Match[str]) -> str:
            wanted = fold(base_title(match.group(1)))
            return "" if any(wanted in t for t in titles) else match.group()

        def article(match: re.Match[str]) -> str:
            return "" if fold(match.group()) in articles else match.group()

        return _ARTICLE.sub(article, _TITLE.sub(title, text))


def _addresses_stand(text: str, quotes: Sequence[str]) -> bool:
    """Addresses and markup are not a model's to add: they lead readers elsewhere."""
    offered = compare_form("\n".join(quotes))
    return all(compare_form(found) in offered for found in _ADDRESS.findall(text))


def _calculated(text: str, calculations: Sequence[Calculation]) -> list[str]:
    """The numbers of a statement that were calculated, with the units it gives them."""
    return [
        f"{number}{unit}"
        for number, unit in quantities(text)
        if any(calculation.holds(number, unit) for calculation in calculations)
    ]


def sound_follow_up(text: str, question: str, quotes: Sequence[str]) -> bool:
    """Whether a further question may be shown: a short question that states nothing new."""
    return (
        0 < len(text) <= 80
        and text[-1] in "?？"
        and not _ADDRESS.search(text)
        and not reads_as_instruction(text)
        and numbers_stand(text, question, *quotes)
    )
