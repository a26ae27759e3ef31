from __future__ import annotations

import math
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.parse import parse_file
from ingest.pipeline import Parsed
from retrieval import BadFilter, Filters, Hit, Index, IndexWriter, Searcher, SearchSettings, View
from retrieval.analysis import Analyser
from retrieval.embedders import Embedder, make_embedder
from retrieval.hashing import term_id
from retrieval.lexicon import Concept, Lexicon
from retrieval.search import authority
from retrieval.writer import embedding_text, prepare

MakeDocument = Callable[..., Parsed]
OpenWriter = Callable[..., IndexWriter]
Search = Callable[..., list[Hit]]
TODAY = "2026-11-21"


@pytest.fixture
def searcher(embedder: Embedder) -> Searcher:
    return Searcher(embedder)


@pytest.fixture
def search(tmp_path: Path, open_writer: OpenWriter, searcher: Searcher) -> Search:
    """``search(documents, question, …)``: hits in an index of these documents."""

    def run(documents: Sequence[Parsed], question: str, **options: object) -> list[Hit]:
        with open_writer() as writer:
            writer.publish(list(documents), [])
        with Index(tmp_path / "index").read() as view:
            return searcher.search(view, question, **{"as_of": TODAY, **options})

    return run


def titles(hits: Sequence[Hit]) -> list[str]:
    return [hit.document.title for hit in hits]


# Scores


def reference(documents: Sequence[Parsed], question: str, s: SearchSettings) -> dict[str, float]:
    """Fused scores of all chunks by chunk id, computed the slow way."""
    analyser, embedder = Analyser(), make_embedder()
    pairs = [(p.document, chunk) for p in documents for chunk in p.chunks]
    body = [analyser.terms(chunk.text) for _, chunk in pairs]
    head = [
        analyser.terms(document.metadata.names)
        + analyser.terms(
            " ".join(dict.fromkeys(filter(None, (*chunk.heading_path, chunk.locator.section))))
        )
        for document, chunk in pairs
    ]
    query = set(analyser.question_terms(question))
    lexical = [
        one + s.head_weight * other
        for one, other in zip(
            bm25(body, query, s.k1, s.b), bm25(head, query, s.k1, s.head_b), strict=True
        )
    ]
    texts = [embedding_text(document, chunk) for document, chunk in pairs]
    dense = embedder.encode(texts) @ embedder.encode([question], is_query=True)[0]
    best = max(lexical) or 1.0
    return {
        chunk.id: (1 - s.dense_weight) * score / best
        + s.dense_weight * max(float(cosine), 0) / (max(float(dense.max()), 0) or 1.0)
        for (_, chunk), score, cosine in zip(pairs, lexical, dense, strict=True)
        if score > 0 or cosine >= 0.35
    }


def bm25(corpus: Sequence[Sequence[str]], query: set[str], k1: float, b: float) -> list[float]:
    average = sum(map(len, corpus)) / len(corpus) or 1.0
    counts = [Counter(terms) for terms in corpus]
    scores = []
    for terms, count in zip(corpus, counts, strict=True):
        score = 0.0
        for term in query & set(count):
            df = sum(1 for other in counts if term in other)
            idf = math.log(1 + (len(corpus) - df + 0.5) / (df + 0.5))
            norm = k1 * (1 - b + b * len(terms) / average)
            score += idf * (k1 + 1) * count[term] / (count[term] + norm)
        scores.append(score)
    return scores


def test_scores_are_bm25_of_text_and_headings_fused_with_the_cosine(
    tmp_path: Path, open_writer: OpenWriter, make_document: MakeDocument, embedder: Embedder
) -> None:
    documents = [
        make_document("# 知情同意\n\n受试者签署知情同意书。\n\n## 儿童\n\n由监护人签署。"),
        make_document("# 伦理审查\n\n伦理委员会审查知情同意书。伦理委员会十五日内回复。"),
        make_document("# Adverse events\n\nReport an SAE within 15 days."),
        make_document("# 随机化\n\n区组随机。"),
    ]
    with open_writer() as writer:
        for document in documents:
            writer.publish([document], [])
    question = "知情同意书由谁签署"
    weights = SearchSettings(authority_weight=0)
    with Index(tmp_path / "index").read() as view:
        hits = Searcher(embedder, settings=weights).search(view, question, as_of=TODAY)
    found = {hit.chunk.id: hit.score for hit in hits}
    assert found == pytest.approx(reference(documents, question, weights), rel=1e-5)
    assert [hit.score for hit in hits] == sorted(found.values(), reverse=True)


