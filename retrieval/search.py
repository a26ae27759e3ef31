"""Hybrid search: candidates by words and by vectors, ranked by what is measured of them.

Words (BM25 over text and headings, with the lexicon's equivalents) and vectors each name their
best passages; a small linear model over the features of :mod:`retrieval.features` ranks them; a
configured re-ranker may read the best once more. A result needs at least one term in common with
the question or a clear vector match.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from ingest.metadata import detect_language
from ingest.model import Chunk
from retrieval.authority import authority
from retrieval.candidates import Place, SegmentCandidates, find_candidates, join
from retrieval.contents import StoredDocument
from retrieval.currency import Currency, Status
from retrieval.embedders import Embedder, ModelUnusable
from retrieval.features import Candidates, measure
from retrieval.filters import Filters
from retrieval.hashing import term_id
from retrieval.lexical import FieldStatistics, Floats, Mask, Postings, Rows, among_best
from retrieval.lexicon import Lexicon
from retrieval.query import Query, QueryAnalyser
from retrieval.ranking import RankingModel, Scores, load_ranking
from retrieval.reader import View
from retrieval.rerankers import Reranker
from retrieval.segment import FIELDS
from retrieval.settings import SearchSettings
from retrieval.soft_match import SoftMatcher

_LEAST_SCORE = 1e-3  # where the scores of passages that qualify but are ranked low begin to bend


@dataclass(frozen=True, slots=True)
class Hit:
    """A found chunk.

    ``score`` is what it was ranked by (above 0, about 1 for a good one), ``lexical`` its BM25,
    ``dense`` its cosine. ``currency`` and ``status`` hold for the day that was asked about.
    """

    chunk: Chunk
    document: StoredDocument
    score: float
    lexical: float
    dense: float
    status: Status
    currency: Currency


@dataclass(frozen=True, slots=True)
class Shortlist:
    """The candidates of a question in a fixed order, and what is known of each.

    Attributes:
        chunk_keys: Shape ``(C,)``.
        documents: Document of each.
        candidates: Their measurements.
        statistics: Corpus-wide figures of the text for the question's terms.
    """

    chunk_keys: Rows
    documents: Sequence[StoredDocument]
    candidates: Candidates
    statistics: FieldStatistics


class Searcher:
    """Searches views of an index.

    Args:
        embedder: The one the index was built with.
        lexicon: Equivalents for expanding the question, and words for finding word borders.
        settings: How candidates are found.
        ranking: How they are ranked; ``retrieval/ranking.toml`` by default.
        reranker: Reads the best passages once more.
    """

    def __init__(
        self,
        embedder: Embedder,
        lexicon: Lexicon | None = None,
        settings: SearchSettings | None = None,
        ranking: RankingModel | None = None,
        reranker: Reranker | None = None,
    ) -> None:
        self.embedder = embedder
        self.lexicon = lexicon or Lexicon.empty()
        self.settings = settings or SearchSettings()
        self.ranking = ranking or load_ranking()
        self.reranker = reranker
        self._queries = QueryAnalyser(self.lexicon, self.settings)
        self.analyser = self._queries.terms
        self._soft = SoftMatcher()

    def analyse(self, question: str) -> Query:
        """Terms of a question with weights, and what the lexicon adds."""
        return self._queries.analyse(question)

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
        allowed = view.allowed(filters or Filters(), as_of)
        shortlist = self.shortlist(view, query, allowed)
        if shortlist is None:
            return []
        hits = self._best(view, shortlist, self._scores(query, shortlist), allowed, k)
        return hits[:k] if self.reranker is None else self._rerank(query, hits)[:k]

    def shortlist(
        self, view: View, query: Query, allowed: Mapping[int, Status]
    ) -> Shortlist | None:
        """Candidates of a question among documents of these keys; ``None`` when there are none."""
        if not query.weights or not allowed or not view.segments:
            return None
        postings = [segment.find(query.weights) for segment in view.segments]
        statistics = _statistics(view, query.weights, postings)
        other_language = view.in_other_language(detect_language(query.text))
        masks = _masks(view, allowed)
        places = [
            Place(*parts)
            for parts in zip(view.segments, postings, masks, other_language, strict=True)
        ]
        found = find_candidates(places, query, statistics, self._vector(query), self.settings)
        return self._join(view, query, found, statistics["body"])

    def _vector(self, query: Query) -> Floats:
        """The question's vector; zeros when the embedder fails, so that words still find."""
        try:
            vector: Floats = self.embedder.encode([query.text], is_query=True)[0]
        except ModelUnusable as error:
            logging.getLogger("xinglin").warning("searching by words only: %s", error)
            return np.zeros(self.embedder.dimensions, dtype=np.float32)
        return vector

    def statistics(self, view: View, terms: Iterable[int]) -> dict[str, FieldStatistics]:
        """Corpus-wide BM25 figures of each field for some term ids."""
        wanted = list(terms)
        return _statistics(view, wanted, [segment.find(wanted) for segment in view.segments])

    def mentions(self, view: View, names: Iterable[str], field: str = "body") -> dict[int, int]:
        """In how many chunks of each document (by key) one of some identifiers stands.

        ``field`` is ``body`` for the text, ``head`` for the names and headings above it.
        """
        found: dict[int, int] = defaultdict(int)
        for name in names:
            terms = self.analyser.terms(name)
            if not terms:
                continue
            term = term_id(terms[0])
            for segment in view.segments:
                postings = segment.fields[field].find([term]).get(term)
                if postings is not None:
                    owners = segment.document_keys[postings.rows]
                    keys, counts = np.unique(owners, return_counts=True)
                    for key, count in zip(keys, counts, strict=True):
                        found[int(key)] += int(count)
        return found

    def _join(
        self,
        view: View,
        query: Query,
        found: Sequence[SegmentCandidates],
        statistics: FieldStatistics,
    ) -> Shortlist | None:
        """Candidates of all segments in an order that any index of the same documents gives."""
        joined = join(found, [term_id(term) for term in query.terms])
        if not len(joined.chunk_keys):
            return None
        documents = [view.document_by_key(int(key)) for key in joined.document_keys]
        order = np.array(
            sorted(
                range(len(documents)), key=lambda i: (documents[i].id, int(joined.chunk_keys[i]))
            )
        )
        documents = [documents[i] for i in order]
        ranks = {d.key: authority(d) for d in {d.key: d for d in documents}.values()}
        return Shortlist(
            joined.chunk_keys[order],
            documents,
            Candidates(
                lexical=joined.lexical[order],
                dense=joined.dense[order],
                in_text=joined.in_text[:, order],
                in_head=joined.in_head[:, order],
                soft=self._soft.compare(query.text, joined.tokens.take(order)),
                authority=np.array([ranks[d.key] for d in documents], dtype=np.float32),
                draft=np.array([d.metadata.draft for d in documents], dtype=np.float32),
            ),
            statistics,
        )

    def features(self, query: Query, shortlist: Shortlist) -> dict[str, Floats]:
        """Features of a shortlist by name, each of shape ``(C,)``."""
        return measure(query.terms, shortlist.statistics, shortlist.candidates)

    def _scores(self, query: Query, shortlist: Shortlist) -> Scores:
        """Scores of a shortlist; 0 for candidates that do not qualify."""
        candidates = shortlist.candidates
        weighed = self.ranking.score(self.features(query, shortlist))
        # The last bits depend on what stands beside a passage; equal passages get equal scores.
        scores = _positive(weighed.round(6))
        clear = candidates.dense >= self.ranking.least_cosine
        scores[(candidates.lexical <= 0) & ~clear] = 0
        return scores

    def _best(
        self,
        view: View,
        shortlist: Shortlist,
        scores: Scores,
        allowed: Mapping[int, Status],
        k: int,
    ) -> list[Hit]:
        wanted = k if self.reranker is None else max(k, self.settings.rerank_depth)
        rows = np.flatnonzero(among_best(scores, wanted))
        order: npt.NDArray[np.int64] = rows[np.argsort(-scores[rows], kind="stable")][:wanted]
        chunks = view.chunks([int(key) for key in shortlist.chunk_keys[order]])
        return [
            Hit(
                chunks[int(shortlist.chunk_keys[row])],
                shortlist.documents[row],
                float(scores[row]),
                float(shortlist.candidates.lexical[row]),
                float(shortlist.candidates.dense[row]),
                allowed[shortlist.documents[row].key],
                view.currency[shortlist.documents[row].id],
            )
            for row in order
        ]

    def _rerank(self, query: Query, hits: list[Hit]) -> list[Hit]:
        """Order the best anew; those the re-ranker did not read follow behind."""
        if self.reranker is None or not hits:
            return hits
        read, unread = hits[: self.settings.rerank_depth], hits[self.settings.rerank_depth :]
        try:
            given = self.reranker.score(query.text, [_readable(hit) for hit in read])
        except ModelUnusable as error:
            logging.getLogger("xinglin").warning("not re-ranked: %s", error)
            return hits
        share = self.settings.rerank_weight
        best = max(hit.score for hit in read)
        mixed = [
            replace(hit, score=share * float(score) + (1 - share) * hit.score / best)
            for hit, score in zip(read, np.maximum(given, _LEAST_SCORE), strict=True)
        ]
        mixed.sort(key=lambda hit: -hit.score)
        least = mixed[-1].score
        return mixed + [replace(hit, score=min(least, hit.score)) for hit in unread]


