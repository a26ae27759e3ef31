"""Sentences of the index that say a thing in so many words, cited only when they verify."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.composer import Composer
from assistant.evidence import Sentence, sentences_of
from assistant.model import Citation
from assistant.references import referred_hits
from assistant.tables import TableLines, table_lines
from ingest.numerals import chinese_to_int
from retrieval import Filters, Hit, Searcher, View
from retrieval.contents import StoredDocument

_PASSAGES = 20
_KINDS = {"law", "regulation", "guideline", "operation", "method", "registry", None}
_HERE = {"CN", "international", None}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Cited:
    """A verified quote, and the named groups of the pattern that it matches."""

    citation: Citation
    values: dict[str, str]

    def number(self, name: str = "n") -> float:
        """A group as a number, Chinese numerals too.

        Raises:
            ValueError: It is none.
        """
        text = self.values[name]
        value = chinese_to_int(text)
        return float(text) if value is None else float(value)


class Citer:
    """Finds and cites sentences in one state of the index."""

    def __init__(self, view: View, searcher: Searcher, language: str, as_of: str) -> None:
        self.composer = Composer(view, language, as_of)
        self.as_of = as_of
        self._view, self._searcher = view, searcher

    def find(self, query: str, pattern: str) -> Cited | None:
        """The best sentence in force that matches; articles of a law go before notes about it.

        Args:
            query: What to search for.
            pattern: What the sentence must say; named groups come out as values.
        """
        wanted = re.compile(pattern)
        hits = self._searcher.search(self._view, query, _PASSAGES, Filters(), self.as_of)
        found = [pair for hit in hits for pair in self._matching(hit, wanted)]
        found += [pair for sentence, _ in found[:1] for pair in self._original(sentence, wanted)]
        found.sort(key=lambda pair: (pair[0].outdated, pair[0].hit.chunk.kind != "article"))
        for sentence, match in found:
            citation = self.composer.cite(sentence)
            if citation is not None:
                return Cited(citation, {k: v for k, v in match.groupdict().items() if v})
        return None

    def block(self, document_id: str, number: int) -> Citation | None:
        """Cite a whole block of a document, such as a field of a registry record."""
        document = self._view.document(document_id)
        if document is None:
            return None
        hit = self._hit(document, number)
        if hit is None:
            return None
        text = self._view.blocks(document, number, 1)[0][1].text
        return self.composer.cite(Sentence(hit, number, 0, len(text), text))

    def _matching(
        self, hit: Hit, wanted: re.Pattern[str]
    ) -> Iterator[tuple[Sentence, re.Match[str]]]:
        metadata = hit.document.metadata
        if metadata.kind not in _KINDS or metadata.jurisdiction not in _HERE:
            return
        for sentence in sentences_of(hit, self._table):
            match = wanted.search(sentence.text)
            # A row of a card says from when its rule is in force.
            later = sentence.row and any(d > self.as_of for d in _DATE.findall(sentence.text))
            if match and not later:
                yield sentence, match

    def _original(
        self, sentence: Sentence, wanted: re.Pattern[str]
    ) -> Iterator[tuple[Sentence, re.Match[str]]]:
        for hit in referred_hits(self._view, sentence.hit, sentence.text, self.as_of):
            yield from self._matching(hit, wanted)

    def _table(self, hit: Hit, block: int) -> TableLines | None:
        return table_lines(self._view.blocks(hit.document, block, 1)[0][1])

    def _hit(self, document: StoredDocument, block: int) -> Hit | None:
        currency = self._view.currency[document.id]
        for chunk in self._view.document_chunks(document):
            if any(span.block == block for span in chunk.spans):
                status = currency.status(self.as_of)
                return Hit(chunk, document, 1.0, 0.0, 0.0, status, currency)
        return None
