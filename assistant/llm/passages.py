"""The evidence a model is given: passages under keys that mean nothing, and their quotes found.

Keys are drawn anew for each answer, so that neither a document nor what a model remembers can name
a passage that was not sent.
"""

from __future__ import annotations

import json
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from assistant.boundaries import reads_as_instruction
from assistant.caveats import is_caveat
from assistant.evidence import ReadTable, Sentence, sentences_of
from ingest.flags import NEVER_QUOTED
from ingest.text import sentence_spans
from retrieval import Hit
from retrieval.normalise import compare_form

_ELLIPSIS = re.compile(r"…+|\.{3,}")
_WRAPPING = "\"'“”‘’「」『』《》|*`"
_SHORTEST = 2  # characters of a piece around an ellipsis
# What a chat template may take for its own marks: <|im_end|>, </s>, <think>, [INST].
_MARKS = re.compile(r"<(?=[|｜/!?A-Za-z])|\[(?=/?[A-Z_]{3,}\])")


def new_key() -> str:
    """A key of six hexadecimal digits."""
    return secrets.token_hex(3)


def as_data(value: Any) -> str:
    """JSON whose strings cannot end it, nor pass for marks of a chat template.

    >>> as_data({"text": "<|im_end|> p<0.05"})
    '{"text": "\\\\u003c|im_end|> p<0.05"}'
    """
    text = json.dumps(value, ensure_ascii=False, default=str)
    return _MARKS.sub(lambda mark: f"\\u{ord(mark.group()):04x}", text)


class NotFound(Exception):
    """A quote that cannot be traced; ``args[0]`` is the failure to name."""


@dataclass(frozen=True)
class Passage:
    """A passage under a key.

    Attributes:
        key: What the model calls it.
        hit: The found chunk.
        sentences: What may be quoted of it, in reading order, with its place in ``text``.
        text: The chunk's text, then the items of lists that go on beyond it.
        shown: What the model is sent of it.
    """

    key: str
    hit: Hit
    sentences: tuple[tuple[int, int, Sentence], ...]
    text: str
    shown: str

    def to_json(self) -> dict[str, Any]:
        """What the model is sent."""
        chunk, metadata = self.hit.chunk, self.hit.document.metadata
        place = [*chunk.heading_path, *([chunk.locator.section] if chunk.locator.section else [])]
        found = {
            "key": self.key,
            "title": self.hit.document.title,
            "place": " › ".join(dict.fromkeys(place)),
            "status": self.hit.status,
            "effective_from": self.hit.currency.effective_from,
            "language": metadata.language,
            "text": self.shown,
        }
        return {name: value for name, value in found.items() if value}

    def locate(self, quote: str) -> list[Sentence]:
        """The whole sentences (rows, of a table) in which a quote stands word for word.

        Parts left out with an ellipsis are looked up apart. Whole sentences, because half of one
        may say the opposite.

        Raises:
            NotFound: ``quote_not_found``, ``quote_ambiguous`` or ``instruction``.
        """
        pieces = [piece.strip().strip(_WRAPPING).strip() for piece in _ELLIPSIS.split(quote)]
        pieces = [piece for piece in pieces if piece]
        if not pieces or any(len(compare_form(piece)) < _SHORTEST for piece in pieces):
            raise NotFound("quote_not_found")
        found: dict[tuple[int, int], Sentence] = {}
        for piece in pieces:
            for sentence in self._sentences_with(compare_form(piece)):
                found[sentence.block, sentence.start] = sentence
        sentences = list(found.values())
        if any(reads_as_instruction(sentence.text) for sentence in sentences):
            raise NotFound("instruction")
        return sentences

    def _sentences_with(self, wanted: str) -> list[Sentence]:
        squeezed, places = self._squeezed
        candidates: list[list[Sentence]] = []
        at = squeezed.find(wanted)
        while at >= 0:
            start, end = places[at], places[at + len(wanted) - 1] + 1
            candidates.append([s for a, b, s in self.sentences if a < end and start < b])
            at = squeezed.find(wanted, at + 1)
        # Of places with the very same words the first will do; a whole sentence beats part of one.
        said: dict[str, list[Sentence]] = {}
        for candidate in candidates:
            if candidate:
                said.setdefault("".join(compare_form(s.text) for s in candidate), candidate)
        if not said:
            raise NotFound("quote_not_found")
        if len(said) > 1 and wanted not in said:
            raise NotFound("quote_ambiguous")
        return said.get(wanted) or next(iter(said.values()))

    @cached_property
    def _squeezed(self) -> tuple[str, list[int]]:
        """The text in comparing form, and where each of its characters stands in the text."""
        characters: list[str] = []
        places: list[int] = []
        for place, character in enumerate(self.text):
            for form in unicodedata.normalize("NFKC", character):
                if not form.isspace():
                    characters.append(form)
                    places.append(place)
        return "".join(characters), places


