"""Tables set as documents."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest
import yaml

from assistant.verification import quantities
from eval.corpus.notes import KINDS, NOTES, note_files
from eval.corpus.tables import DATA, FOLDER, documents, read, render, settings

DEADLINES = Path(__file__).parents[3] / "eval" / "corpus" / "documents" / "deadlines.toml"
GIVEN = {
    "csv": "x.csv", "file": "x.md", "group": "field", "caption": "表{number} {group}",
    "kind": "paper", "title": "题：{group}", "title_en": "Title: {group_en}", "issuer": "编写组",
    "jurisdiction": "CN", "source": "某", "verified": "secondary", "summary": "摘要",
    "keywords": ["一"], "note": "请核对。", "columns": {"name": "名称", "value": "值"},
    "groups": {"a": ["甲", "first"], "b": ["乙", "second"]},
}  # fmt: skip
ROWS = [
    {"field": "a", "name": "一|二", "value": "1"},
    {"field": "b", "name": "三", "value": "2"},
    {"field": "a", "name": "四", "value": "3"},
]


def test_one_table_a_group() -> None:
    ((name, text),) = documents(GIVEN, ROWS)
    assert name == "x.md"
    assert "## 甲\n\n表1 甲\n\n| 名称 | 值 |\n|---|---|\n| 一/二 | 1 |\n| 四 | 3 |" in text
    assert "## 乙\n\n表2 乙" in text


def test_one_document_a_group() -> None:
    found = dict(documents({**GIVEN, "split": True}, ROWS))
    assert list(found) == ["x-a.md", "x-b.md"]
    front = yaml.safe_load(found["x-b.md"].split("---\n")[1])
    assert (front["title"], front["title_en"]) == ("题：乙", "Title: second")
    assert "一" not in found["x-b.md"].split("---\n")[2]


def test_sentences_leave_out_what_is_not_known() -> None:
    row = {
        "field": "a", "acronym": "X", "registry_id": "", "randomised": "", "effect": "",
        "name": "", "value": "", "lesson_zh": "", "lesson_en": "",
    }  # fmt: skip
    given = {
        **GIVEN, "sentence": "{acronym}{registry}{randomised_zh}{effect_zh}。",
        "sentence_en": "{acronym}{registry_en}{randomised_en}{effect_en}.", "lesson": "{lesson_zh}",
    }  # fmt: skip
    ((_, text),) = documents(given, [row])
    assert "### X\nX。\nX.\n" in text
    ((_, text),) = documents(
        given, [{**row, "registry_id": "NCT1", "randomised": "12", "effect": "HR 0.7"}]
    )
    assert "X（NCT1），共12例，结果HR 0.7。\nX (NCT1); n = 12; result: HR 0.7." in text


def test_what_is_shipped_is_what_the_tables_give() -> None:
    shipped = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.md")}
    assert shipped == render()


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.md")), ids=lambda path: path.stem)
def test_front_matter(path: Path) -> None:
    front = yaml.safe_load(path.read_text("utf-8").split("---\n")[1])
    assert front["kind"] in KINDS
    assert front["title"]
    assert front["verified"] == "secondary"


def test_the_deadline_card() -> None:
    rows = read(DATA / "deadline_card.csv")
    assert len(rows) >= 35
    for row in rows:
        assert row["event_zh"] and row["limit_zh"] and row["basis"], row
        assert not row["since"] or date.fromisoformat(row["since"]), row
        assert row["verified"] in {"full_text", "secondary"}
    assert len({row["event_zh"] for row in rows}) == len(rows)


def test_the_printed_deadline_card_says_the_same() -> None:
    """It is written apart in ``eval/corpus/documents``; where both cite an article, they agree."""
    printed = tomllib.loads(DEADLINES.read_text("utf-8"))["deadline"]
    offered: dict[tuple[str, ...], set[tuple[str, str]]] = defaultdict(set)
    for row in read(DATA / "deadline_card.csv"):
        for article in _articles(row["basis"]):
            offered[article] |= quantities(row["limit_zh"])
    shared = [(row, a) for row in printed for a in _articles(row["basis"]) if a in offered]
    assert len(shared) >= 12
    for row, article in shared:
        assert quantities(row["limit"]) <= offered[article], row["matter"]


def _articles(basis: str) -> list[tuple[str, ...]]:
    return re.findall(r"《([^》]+)》(第[一二三四五六七八九十百]+条)", basis)


def test_scales_name_their_note() -> None:
    slugs = {path.stem for path in note_files(NOTES)}
    rows = read(DATA / "scales.csv")
    assert len(rows) >= 80
    assert {row["note_slug"] for row in rows} <= slugs


def test_every_table_of_the_settings_is_there() -> None:
    assert [given["csv"] for given in settings() if not (DATA / given["csv"]).is_file()] == []


def test_landmark_trials() -> None:
    rows = read(DATA / "landmark_trials.csv")
    assert len(rows) >= 120
    assert len({row["acronym"] for row in rows}) == len(rows)
    ids = [row["registry_id"] for row in rows if row["registry_id"]]
    assert len(set(ids)) == len(ids)
    for row in rows:
        assert re.fullmatch(
            r"(?:NCT\d{8}|ISRCTN\d{8}|ChiCTR[A-Z0-9-]+|jRCT\w+|)", row["registry_id"]
        )
        assert re.fullmatch(r"\d*", row["randomised"]), row
        assert row["design_zh"] and row["primary_endpoint_zh"] and row["publication"], row
        assert row["verified"] in {"record", "secondary"}


@pytest.mark.shared
def test_landmark_trials_marked_as_records_are_records(shared: Path) -> None:
    known: set[str] = set()
    for name in ("ctgov_trials.jsonl", "trial_facts.jsonl"):
        path = shared / "trials" / name
        if not path.is_file():
            pytest.skip("the trial records are not here")
        known |= set(re.findall(r'"nct": "(NCT\d{8})"', path.read_text("utf-8")))
    folder = shared / "documents" / "protocols"
    chinese = shared / "trials" / "chictr_records.jsonl"
    if chinese.is_file():
        known |= set(re.findall(r"ChiCTR\d{10}", chinese.read_text("utf-8")))
    known |= {match[0] for path in folder.glob("*") if (match := re.match(r"NCT\d{8}", path.name))}
    marked = {
        row["registry_id"] for row in read(DATA / "landmark_trials.csv")
        if row["verified"] == "record"
    }  # fmt: skip
    assert marked <= known