def _positive(scores: Scores) -> Scores:
    """The same order, all above 0: scores far below 0 come ever nearer to it."""
    bent = _LEAST_SCORE * np.exp(np.minimum(scores - _LEAST_SCORE, 0))
    return np.where(scores > _LEAST_SCORE, scores, bent)


def _statistics(
    view: View, terms: Iterable[int], postings: Sequence[Mapping[str, Mapping[int, Postings]]]
) -> dict[str, FieldStatistics]:
    """Corpus-wide figures of terms whose postings in each segment are given, by field."""
    lengths = {
        "body": sum(s.body_terms for s in view.stored),
        "head": sum(s.head_terms for s in view.stored),
    }
    rows = sum(s.rows for s in view.stored)
    figures = {}
    for name in FIELDS:
        frequencies = dict.fromkeys(terms, 0)
        for segment in postings:
            for term, found in segment[name].items():
                frequencies[term] += len(found.rows)
        figures[name] = FieldStatistics(rows, lengths[name], frequencies)
    return figures


def _masks(view: View, allowed: Mapping[int, Status]) -> list[Mask | None]:
    """Rows of the documents with these keys, for each segment; ``None`` where all are."""
    if len(allowed) == len(view.documents):
        return [None] * len(view.segments)
    return list(view.rows_of(allowed))


def _readable(hit: Hit) -> str:
    """What a re-ranker reads of a hit: title, headings, text."""
    return "\n".join((hit.document.title, " ".join(hit.chunk.heading_path), hit.chunk.text))
