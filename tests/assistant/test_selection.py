"""Choosing sentences: enough of them, no repetition, lists whole."""

from __future__ import annotations

from dataclasses import fields

import pytest

from assistant.evidence import Scored, Sentence
from assistant.question import Part, read_question
from assistant.selection import answers, select
from assistant.settings import AnswerSettings
from ingest.model import Block, Chunk, Locator, Metadata, Span
from retrieval import Hit, StoredDocument
from retrieval.currency import Currency

SETTINGS = AnswerSettings()
DURATION = read_question("多久报告？").parts[0]
LIST = read_question("要递交哪些文件？").parts[0]
PLAIN = Part("说说样本库", ())


def make_hit(document_id: str, *texts: str, kinds: str = "") -> tuple[Hit, list[Block]]:
    """A document of some blocks as one hit; ``kinds`` has one letter a block, ``i`` for an item."""
    letters = kinds or "p" * len(texts)
    blocks = [
        Block("list_item" if letter == "i" else "paragraph", text)
        for letter, text in zip(letters, texts, strict=True)
    ]
    whole, spans = "", []
    for ordinal, text in enumerate(texts):
        start = len(whole) + bool(whole)
        whole += ("\n" if whole else "") + text
        spans.append(Span(ordinal, start, start + len(text), 0))
    chunk = Chunk(
        f"{document_id}-0", document_id, 0, "section", whole, (), Locator(), tuple(spans), 1
    )
    stored = StoredDocument(
        key=1,
        id=document_id,
        path=f"{document_id}.md",
        source_path=f"/{document_id}.md",
        media_type="text/markdown",
        sha256="0",
        size=1,
        pages=None,
        metadata=Metadata(title=document_id),
        warnings=(),
        added="2026-01-01",
        blocks=len(blocks),
        chunks=1,
    )
    return Hit(chunk, stored, 1.0, 1.0, 1.0, "current", Currency()), blocks


class Documents:
    """Blocks of several hits, read as the store reads them."""

    def __init__(self) -> None:
        self._blocks: dict[str, list[Block]] = {}

    def add(self, document_id: str, *texts: str, kinds: str = "") -> list[Sentence]:
        """Sentences of a new document, one a block."""
        hit, blocks = make_hit(document_id, *texts, kinds=kinds)
        self._blocks[document_id] = blocks
        return [Sentence(hit, n, 0, len(b.text), b.text) for n, b in enumerate(blocks)]

    def read(self, hit: Hit, first: int, count: int) -> list[tuple[int, Block]]:
        return list(enumerate(self._blocks[hit.document.id]))[first : first + count]


@pytest.fixture
def documents() -> Documents:
    return Documents()


def scored(sentence: Sentence, score: float = 1.0, **values: object) -> Scored:
    """A sentence with good marks in everything but what ``values`` says."""
    good = {f.name: True if f.type == "bool" else 0.9 for f in fields(Scored)}
    return Scored(**(good | {"sentence": sentence, "score": score} | values))  # type: ignore[arg-type]


def choose(documents: Documents, part: Part, *ranked: Scored) -> list[str]:
    return [s.text for s in select(ranked, part, SETTINGS, documents.read)]


def test_a_sentence_answers_when_it_covers_enough(documents: Documents) -> None:
    [sentence] = documents.add("a", "应当在24小时内报告。")
    assert answers(scored(sentence), SETTINGS)
    assert not answers(scored(sentence, coverage=SETTINGS.min_coverage - 0.01), SETTINGS)
    assert not answers(scored(sentence, own=0.0, headed=0.0), SETTINGS)
    assert not answers(scored(sentence, wants_met=False), SETTINGS)


def test_nothing_is_chosen_when_nothing_answers(documents: Documents) -> None:
    [sentence] = documents.add("a", "应当在24小时内报告。")
    assert choose(documents, DURATION, scored(sentence, coverage=0.1)) == []
    assert choose(documents, DURATION) == []


def test_sentences_that_score_nearly_as_well_join(documents: Documents) -> None:
    first, second, third = documents.add(
        "a", "研究者应当在24小时内报告。", "申办者死亡事件7日内上报。", "伦理委员会每年复审一次。"
    )
    bar = SETTINGS.keep_ratio
    chosen = choose(
        documents, DURATION, scored(first), scored(second, bar + 0.01), scored(third, bar - 0.01)
    )
    assert chosen == [first.text, second.text]


