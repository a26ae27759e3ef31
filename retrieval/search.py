"""Hybrid search: BM25 over text and headings, fused with vector similarity, filtered by date.

The two halves are combined by max-normalised scores (each half divided by its best score, then
added with weights): in our measurements equal-rank fusion with a weak vector half hurts, score
fusion helps. A result needs at least one term in common or a clear vector match; nothing is
returned with a score of zero.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, get_args

import numpy as np
import numpy.typing as npt

from ingest.model import Chunk, DocumentKind
from retrieval.analysis import Analyser
from retrieval.currency import Currency, Status
from retrieval.embedders import Embedder
from retrieval.hashing import term_id
from retrieval.lexical import FieldStatistics, Floats, score_field
from retrieval.lexicon import HAS_CJK, Lexicon
from retrieval.normalise import fold
from retrieval.reader import View
from retrieval.segment import FIELDS, Segment
from retrieval.settings import SearchSettings
from retrieval.store import StoredDocument
from retrieval.vectors import search_vectors

_AUTHORITY = Path(__file__).with_name("authority.toml")
_FILTERS = ("kind", "issuer", "jurisdiction", "language", "document", "status", "from", "to")
_HIDDEN_BY_DEFAULT: frozenset[Status] = frozenset({"superseded", "not_yet_effective"})
_LEAST_COSINE = 0.35  # a passage with no term in common must be at least this similar


class BadFilter(ValueError):
    """A filter that does not exist or cannot be read."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which documents may answer.

    Attributes:
        kind, issuer, jurisdiction, language: Metadata values; any of several.
        document: Document ids, or beginnings of them.
        status: ``effective``, ``current``, ``superseded``, ``draft``, ``not_yet_effective``, or
            ``any``. Without it, superseded texts and texts not yet in force stay out.
        issued_from, issued_to: ISO dates; the version date lies between them, both included.
    """

    kind: frozenset[str] = frozenset()
    issuer: frozenset[str] = frozenset()
    jurisdiction: frozenset[str] = frozenset()
    language: frozenset[str] = frozenset()
    document: frozenset[str] = frozenset()
    status: frozenset[str] = frozenset()
    issued_from: str | None = None
    issued_to: str | None = None

    @classmethod
    def parse(cls, pairs: Iterable[str]) -> Filters:
        """Read ``key=value`` pairs; several values are separated by commas.

        Raises:
            BadFilter: An unknown key, a value that cannot be, or a pair without ``=``.
        """
        values: dict[str, set[str]] = defaultdict(set)
        for pair in pairs:
            key, equals, value = pair.partition("=")
            given = {v.strip() for v in value.split(",") if v.strip()}
            if not equals or key.strip() not in _FILTERS or not given:
                raise BadFilter(
                    f"filter {pair!r} is not KEY=VALUE with KEY one of {', '.join(_FILTERS)}"
                )
            _check_values(key.strip(), given)
            values[key.strip()] |= given
        first = min(values.pop("from", {""}))
        last = max(values.pop("to", {""}))
        return cls(
            issued_from=_iso_date(first, "from"),
            issued_to=_iso_date(last, "to"),
            **{key: frozenset(items) for key, items in values.items()},
        )

    def allow(self, document: StoredDocument, status: Status) -> bool:
        """Whether a document with this status may answer."""
        metadata = document.metadata
        if self.status:
            if "any" not in self.status and status not in self.status:
                return False
        elif status in _HIDDEN_BY_DEFAULT:
            return False
        for wanted, value in (
            (self.kind, metadata.kind),
            (self.issuer, metadata.issuer),
            (self.jurisdiction, metadata.jurisdiction),
            (self.language, metadata.language),
        ):
            if wanted and value not in wanted:
                return False
        if self.document and not any(document.id.startswith(prefix) for prefix in self.document):
            return False
        issued = metadata.version_date
        if self.issued_from and (issued is None or issued < self.issued_from):
            return False
        return not (self.issued_to and (issued is None or issued > self.issued_to))


_CLOSED = {"status": {*get_args(Status), "any"}, "kind": set(get_args(DocumentKind))}


def _check_values(key: str, given: set[str]) -> None:
    """Refuse values that no document can have."""
    unknown = given - _CLOSED.get(key, given)
    if unknown:
        known = ", ".join(sorted(_CLOSED[key]))
        raise BadFilter(f"filter {key}={','.join(sorted(unknown))} is not one of {known}")


def _iso_date(value: str, key: str) -> str | None:
    if not value:
        return None
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise BadFilter(f"filter {key}={value!r} is not a date like 2025-01-31") from None


@dataclass(frozen=True, slots=True)
class Hit:
    """A found chunk.

    ``score`` is the fused score (0 to about 1), ``lexical`` the BM25 part before normalisation,
    ``dense`` the cosine. ``currency`` and ``status`` hold for the day that was asked about.
    """

    chunk: Chunk
    document: StoredDocument
    score: float
    lexical: float
    dense: float
    status: Status
    currency: Currency


@dataclass(frozen=True, slots=True)
class Query:
    """An analysed question: weighted term ids, and the words they stand for."""

    text: str
    weights: Mapping[int, float]
    terms: tuple[str, ...]
    expansions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Rows of one segment that came into the closer choice, with both scores; shapes ``(C,)``."""

    segment: Segment
    rows: npt.NDArray[np.int64]
    lexical: Floats
    dense: Floats

    def keep(self, mask: npt.NDArray[np.bool_]) -> _Candidates:
        """Those whose mask is true."""
        return _Candidates(self.segment, self.rows[mask], self.lexical[mask], self.dense[mask])


