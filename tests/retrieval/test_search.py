from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.pipeline import Parsed
from retrieval import Index, IndexWriter, Searcher, SearchSettings, View
from retrieval.analysis import Analyser
from retrieval.authority import authority
from retrieval.embedders import Embedder, ModelUnusable
from retrieval.embedders.base import Floats
from retrieval.hashing import term_id
from retrieval.indexing import embedding_text
from retrieval.lexicon import Concept, Lexicon
from retrieval.ranking import RankingModel
from tests.retrieval.doubles import CharacterEmbedder
from tests.retrieval.fixtures import TODAY, MakeDocument, OpenWriter, Search

EMBEDDER = CharacterEmbedder(256)


# Scores


def reference(
    documents: Sequence[Parsed], question: str, embedder: Embedder, s: SearchSettings
) -> dict[str, tuple[float, float]]:
    """BM25 and cosine of all chunks by chunk id, computed the slow way."""
    analyser = Analyser()
    pairs = [(p.document, chunk) for p in documents for chunk in p.chunks]
    body = [analyser.terms(chunk.text) for _, chunk in pairs]
    head = [
        analyser.terms(document.metadata.names)
        + analyser.terms(
            " ".join(dict.fromkeys(filter(None, (*chunk.heading_path, chunk.locator.section))))
        )
        for document, chunk in pairs
    ]
    across = analyser.border_terms(question)
    query = {
        term: s.border_weight if term in across else 1.0
        for term in analyser.question_terms(question)
    }
    lexical = [
        one + s.head_weight * other
        for one, other in zip(
            bm25(body, query, s.k1, s.b), bm25(head, query, s.k1, s.head_b), strict=True
        )
    ]
    texts = [embedding_text(document.metadata, chunk) for document, chunk in pairs]
    dense = embedder.encode(texts) @ embedder.encode([question], is_query=True)[0]
    return {
        chunk.id: (score, float(cosine))
        for (_, chunk), score, cosine in zip(pairs, lexical, dense, strict=True)
    }


def bm25(
    corpus: Sequence[Sequence[str]], query: dict[str, float], k1: float, b: float
) -> list[float]:
    average = sum(map(len, corpus)) / len(corpus) or 1.0
    counts = [Counter(terms) for terms in corpus]
    scores = []
    for terms, count in zip(corpus, counts, strict=True):
        score = 0.0
        for term in query.keys() & count.keys():
            df = sum(1 for other in counts if term in other)
            idf = math.log(1 + (len(corpus) - df + 0.5) / (df + 0.5))
            norm = k1 * (1 - b + b * len(terms) / average)
            score += query[term] * idf * (k1 + 1) * count[term] / (count[term] + norm)
        scores.append(score)
    return scores


def test_hits_are_ranked_by_the_model_over_bm25_and_cosine(
    tmp_path: Path, no_lexicon: Path, make_document: MakeDocument
) -> None:
    documents = [
        make_document("# 知情同意\n\n受试者签署知情同意书。\n\n## 儿童\n\n由监护人签署。"),
        make_document("# 伦理审查\n\n伦理委员会审查知情同意书。伦理委员会十五日内回复。"),
        make_document("# Adverse events\n\nReport an SAE within 15 days."),
        make_document("# 随机化\n\n区组随机。"),
    ]
    embedder, settings = CharacterEmbedder(64), SearchSettings()
    with IndexWriter(tmp_path / "index", embedder, no_lexicon) as writer:
        for document in documents:
            writer.publish([document], [])
    question = "知情同意书由谁签署"
    ranking = RankingModel({"lexical": 0.7, "dense": 0.2}, 0.1, least_cosine=0.3)
    with Index(tmp_path / "index").read() as view:
        hits = Searcher(embedder, settings=settings, ranking=ranking).search(view, question, 50)
    expected = {
        chunk: halves
        for chunk, halves in reference(documents, question, embedder, settings).items()
        if halves[0] > 0 or halves[1] >= 0.3
    }
    assert {hit.chunk.id for hit in hits} == set(expected)
    cosines = [cosine for _, cosine in reference(documents, question, embedder, settings).values()]
    # All rows are candidates by words or by vectors, but for those that share no character.
    low, high = min(c for c in cosines if c > 0), max(cosines)
    most = max(score for score, _ in expected.values())
    for hit in hits:
        score, cosine = expected[hit.chunk.id]
        assert hit.lexical == pytest.approx(score, rel=1e-5)
        assert hit.dense == pytest.approx(cosine, abs=2e-3)  # of 16 bits
        fused = 0.1 + 0.7 * score / most + 0.2 * (cosine - low) / (high - low)
        assert hit.score == pytest.approx(fused, abs=5e-3)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


# What is found


