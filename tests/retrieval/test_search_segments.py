"""How passages are spread over segments makes no difference to what is found."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.parse import parse_file
from ingest.pipeline import Parsed
from retrieval import Hit, Index, IndexWriter, Searcher, SearchSettings, View
from retrieval.indexing import prepare_chunks
from tests.retrieval.doubles import CharacterEmbedder

EMBEDDER = CharacterEmbedder(256)
# Fewer candidates than rows: the shortlist must not depend on the segments either.
FEW = Searcher(EMBEDDER, settings=SearchSettings(candidates=10))
WORDS = ["知情同意", "伦理委员会", "受试者", "SAE", "randomised", "十五日", "监查", "盲态", "方案"]
NUMBERED = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8)


@contextmanager
def built(
    documents: Sequence[str], steps: Sequence[tuple[set[int], set[int]]], ending: str = "txt"
) -> Iterator[View]:
    """An index after steps that each add and remove some documents, by number."""
    with tempfile.TemporaryDirectory() as name:
        folder, lexicon = Path(name), Path("no-such-lexicon.csv")
        parsed = []
        for number, text in enumerate(documents):
            path = f"{number}.{ending}"
            document, chunks = parse_file(text.encode(), path, path, f"/nowhere/{path}")
            prepared = prepare_chunks(lexicon, document.metadata, chunks)
            parsed.append(Parsed(document, chunks, prepared, folder / "none"))
        with IndexWriter(folder / "index", EMBEDDER, lexicon) as writer:
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
    with built(documents, steps) as grown, built(documents, [(final, set())]) as fresh:
        assert grown.snapshot.id == fresh.snapshot.id
        for question in ("受试者知情同意", "SAE十五日", "randomised 盲态 伦理委员会"):
            assert exact(FEW.search(grown, question, 8)) == exact(FEW.search(fresh, question, 8))


def test_how_rows_are_spread_over_segments_does_not_change_what_is_found() -> None:
    documents = [f"知情同意书{'，还有别的话' * n}。编号{n}" for n in range(40)]
    spread = [(set(range(n, 40, 4)), set[int]()) for n in range(4)]
    with built(documents, spread) as many, built(documents, [(set(range(40)), set())]) as one:
        assert (len(many.segments), len(one.segments)) == (4, 1)
        found = FEW.search(many, "知情同意书", 40)
        assert exact(found) == exact(FEW.search(one, "知情同意书", 40))
        assert 10 <= len(found) <= 20


def test_nor_does_it_when_common_terms_are_put_off() -> None:
    sentences = ("知情同意书由受试者签署", "伦理委员会审查方案", "监查员核对原始数据", "随机分组")
    documents = [
        f"{sentences[n % 4]}，{sentences[n // 4 % 4]}。{'编号' * (n % 7)}{n}" for n in range(300)
    ]
    searcher = Searcher(EMBEDDER, settings=SearchSettings(candidates=10, postings=1000))
    spread = [(set(range(n, 300, 3)), set[int]()) for n in range(3)]
    with built(documents, spread) as many, built(documents, [(set(range(300)), set())]) as one:
        for question in ("受试者签署知情同意书与方案编号", "伦理委员会 原始数据 编号 随机 签署"):
            found = exact(searcher.search(many, question, 40))
            assert found == exact(searcher.search(one, question, 40))
            assert found != exact(FEW.search(one, question, 40))  # something was put off


def test_nor_does_it_for_texts_that_are_all_alike() -> None:
    documents = ["# 规定\n\n本规定自公布之日起施行。"] * 30 + ["# 规定\n\n公布之日"] * 3
    spread = [(set(range(n, 33, 3)), set[int]()) for n in range(3)]
    with (
        built(documents, spread, "md") as many,
        built(documents, [(set(range(33)), set())], "md") as one,
    ):
        for question in ("本规定何时施行", "之定本"):  # of the second no bigram stands there
            found = exact(FEW.search(many, question, 40))
            assert found == exact(FEW.search(one, question, 40))
            assert len(found) >= 30


def exact(hits: list[Hit]) -> list[tuple[object, ...]]:
    return [(h.chunk, h.score, h.lexical, h.dense, h.status, h.document.id) for h in hits]


def test_equal_scores_stand_in_the_same_order_in_every_index() -> None:
    documents = ["知情同意书。"] * 6  # equal text, different files
    order = []
    for steps in ([({n}, set()) for n in range(6)], [({n}, set()) for n in reversed(range(6))]):
        with built(documents, steps) as view:
            order.append([hit.chunk.id for hit in FEW.search(view, "知情同意")])
    assert order[0] == order[1] == sorted(order[0])
