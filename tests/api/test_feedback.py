"""The store of feedback."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from api.answers import AnswerStore
from api.database import open_database
from api.feedback import FeedbackStore, NoFeedback, feedback_csv
from ingest.errors import BadInput
from tests.api.test_answers import make_answer


@pytest.fixture
def store(tmp_path: Path) -> FeedbackStore:
    engine = open_database(tmp_path)
    AnswerStore(engine).add(make_answer("a1", "多久报告？"))
    AnswerStore(engine).add(make_answer("a2", "别的？"))
    return FeedbackStore(engine)


def test_feedback_says_what_it_is_on(store: FeedbackStore) -> None:
    given = store.add("a1", "wrong", 0, " 应为15日 ", "《药物警戒质量管理规范》")
    found, total = store.find()
    assert total == 1 and found == [given]
    assert (given.question, given.statement_text) == ("多久报告？", "24小时内报告。")
    assert (given.comment, given.suggested_source) == ("应为15日", "《药物警戒质量管理规范》")
    assert given.created.tzinfo is not None and given.handled is None


def test_feedback_is_filtered_and_paged(store: FeedbackStore) -> None:
    store.add("a1", "wrong")
    store.add("a1", "useful")
    store.add("a2", "missing_source")
    assert [one.verdict for one in store.find()[0]] == ["missing_source", "useful", "wrong"]
    assert [one.answer_id for one in store.find("wrong")[0]] == ["a1"]
    assert store.find(answer_id="a1")[1] == 2
    found, total = store.find(limit=1, offset=1)
    assert total == 3 and [one.verdict for one in found] == ["useful"]


def test_a_curator_marks_what_was_dealt_with(store: FeedbackStore) -> None:
    given = store.add("a1", "wrong")
    assert store.handle(given.id).handled is not None
    assert store.find(handled=False)[1] == 0
    assert store.find(handled=True)[1] == 1
    assert store.handle(given.id, False).handled is None


def test_what_is_not_there_is_said(store: FeedbackStore) -> None:
    with pytest.raises(NoFeedback, match="nope"):
        store.add("nope", "useful")
    with pytest.raises(BadInput, match="1 statements"):
        store.add("a1", "wrong", 1)
    with pytest.raises(NoFeedback, match="7"):
        store.handle(7)


def test_csv_holds_everything_and_no_formulas(store: FeedbackStore) -> None:
    store.add("a1", "wrong", comment='=HYPERLINK("x"), 两行\n文字')
    rows = list(csv.DictReader(io.StringIO(feedback_csv(store.find()[0]))))
    assert rows[0]["comment"] == '\'=HYPERLINK("x"), 两行\n文字'
    assert rows[0]["verdict"] == "wrong"
    assert rows[0]["question"] == "多久报告？"
