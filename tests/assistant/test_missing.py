"""What is said of what was not answered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.finding import Reading
from assistant.messages import message
from assistant.missing import explain, words_not_found
from assistant.question import read_question
from retrieval import Filters, Index, View
from tests.assistant.made_up import make_hit, unit

WORDS = (unit("样本库"), unit("押金"), unit("冠军"))
HIT, _ = make_hit("甲办法", "样本库应当答复。", path=("押金",))


@pytest.fixture(scope="module")
def view(rules_index: Path) -> Iterator[View]:
    with Index(rules_index).read() as view:
        yield view


def reading(view: View, text: str, filters: Filters | None = None) -> Reading:
    return Reading(read_question(text), "2026-11-21", view, filters or Filters(), WORDS, ())


def test_words_that_no_passage_and_no_heading_covers() -> None:
    assert words_not_found("zh", WORDS, [HIT]) == message("zh", "not_found", terms="冠军")
    assert words_not_found("en", WORDS, []) == message(
        "en", "not_found", terms="样本库, 押金, 冠军"
    )


def test_when_all_is_covered_apart_the_words_are_named_together() -> None:
    said = words_not_found("zh", WORDS[:2], [HIT])
    assert said == message("zh", "not_found", terms="样本库、押金")


def test_no_more_words_than_one_reads() -> None:
    said = words_not_found("zh", [unit(f"词语{n}") for n in range(20)], [])
    assert "词语0、" in said and "词语19" not in said


def test_a_whole_answer_lacks_nothing(view: View) -> None:
    assert explain(reading(view, "样本库多久答复？"), [], [HIT], answered=True) is None


def test_an_abstention_says_what_where_and_what_would_settle_it(view: View) -> None:
    known = reading(view, "样本库的押金是多少？")
    said = str(explain(known, [(known.question.parts[0], "没有押金。")], [HIT], answered=False))
    assert said.startswith(message("zh", "abstain"))
    assert said.endswith(message("zh", "settle"))
    assert "没有押金。" in said and "甲办法" in said and "2026-11-21" in said


def test_only_documents_that_may_be_cited_are_counted(view: View) -> None:
    def count(filters: Filters) -> str:
        return str(explain(reading(view, "押金？", filters), [], [], answered=False))

    everything = Filters(status=frozenset({"any"}))
    assert message("zh", "searched", documents=len(view.documents), as_of="2026-11-21") in count(
        everything
    )
    assert count(Filters()) != count(everything)


def test_beside_an_answer_only_the_open_part_is_named(view: View) -> None:
    known = reading(view, "样本库多久答复？押金是多少？")
    said = str(explain(known, [(known.question.parts[1], "没有押金。")], [HIT], answered=True))
    assert message("zh", "abstain_part", part="押金是多少") in said
    assert message("zh", "abstain") not in said
    assert "甲办法" not in said  # the sources are shown above


def test_the_same_reason_is_given_once(view: View) -> None:
    known = reading(view, "样本库多久答复？押金是多少？")
    said = str(explain(known, [(p, "没有。") for p in known.question.parts], [], answered=False))
    assert said.count("没有。") == 1


def test_parts_that_were_not_read_are_told(view: View) -> None:
    many = "？".join(f"{name}类样本保存多久" for name in "甲乙丙丁戊己庚") + "？"
    said = str(explain(reading(view, many), [], [HIT], answered=True))
    assert message("zh", "too_many_parts", count=6) in said


def test_an_english_question_is_told_in_english(view: View) -> None:
    known = reading(view, "How high is the deposit of the bank?")
    said = str(explain(known, [], [], answered=False))
    assert said.startswith(message("en", "abstain") + " ")