@pytest.mark.parametrize(
    "question",
    ["量子色动力学", "zxqj", "血压计 thermometer", "🙂🙂", "？？？", "", "   ", "怎么办呢"],
)
def test_nothing_is_found_for_what_no_document_says(
    search: Search, make_document: MakeDocument, question: str
) -> None:
    documents = [
        make_document("# 知情同意\n\n受试者签署。"),
        make_document("# 伦理\n\n委员会审查。"),
    ]
    assert search(documents, question) == []


@given(question=st.text(alphabet="知情同意伦理SAE15日？ 的吗abc", max_size=12))
@settings(max_examples=40, deadline=None)
def test_a_hit_has_a_word_in_common_or_is_clearly_similar(
    corpus_view: View, corpus_searcher: Searcher, question: str
) -> None:
    for hit in corpus_searcher.search(corpus_view, question, k=50, as_of=TODAY):
        assert hit.score > 0
        assert hit.lexical > 0 or hit.dense >= corpus_searcher.ranking.least_cosine
        assert corpus_view.document(hit.document.id) == hit.document


@pytest.fixture(scope="module")
def corpus_view(corpus_index: Path, repo: Path) -> Iterator[View]:
    with Index(corpus_index, repo / "corpus" / "currency.csv").read() as view:
        yield view


@pytest.fixture(scope="module")
def corpus_searcher(embedder: Embedder, lexicon: Lexicon) -> Searcher:
    return Searcher(embedder, lexicon)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("受試者應簽署什麼", "受试者签署知情同意书。"),
        ("十五日内报告", "应在15日内报告。"),
        ("ＰＤ－Ｌ１", "检测 PD-L1 表达。"),
        ("randomization", "The trial was randomized."),
        ("pembrolizumad", "Pembrolizumab was given."),  # no term in common, spelled alike
    ],
)
def test_spelling_and_script_do_not_hide_a_passage(
    search: Search, make_document: MakeDocument, question: str, text: str
) -> None:
    hits = search([make_document(text), make_document("毫不相干的内容。")], question)
    assert [hit.chunk.text for hit in hits][:1] == [text]


def test_a_word_of_the_lexicon_finds_its_equivalents(
    tmp_path: Path, no_lexicon: Path, make_document: MakeDocument
) -> None:
    names = ("总生存期", "overall survival", "OS")
    lexicon = Lexicon([Concept("os", *names[:2], names)])
    with IndexWriter(tmp_path / "index", EMBEDDER, no_lexicon) as writer:
        writer.publish([make_document("Overall survival was longer."), make_document("无关。")], [])
    with Index(tmp_path / "index").read() as view:
        assert Searcher(EMBEDDER).search(view, "总生存期") == []
        [hit] = Searcher(EMBEDDER, lexicon).search(view, "总生存期")
        assert hit.chunk.text == "Overall survival was longer." and hit.lexical > 0


def test_words_asked_count_more_than_their_equivalents(embedder: Embedder) -> None:
    names = ("总生存期", "overall survival", "全程生存")
    searcher = Searcher(embedder, Lexicon([Concept("os", *names[:2], names)]))
    query, weights = searcher.analyse("总生存期"), searcher.settings
    assert query.weights[term_id("生存")] == 1.0  # asked, though a synonym has it too
    assert query.weights[term_id("全程")] == weights.synonym_weight < 1
    assert query.weights[term_id("surviv")] == weights.translation_weight < 1
    assert "overall survival" in query.expansions and "生存" in query.terms


@pytest.mark.parametrize("k", [1, 2, 5])
def test_at_most_k_are_returned_best_first(
    search: Search, make_document: MakeDocument, k: int
) -> None:
    texts = ["知情同意书", "知情同意", "知情 别的文字很多很多", "血压计"]
    hits = search([make_document(text) for text in texts], "知情同意书", k=k)
    assert [hit.chunk.text for hit in hits] == texts[:3][:k]


def test_a_hit_tells_where_it_comes_from(search: Search, make_document: MakeDocument) -> None:
    parsed = make_document("# 手册\n\n## 知情\n\n受试者签署知情同意书。")
    [hit] = search([parsed], "知情同意书")
    assert hit.chunk == parsed.chunks[0]
    assert hit.document.id == parsed.document.id
    assert hit.status == "current"
    assert hit.score > 0 and hit.lexical > 0 and hit.dense > 0


def test_without_a_word_in_common_a_passage_must_be_clearly_similar(
    tmp_path: Path, no_lexicon: Path, make_document: MakeDocument
) -> None:
    with IndexWriter(tmp_path / "index", EMBEDDER, no_lexicon) as writer:
        writer.publish([make_document("意同情知"), make_document("随机")], [])
    with Index(tmp_path / "index").read() as view:
        for least, found in ((0.3, ["意同情知"]), (1.1, [])):
            ranking = RankingModel({"lexical": 1.0}, 0.0, least)
            hits = Searcher(EMBEDDER, ranking=ranking).search(view, "知情同意")
            assert [hit.chunk.text for hit in hits] == found
            assert all(hit.lexical == 0 < hit.dense and hit.score > 0 for hit in hits)