def test_no_more_than_the_allowed_number(documents: Documents) -> None:
    sentences = documents.add(
        "a",
        *(
            f"{name}应当于{n}日内完成{work}。"
            for n, (name, work) in enumerate(
                [
                    ("申办者", "付款"),
                    ("研究者", "随访"),
                    ("监查员", "核对"),
                    ("药房", "盘点"),
                    ("机构", "归档"),
                ]
            )
        ),
    )
    assert len(choose(documents, PLAIN, *(scored(s) for s in sentences))) == SETTINGS.max_statements


def test_the_same_words_are_not_said_twice(documents: Documents) -> None:
    [first] = documents.add("a", "研究者获知后应当在24小时内报告申办者。")
    [again] = documents.add("b", "研究者获知后应当在 24 小时内报告申办者。")
    [nearly] = documents.add("c", "研究者获知后，应当在24小时内报告申办者。")
    chosen = choose(documents, DURATION, scored(first), scored(again), scored(nearly))
    assert chosen == [first.text]


def test_a_different_number_is_something_else(documents: Documents) -> None:
    [first] = documents.add("a", "申办者获知死亡事件后应当在7日内报告。")
    [other] = documents.add("b", "申办者获知其他事件后应当在15日内报告。")
    assert len(choose(documents, DURATION, scored(first), scored(other))) == 2


def test_a_lead_in_brings_its_items(documents: Documents) -> None:
    lead, *_ = documents.add(
        "a",
        "应当递交以下文件：",
        "（一）方案；",
        "（二）知情同意书；",
        "此外另行通知。",
        kinds="piip",
    )
    assert choose(documents, LIST, scored(lead)) == [
        "应当递交以下文件：",
        "（一）方案；",
        "（二）知情同意书；",
    ]


def test_an_item_brings_its_fellows_when_a_list_is_asked_for(documents: Documents) -> None:
    _, _, item, _ = documents.add(
        "a",
        "应当递交以下文件：",
        "（一）方案；",
        "（二）知情同意书；",
        "（三）手册。",
        kinds="piii",
    )
    assert choose(documents, LIST, scored(item)) == [
        "应当递交以下文件：",
        "（一）方案；",
        "（二）知情同意书；",
        "（三）手册。",
    ]


def test_an_item_stands_alone_when_no_list_is_asked_for(documents: Documents) -> None:
    _, _, item = documents.add(
        "a", "报告时限如下：", "死亡的：7日内；", "其他的：15日内。", kinds="pii"
    )
    assert choose(documents, DURATION, scored(item)) == ["其他的：15日内。"]


def test_of_a_list_only_the_items_of_the_kind_asked_for(documents: Documents) -> None:
    lead, *_ = documents.add(
        "a", "报告要求如下：", "死亡的：7日内；", "用原件；", "其他的：15日内。", kinds="piii"
    )
    assert choose(documents, DURATION, scored(lead, wants_met=False)) == [
        "报告要求如下：",
        "死亡的：7日内；",
        "其他的：15日内。",
    ]


def test_a_lead_in_whose_items_do_not_answer_is_left_out(documents: Documents) -> None:
    lead, *_ = documents.add("a", "报告要求如下：", "用原件；", "盖公章。", kinds="pii")
    assert choose(documents, DURATION, scored(lead, wants_met=False)) == []


def test_a_list_is_cut_at_the_allowed_length(documents: Documents) -> None:
    names = ["".join(chr(0x4E00 + 97 * n + k) for k in range(8)) for n in range(30)]
    items = [f"（{n}）{name}；" for n, name in enumerate(names, start=1)]
    lead, *_ = documents.add("a", "应当递交以下文件：", *items, kinds="p" + "i" * 30)
    chosen = choose(documents, LIST, scored(lead))
    assert chosen == ["应当递交以下文件：", *items[: SETTINGS.max_list_items]]


def test_numbered_paragraphs_are_items_too(documents: Documents) -> None:
    lead, *_ = documents.add("a", "应当递交以下文件：", "1. 方案；", "2. 手册。", "由机构存档。")
    assert choose(documents, LIST, scored(lead)) == ["应当递交以下文件：", "1. 方案；", "2. 手册。"]


def test_items_that_differ_in_one_character_are_all_shown(documents: Documents) -> None:
    items = ["甲类样本2年；", "乙类样本2年；", "丙类样本2年。"]
    lead, *_ = documents.add("a", "保存期限如下：", *items, kinds="piii")
    assert choose(documents, LIST, scored(lead)) == ["保存期限如下：", *items]