WORDS = ["知情同意", "伦理委员会", "受试者", "SAE", "randomised", "十五日", "监查", "盲态", "方案"]
NUMBERED = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8)


@contextmanager
def built(documents: Sequence[str], steps: Sequence[tuple[set[int], set[int]]]) -> Iterator[View]:
    """An index after steps that each add and remove some documents, by number."""
    with tempfile.TemporaryDirectory() as name:
        folder, lexicon = Path(name), Path("no-such-lexicon.csv")
        parsed = []
        for number, text in enumerate(documents):
            path = f"{number}.txt"
            document, chunks = parse_file(text.encode(), path, path, f"/nowhere/{path}")
            prepared = prepare(lexicon, document, chunks)
            parsed.append(Parsed(document, chunks, prepared, folder / "none"))
        with IndexWriter(folder / "index", make_embedder(), lexicon) as writer:
            for add, remove in steps:
                writer.publish(
                    [parsed[n] for n in sorted(add)], [parsed[n].document.id for n in remove]
                )
        with Index(folder / "index").read() as view:
            yield view


@given(st.lists(NUMBERED, min_size=1, max_size=14), st.data())
@settings(max_examples=12, deadline=None)
def test_an_index_that_grew_and_shrank_answers_like_one_built_from_scratch(
    contents: list[list[str]], data: st.DataObject
) -> None:
    documents = ["。".join([*words, f"编号{number}"]) for number, words in enumerate(contents)]
    present: set[int] = set()
    steps = []
    for _ in range(data.draw(st.integers(1, 6))):
        add = data.draw(st.sets(st.integers(0, len(documents) - 1), max_size=4))
        remove = data.draw(st.sets(st.sampled_from(sorted(present)))) - add if present else set()
        present = (present | add) - remove
        steps.append((add, remove))
    final = set(range(len(documents)))
    steps.append((final - present, set()))
    drop = data.draw(st.sets(st.integers(0, len(documents) - 1)))
    final -= drop
    if not final:
        return
    steps.append((set(), drop))
    # Fewer candidates than rows: the shortlist must not depend on the segments either.
    searcher = Searcher(make_embedder(), settings=SearchSettings(candidates=10))
    with built(documents, steps) as grown, built(documents, [(final, set())]) as fresh:
        assert grown.snapshot.id == fresh.snapshot.id
        for question in ("受试者知情同意", "SAE十五日", "randomised 盲态 伦理委员会"):
            assert exact(searcher.search(grown, question, 8)) == exact(
                searcher.search(fresh, question, 8)
            )


def test_how_rows_are_spread_over_segments_does_not_change_what_is_found() -> None:
    documents = [f"知情同意书{'，还有别的话' * n}。编号{n}" for n in range(40)]
    searcher = Searcher(make_embedder(), settings=SearchSettings(candidates=10))
    spread = [(set(range(n, 40, 4)), set[int]()) for n in range(4)]
    with built(documents, spread) as many, built(documents, [(set(range(40)), set())]) as one:
        assert (len(many.segments), len(one.segments)) == (4, 1)
        found = searcher.search(many, "知情同意书", 40)
        assert exact(found) == exact(searcher.search(one, "知情同意书", 40))
        assert 10 <= len(found) <= 20


def exact(hits: list[Hit]) -> list[tuple[object, ...]]:
    return [(h.chunk, h.score, h.lexical, h.dense, h.status, h.document.id) for h in hits]


def test_equal_scores_stand_in_the_same_order_in_every_index() -> None:
    documents = ["知情同意书。"] * 6  # equal text, different files
    order = []
    for steps in ([({n}, set()) for n in range(6)], [({n}, set()) for n in reversed(range(6))]):
        with built(documents, steps) as view:
            order.append(
                [hit.chunk.id for hit in Searcher(make_embedder()).search(view, "知情同意")]
            )
    assert order[0] == order[1] == sorted(order[0])


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
        assert hit.lexical > 0 or hit.dense >= 0.35
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
    tmp_path: Path, open_writer: OpenWriter, make_document: MakeDocument, embedder: Embedder
) -> None:
    names = ("总生存期", "overall survival", "OS")
    lexicon = Lexicon([Concept("os", *names[:2], names)])
    with open_writer() as writer:
        writer.publish([make_document("Overall survival was longer."), make_document("无关。")], [])
    with Index(tmp_path / "index").read() as view:
        assert Searcher(embedder).search(view, "总生存期") == []
        [hit] = Searcher(embedder, lexicon).search(view, "总生存期")
        assert hit.chunk.text == "Overall survival was longer."


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
    texts = ["知情同意书", "知情同意", "知情 别的文字很多很多", "伦理"]
    hits = search([make_document(text) for text in texts], "知情同意书", k=k)
    assert [hit.chunk.text for hit in hits] == texts[:3][:k]