def test_when_the_embedder_fails_words_still_find(
    tmp_path: Path,
    open_writer: OpenWriter,
    make_document: MakeDocument,
    embedder: Embedder,
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Down(CharacterEmbedder):
        def encode(self, texts: Sequence[str], *, is_query: bool = False) -> Floats:
            raise ModelUnusable("the endpoint does not answer")

    with open_writer() as writer:
        writer.publish([make_document("知情同意书"), make_document("血压计")], [])
    with Index(tmp_path / "index").read() as view:
        [hit] = Searcher(Down(embedder.dimensions)).search(view, "知情同意")
    assert (hit.chunk.text, hit.dense) == ("知情同意书", 0)
    assert hit.lexical > 0 and hit.score > 0
    assert "the endpoint does not answer" in caplog.text


@pytest.mark.parametrize("offset", [-3.0, -0.4, 0.0, 0.5])
def test_however_low_the_scores_their_order_stays(
    tmp_path: Path, no_lexicon: Path, make_document: MakeDocument, offset: float
) -> None:
    # Scores below 0 are bent, not cut: the fiftieth still stands before the hundredth.
    texts = [f"知情{'，还有别的话' * n}" for n in range(12)]
    with IndexWriter(tmp_path / "index", EMBEDDER, no_lexicon) as writer:
        writer.publish([make_document(text) for text in reversed(texts)], [])
    searcher = Searcher(EMBEDDER, ranking=RankingModel({"lexical": 1.0}, offset, 0.35))
    with Index(tmp_path / "index").read() as view:
        hits = searcher.search(view, "知情", 50)
    assert [hit.chunk.text for hit in hits] == texts
    assert all(one.score > other.score > 0 for one, other in itertools.pairwise(hits))


def test_authority_decides_between_equal_passages(
    search: Search, make_document: MakeDocument
) -> None:
    kinds = ["other", "paper", "guideline", "regulation", "law"]
    documents = [make_document("知情同意书", title="同一题", kind=kind) for kind in kinds]
    hits = search(documents, "知情同意书")
    assert [hit.document.metadata.kind for hit in hits] == [*reversed(kinds[1:]), "other"]
    note, original = (
        authority(hit.document)
        for hit in search(
            [
                make_document("甲乙丙丁", title="笔记", kind="law", verified="secondary"),
                make_document("甲乙丙丁", title="原文", kind="law"),
            ],
            "甲乙丙丁",
        )[::-1]
    )
    assert 0 <= note < original <= 1


# Figures


def test_statistics_are_those_of_all_segments_together(
    tmp_path: Path, open_writer: OpenWriter, make_document: MakeDocument, searcher: Searcher
) -> None:
    documents = [make_document(text) for text in ("知情 知情", "知情 伦理", "随机")]
    with open_writer() as writer:
        for document in documents:
            writer.publish([document], [])
    term, absent = term_id("知情"), term_id("无")
    with Index(tmp_path / "index").read() as view:
        assert len(view.segments) == 3
        body = searcher.statistics(view, [term, absent])["body"]
    assert (body.rows, body.total_length) == (3, 5)
    assert dict(body.frequencies) == {term: 2, absent: 0}


def test_mentions_count_chunks_of_each_document(
    tmp_path: Path, open_writer: OpenWriter, make_document: MakeDocument, searcher: Searcher
) -> None:
    one = make_document("# A\n\nDAPA-HF.\n\n## B\n\nDAPA-HF again.\n\n## C\n\nnothing")
    other = make_document("EMPEROR-Reduced")
    with open_writer() as writer:
        writer.publish([one], [])
        writer.publish([other], [])
    with Index(tmp_path / "index").read() as view:
        keys = {document.id: document.key for document in view.documents}
        assert searcher.mentions(view, ["DAPA-HF"]) == {keys[one.document.id]: 2}
        assert searcher.mentions(view, ["EMPEROR-Reduced", "unknown-trial", ""]) == {
            keys[other.document.id]: 1
        }


def test_a_document_without_text_finds_nothing_and_hurts_nobody(
    tmp_path: Path, open_writer: OpenWriter, make_document: MakeDocument, searcher: Searcher
) -> None:
    silent, spoken = make_document("x", name="silent.md"), make_document("知情同意书")
    object.__setattr__(silent, "chunks", [])
    object.__setattr__(silent, "prepared", [])
    with open_writer() as writer:
        writer.publish([silent], [])
        with Index(tmp_path / "index").read() as view:
            assert view.segments == [] and len(view.documents) == 1
            assert searcher.search(view, "知情同意书") == []
        writer.publish([spoken], [])
    with Index(tmp_path / "index").read() as view:
        assert len(searcher.search(view, "知情同意书")) == 1