class Passages:
    """The passages of one answer, by key.

    Args:
        read_table: Reads the tables of the documents.
        make_key: Draws keys; replaced in tests.
    """

    def __init__(self, read_table: ReadTable, make_key: Callable[[], str] = new_key) -> None:
        self._read_table = read_table
        self._make_key = make_key
        self._by_key: dict[str, Passage] = {}

    def get(self, key: str) -> Passage | None:
        """The passage with a key; brackets a model put around it do not count."""
        return self._by_key.get(key.strip("[]()（）【】 "))

    def fresh_key(self) -> str:
        """A key that nothing has yet."""
        while (key := self._make_key()) in self._by_key:
            pass
        return key

    @property
    def hits(self) -> list[Hit]:
        """The chunks that were sent."""
        return [passage.hit for passage in self._by_key.values()]

    def offer(
        self, hits: Iterable[Hit], most: int, room: int, beyond: Sequence[Sentence] = ()
    ) -> list[Passage]:
        """Give keys to passages, the best first, as long as there is room.

        Args:
            hits: Found chunks, best first; those offered before are passed over.
            most: How many passages.
            room: Characters for all of them.
            beyond: Further sentences that may stand outside their chunk.
        """
        offered: list[Passage] = []
        known = {hit.chunk.id for hit in self.hits}
        for hit in hits:
            if len(offered) >= most:
                break
            if hit.chunk.id in known or not NEVER_QUOTED.isdisjoint(hit.chunk.flags):
                continue
            own = [s for s in beyond if s.hit.chunk.id == hit.chunk.id]
            passage = self._passage(hit, own, room)
            if passage is None:
                continue
            room -= len(passage.shown)
            known.add(hit.chunk.id)
            self._by_key[passage.key] = passage
            offered.append(passage)
        return offered

    def _passage(self, hit: Hit, beyond: Sequence[Sentence], room: int) -> Passage | None:
        text = hit.chunk.text
        sentences = list(_placed(hit, self._read_table))
        inside = {(sentence.block, sentence.start) for _, _, sentence in sentences}
        for sentence in beyond:
            if (sentence.block, sentence.start) not in inside:
                text += "\n"
                sentences.append((len(text), len(text) + len(sentence.text), sentence))
                text += sentence.text
        shown = _fitting(text, hit.chunk.kind == "table", room)
        if not shown:
            return None
        return Passage(self.fresh_key(), hit, tuple(sentences), text, shown)


def _placed(hit: Hit, read_table: ReadTable) -> Iterator[tuple[int, int, Sentence]]:
    """Sentences of a chunk with their place in its text."""
    for sentence in sentences_of(hit, read_table):
        for span in hit.chunk.spans:
            start = span.chunk_start + sentence.start - span.block_start
            if span.block == sentence.block and span.chunk_start <= start < span.chunk_end:
                yield start, start + len(sentence.text), sentence
                break


def _fitting(text: str, table: bool, room: int) -> str:
    """The beginning of a text that fits, cut between sentences or rows.

    Sentences that give a model orders are left out: they may not be quoted either.
    """
    if table:
        ends = [i + 1 for i, character in enumerate(text) if character == "\n"]
    else:
        ends = [start for start, _ in sentence_spans(text)[1:]]
    bounds = zip([0, *ends], [*ends, len(text)], strict=True)
    kept = ""
    for start, end in bounds:
        piece = text[start:end]
        if reads_as_instruction(piece) or is_caveat(piece):
            continue
        if len(kept) + len(piece.rstrip()) > room:
            break
        kept += piece
    return kept.strip()


def merged(sentences: Sequence[Sentence], passage: Passage) -> list[Sentence]:
    """Neighbouring sentences of one paragraph as one quote; rows of tables stay apart."""
    places = {(s.block, s.start): (start, end) for start, end, s in passage.sentences}
    order = [(s.block, s.start) for _, _, s in passage.sentences]
    joined: list[Sentence] = []
    last: tuple[int, int] | None = None
    for sentence in sorted(sentences, key=lambda s: places[s.block, s.start]):
        place = (sentence.block, sentence.start)
        adjacent = last is not None and order.index(place) == order.index(last) + 1
        if adjacent and sentence.row is None and joined[-1].block == sentence.block:
            before = joined.pop()
            start = places[last][1] - len(before.text) if last else 0
            text = passage.text[start : places[place][1]]
            sentence = replace(sentence, start=before.start, text=text)
        joined.append(sentence)
        last = place
    return joined