def test_a_hit_tells_where_it_comes_from(search: Search, make_document: MakeDocument) -> None:
    parsed = make_document("# 手册\n\n## 知情\n\n受试者签署知情同意书。")
    [hit] = search([parsed], "知情同意书")
    assert hit.chunk == parsed.chunks[0]
    assert hit.document.id == parsed.document.id
    assert hit.status == "current"
    assert hit.score > 0 and hit.lexical > 0 and hit.dense > 0


def test_only_one_half_may_be_asked(
    tmp_path: Path, open_writer: OpenWriter, make_document: MakeDocument, embedder: Embedder
) -> None:
    with open_writer() as writer:
        writer.publish([make_document("Pembrolizumab"), make_document("知情同意书")], [])
    lexical, dense = (
        Searcher(embedder, settings=SearchSettings(dense_weight=weight)) for weight in (0, 1)
    )
    with Index(tmp_path / "index").read() as view:
        assert lexical.search(view, "pembrolizumad") == []
        [hit] = dense.search(view, "pembrolizumad")
        assert hit.chunk.text == "Pembrolizumab" and hit.lexical == 0


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


# Dates


@pytest.fixture
def laws(make_document: MakeDocument) -> list[Parsed]:
    """An old rule, the new one that abolishes it, an unrelated draft and a paper."""
    articles = "\n\n".join(f"第{n}条 知情同意书的规定。" for n in "一二三四")
    return [
        make_document(f"# 试验管理办法\n\n{articles}", name="试验管理办法（2003-08-06）.md"),
        make_document(
            f"# 试验质量规定\n\n{articles}\n\n第五条 本规定自2020年7月1日起施行。"
            "《试验管理办法》（局令第3号）同时废止。",
            name="试验质量规定（2020-04-23）.md",
        ),
        make_document(
            f"# 试验质量规定（征求意见稿）\n\n{articles}", name="征求意见稿（2025-01-01）.md"
        ),
        make_document("知情同意书的研究", title="论文", kind="paper", issued="2001-01-01"),
    ]


@pytest.mark.parametrize(
    ("as_of", "found"),
    [
        ("2002-01-01", {"论文", "征求意见稿"}),  # no rule was in force yet
        ("2010-01-01", {"论文", "征求意见稿", "旧"}),
        ("2020-06-30", {"论文", "征求意见稿", "旧"}),
        ("2020-07-01", {"论文", "征求意见稿", "新"}),
        (None, {"论文", "征求意见稿", "新"}),
    ],
)
def test_only_texts_in_force_on_the_day_are_found(
    search: Search, laws: list[Parsed], as_of: str | None, found: set[str]
) -> None:
    hits = search(laws, "知情同意书", k=50, as_of=as_of)
    names = dict(
        zip([p.document.id for p in laws], ["旧", "新", "征求意见稿", "论文"], strict=True)
    )
    assert {names[hit.document.id] for hit in hits} == found
    assert {hit.status for hit in hits} <= {"effective", "current", "draft"}


def test_superseded_texts_are_found_when_asked_for(search: Search, laws: list[Parsed]) -> None:
    hits = search(laws, "知情同意书", k=50, filters=Filters(status=frozenset({"superseded"})))
    assert {hit.document.id for hit in hits} == {laws[0].document.id}
    [currency] = {hit.currency for hit in hits}
    assert (currency.effective_to, currency.superseded_by) == ("2020-07-01", "试验质量规定")


def test_a_draft_ranks_below_the_rule_in_force(search: Search, laws: list[Parsed]) -> None:
    hits = search(laws[1:3], "知情同意书", k=50)
    statuses = [hit.status for hit in hits]
    assert statuses.index("draft") > statuses.index("effective")
    drafts, rules = ([h.score for h in hits if h.status == s] for s in ("draft", "effective"))
    assert max(drafts) < max(rules)


# Filters