class Searcher:
    """Searches views of an index.

    Args:
        embedder: The one the index was built with.
        lexicon: Equivalents for expanding the question, and words for segmentation.
        settings: Weights.
    """

    def __init__(
        self,
        embedder: Embedder,
        lexicon: Lexicon | None = None,
        settings: SearchSettings | None = None,
    ) -> None:
        self.embedder = embedder
        self.lexicon = lexicon or Lexicon.empty()
        self.settings = settings or SearchSettings()
        self.analyser = Analyser(self.lexicon)

    def analyse(self, question: str) -> Query:
        """Terms of a question with weights; lexicon equivalents join at lower weights.

        A translation weighs more than a synonym: documents in the other language cannot hold the
        word that was asked, those in the same language mostly would.
        """
        terms = self.analyser.question_terms(question) or self.analyser.terms(question)
        weights: dict[int, float] = {}
        for term in terms:
            weights[term_id(term)] = 1.0
        expansions: list[str] = []
        folded = fold(question)
        for start, end in self.lexicon.name_spans(folded):
            asked = folded[start:end]
            for name in self.lexicon.equivalents(asked):
                expansions.append(name)
                weight = self._expansion_weight(asked, name)
                for term in self.analyser.terms(name):
                    key = term_id(term)
                    weights[key] = max(weights.get(key, 0.0), weight)
        return Query(question, weights, tuple(dict.fromkeys(terms)), tuple(expansions))

    def _expansion_weight(self, asked: str, name: str) -> float:
        same_script = bool(HAS_CJK.search(asked)) == bool(HAS_CJK.search(name))
        return self.settings.synonym_weight if same_script else self.settings.translation_weight

    def search(
        self,
        view: View,
        question: str | Query,
        k: int = 10,
        filters: Filters | None = None,
        as_of: str | None = None,
    ) -> list[Hit]:
        """The best ``k`` chunks for a question, best first.

        Args:
            view: Snapshot to search.
            question: Text, or the result of :meth:`analyse`.
            filters: Which documents may answer.
            as_of: ISO date the answer must hold for; today when ``None``.
        """
        query = question if isinstance(question, Query) else self.analyse(question)
        as_of = as_of or date.today().isoformat()
        filters = filters or Filters()
        if not query.weights:
            return []
        allowed = {
            d.key: view.currency[d.id].status(as_of)
            for d in view.documents
            if filters.allow(d, view.currency[d.id].status(as_of))
        }
        if not allowed:
            return []
        found = self._shortlist(self._candidates(view, query, allowed))
        return self._rank(view, found, allowed, k) if found else []

    def statistics(self, view: View, terms: Iterable[int]) -> dict[str, FieldStatistics]:
        """Corpus-wide BM25 figures of each field for some term ids."""
        wanted = list(terms)
        rows = sum(s.rows for s in view.stored)
        totals = {
            "body": sum(s.body_terms for s in view.stored),
            "head": sum(s.head_terms for s in view.stored),
        }
        return {
            name: FieldStatistics(
                rows,
                totals[name],
                {
                    term: sum(s.fields[name].frequency(np.uint64(term)) for s in view.segments)
                    for term in wanted
                },
            )
            for name in FIELDS
        }

    def mentions(self, view: View, names: Iterable[str], field: str = "body") -> dict[int, int]:
        """In how many chunks of each document (by key) one of some identifiers stands.

        ``field`` is ``body`` for the text, ``head`` for the names and headings above it.
        """
        found: dict[int, int] = defaultdict(int)
        for name in names:
            terms = self.analyser.terms(name)
            if not terms:
                continue
            term = np.uint64(term_id(terms[0]))
            for segment in view.segments:
                postings = segment.fields[field].postings(term)
                if postings is not None:
                    keys, counts = np.unique(segment.document_keys[postings[0]], return_counts=True)
                    for key, count in zip(keys, counts, strict=True):
                        found[int(key)] += int(count)
        return found

    def _candidates(
        self, view: View, query: Query, allowed: Mapping[int, Status]
    ) -> list[_Candidates]:
        statistics = self.statistics(view, query.weights)
        vector = self.embedder.encode([query.text], is_query=True)[0]
        allowed_keys = np.fromiter(allowed, dtype=np.int64)
        everything = len(allowed) == len(view.documents)
        return [
            self._segment_candidates(
                segment,
                statistics,
                query,
                vector,
                None if everything else np.isin(segment.document_keys, allowed_keys),
            )
            for segment in view.segments
        ]

    def _segment_candidates(
        self,
        segment: Segment,
        statistics: Mapping[str, FieldStatistics],
        query: Query,
        vector: Floats,
        allowed: npt.NDArray[np.bool_] | None,
    ) -> _Candidates:
        """The best rows of each half; every row gets its score in both halves."""
        lexical = self._lexical_scores(segment, statistics, query)
        if allowed is not None:
            lexical = np.where(allowed, lexical, np.float32(0))
        rows = np.flatnonzero(_among_best(lexical, self.settings.candidates))
        if self.settings.dense_weight == 0:
            return _Candidates(segment, rows, lexical[rows], np.zeros(len(rows), np.float32))
        _, near = search_vectors(segment.vectors, vector, self.settings.candidates, allowed)
        rows = np.union1d(rows, near)
        if not len(rows):
            return _Candidates(segment, rows, lexical[rows], lexical[rows])
        # Unlike ``@``, einsum gives a row the same cosine whatever rows stand beside it.
        dense = np.einsum("rd,d->r", segment.vectors.reconstruct_batch(rows), vector)
        return _Candidates(segment, rows, lexical[rows], dense)

    def _shortlist(self, found: list[_Candidates]) -> list[_Candidates]:
        """The best of all segments together, so that it does not matter how rows are spread."""
        if not any(len(c.rows) for c in found):
            return []
        most = self.settings.candidates
        best = _among_best(np.concatenate([c.lexical for c in found]), most)
        best |= _among_best(np.concatenate([c.dense for c in found]), most)
        ends = np.cumsum([len(c.rows) for c in found])
        return [c.keep(mask) for c, mask in zip(found, np.split(best, ends[:-1]), strict=True)]

    def _lexical_scores(
        self, segment: Segment, statistics: Mapping[str, FieldStatistics], query: Query
    ) -> Floats:
        s = self.settings
        fields = segment.fields
        body = score_field(fields["body"], statistics["body"], query.weights, s.k1, s.b)
        head = score_field(fields["head"], statistics["head"], query.weights, s.k1, s.head_b)
        return body + np.float32(s.head_weight) * head

    def _rank(
        self, view: View, found: list[_Candidates], allowed: Mapping[int, Status], k: int
    ) -> list[Hit]:
        s = self.settings
        lexical = np.concatenate([c.lexical for c in found])
        dense = np.concatenate([c.dense for c in found])
        chunk_keys = np.concatenate([c.segment.chunk_keys[c.rows] for c in found])
        owners = np.concatenate([c.segment.document_keys[c.rows] for c in found])
        best_lexical = float(lexical.max(initial=0)) or 1.0
        best_dense = float(dense.max(initial=0)) or 1.0
        score = (1 - s.dense_weight) * lexical.astype(np.float64) / best_lexical
        score += s.dense_weight * np.maximum(dense, 0.0).astype(np.float64) / best_dense
        score += self._standing(view, owners, allowed)
        score[(lexical <= 0) & (dense < _LEAST_COSINE)] = 0
        rows = np.flatnonzero(_among_best(score, k))
        # Equal scores stand in an order that any index of the same documents gives.
        order = sorted(
            rows, key=lambda r: (-score[r], view.document_by_key(int(owners[r])).id, chunk_keys[r])
        )[:k]
        chunks = view.chunks([int(chunk_keys[row]) for row in order])
        hits = []
        for row in order:
            document = view.document_by_key(int(owners[row]))
            hits.append(
                Hit(
                    chunks[int(chunk_keys[row])],
                    document,
                    float(score[row]),
                    float(lexical[row]),
                    float(dense[row]),
                    allowed[document.key],
                    view.currency[document.id],
                )
            )
        return hits

    def _standing(
        self, view: View, owners: npt.NDArray[np.int64], allowed: Mapping[int, Status]
    ) -> npt.NDArray[np.float64]:
        """What rows gain by their document's authority and lose by its being a draft."""
        s = self.settings
        keys, place = np.unique(owners, return_inverse=True)
        standing = [
            s.authority_weight * authority(view.document_by_key(int(key)))
            - (s.draft_penalty if allowed[int(key)] == "draft" else 0.0)
            for key in keys
        ]
        return np.array(standing, dtype=np.float64)[place]


def _among_best(scores: npt.NDArray[np.floating[Any]], k: int) -> npt.NDArray[np.bool_]:
    """Mask of the ``k`` best positive scores, and of those equal to the last of them."""
    least = np.partition(scores, -k)[-k] if len(scores) > k else 0
    mask: npt.NDArray[np.bool_] = (scores >= least) & (scores > 0)
    return mask


@cache
def _authority() -> dict[str, dict[str, float]]:
    with _AUTHORITY.open("rb") as file:
        return tomllib.load(file)


def authority(document: StoredDocument) -> float:
    """How much weight a source carries as such, 0 to 1 (``retrieval/authority.toml``)."""
    table = _authority()
    base = table["kind"].get(document.metadata.kind or "other", 0.0)
    return max(0.0, base + table["note"].get(document.metadata.verified or "", 0.0))