@pytest.mark.parametrize(
    ("pairs", "filters"),
    [
        ([], Filters()),
        (["kind=law"], Filters(kind=frozenset({"law"}))),
        (
            [" kind = law , guideline ", "kind=paper"],
            Filters(kind=frozenset({"law", "guideline", "paper"})),
        ),
        (
            ["issuer=国务院", "status=any"],
            Filters(issuer=frozenset({"国务院"}), status=frozenset({"any"})),
        ),
        (
            ["document=abc123", "language=zh", "jurisdiction=CN"],
            Filters(
                document=frozenset({"abc123"}),
                language=frozenset({"zh"}),
                jurisdiction=frozenset({"CN"}),
            ),
        ),
        (
            ["from=2020-01-01", "to=2021-12-31"],
            Filters(issued_from="2020-01-01", issued_to="2021-12-31"),
        ),
        (["issuer=a=b"], Filters(issuer=frozenset({"a=b"}))),
    ],
)
def test_filters_are_read_from_pairs(pairs: list[str], filters: Filters) -> None:
    assert Filters.parse(pairs) == filters


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        ("kind", "not KEY=VALUE with KEY one of kind, issuer"),
        ("colour=red", "not KEY=VALUE"),
        ("=law", "not KEY=VALUE"),
        ("", "not KEY=VALUE"),
        ("kind=", "not KEY=VALUE"),
        ("from=", "not KEY=VALUE"),
        ("kind=,", "not KEY=VALUE"),
        ("from=2020", "not a date like 2025-01-31"),
        ("to=2020-13-01", "not a date"),
        ("to=yesterday", "not a date"),
        ("status=efective", "efective is not one of any, current, draft, effective"),
        ("kind=regulations", "regulations is not one of data, endpoint"),
    ],
)
def test_a_filter_that_cannot_be_meant_is_refused(pair: str, message: str) -> None:
    with pytest.raises(BadFilter, match=message):
        Filters.parse([pair])


@pytest.mark.parametrize(
    ("pair", "kept"),
    [
        ("kind=law", {"a"}),
        ("kind=law,paper", {"a", "b"}),
        ("issuer=国务院", {"a"}),
        ("jurisdiction=CN-SH", {"b"}),
        ("language=en", {"c"}),
        ("from=2020-01-01", {"b", "c"}),
        ("from=2020-05-01", {"b", "c"}),  # both ends included
        ("to=2020-05-01", {"a", "b"}),
        ("status=effective", {"a"}),
        ("status=current", {"b", "c"}),
        ("status=any", {"a", "b", "c"}),
        ("issuer=nobody", set()),
    ],
)
def test_filters_keep_the_documents_they_name(
    search: Search, make_document: MakeDocument, pair: str, kept: set[str]
) -> None:
    documents = [
        make_document("知情同意书甲", title="a", kind="law", issuer="国务院", issued="2010-01-01"),
        make_document(
            "知情同意书乙", title="b", kind="paper", jurisdiction="CN-SH", issued="2020-05-01"
        ),
        make_document(
            "知情同意书 consent", title="c", kind="method", language="en", issued="2024-01-01"
        ),
    ]
    hits = search(documents, "知情同意书", filters=Filters.parse([pair]))
    assert set(titles(hits)) == kept


def test_a_document_filter_takes_the_beginning_of_an_id(
    search: Search, make_document: MakeDocument
) -> None:
    documents = [make_document("知情同意书甲"), make_document("知情同意书乙")]
    chosen = documents[1].document.id
    hits = search(documents, "知情同意书", filters=Filters.parse([f"document={chosen[:10]}"]))
    assert [hit.document.id for hit in hits] == [chosen]


def test_filtered_rows_do_not_use_up_places(
    search: Search, make_document: MakeDocument, embedder: Embedder
) -> None:
    crowd = [make_document(f"知情同意书签署 {n}", title="多", kind="paper") for n in range(30)]
    wanted = make_document("知情", title="少", kind="law")
    hits = search([*crowd, wanted], "知情同意书签署", k=3, filters=Filters(kind=frozenset({"law"})))
    assert titles(hits) == ["少"]


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


def test_ties_at_the_edge_of_the_shortlist_are_kept_together() -> None:
    from retrieval.search import _among_best

    scores = np.array([0.5, 0.1, 0.5, 0.5, 0.0, -1.0, 0.9], dtype=np.float32)
    assert np.flatnonzero(_among_best(scores, 2)).tolist() == [0, 2, 3, 6]
    assert np.flatnonzero(_among_best(scores, 7)).tolist() == [0, 1, 2, 3, 6]
    assert not _among_best(np.zeros(3, np.float32), 2).any()
