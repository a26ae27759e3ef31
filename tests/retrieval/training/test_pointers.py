"""Training questions: reading them, and finding the passages they point to."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

from ingest.parse import parse_file
from retrieval.training.errors import TrainingError
from retrieval.training.pointers import Question, check_of, load_questions, resolve
from tests.retrieval.training.conftest import LAW, WriteLines

QUESTION = {"text": "药要还吗", "lang": "zh", "asked_by": "lay", "source": "reference/law.md"}
LONG = "# 说明\n\n" + "\n\n".join(
    f"第{n}款说明了第{n}种情形下如何处理样本。" * 12 for n in range(9)
)


def passages(material: Path, source: str) -> list[Question]:
    """A question for each chunk of a file, as a person who writes them would point to it."""
    data = (material / source).read_bytes()
    _, chunks = parse_file(data, PurePosixPath(source).name, source, source)
    seen: Counter[tuple[str, str]] = Counter()
    found = []
    for chunk in chunks:
        place = " > ".join(chunk.heading_path), chunk.locator.section or ""
        seen[place] += 1
        text = f"question {len(found)}"
        question = Question(text, "zh", "pi", source, *place, part=seen[place])
        found.append(replace(question, check=check_of(chunk)))
    return found


def test_questions_of_all_files_are_read_in_order(tmp_path: Path, write_lines: WriteLines) -> None:
    write_lines(tmp_path / "b.jsonl", [QUESTION | {"text": "second", "part": 3, "check": "ab"}])
    write_lines(tmp_path / "a.jsonl", [QUESTION | {"text": "first"}])
    first, second = load_questions(tmp_path)
    assert (first.text, first.part, first.record) == ("first", 1, "")
    assert second == Question("second", "zh", "lay", "reference/law.md", part=3, check="ab")


@pytest.mark.parametrize(
    "line",
    [
        b"no json",
        b"",
        b"[]",
        b'{"text": "only a text"}',
        b'{"text": "a", "lang": "zh", "asked_by": "pi", "source": "x", "author": "unknown field"}',
        '{"text": "药要还吗"}'.encode("gb18030"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, write_lines: WriteLines, line: bytes) -> None:
    path = write_lines(tmp_path / "odd.jsonl", [QUESTION])
    path.write_bytes(path.read_bytes() + line + b"\n")
    with pytest.raises(TrainingError, match=r"odd\.jsonl, line 2: not a question"):
        load_questions(tmp_path)


def test_a_line_separator_in_a_text_ends_no_line(tmp_path: Path, write_lines: WriteLines) -> None:
    write_lines(tmp_path / "a.jsonl", [QUESTION | {"text": "one\u2028two\x85three"}])
    assert [q.text for q in load_questions(tmp_path)] == ["one\u2028two\x85three"]


def test_a_passage_is_found_by_its_hash(material: Path) -> None:
    questions = passages(material, "reference/law.md")
    assert len(questions) > 1
    found = resolve(questions, material)
    assert (found.unchanged, found.moved, found.missing) == (len(questions), 0, 0)
    last = found.passages[questions[-1]]
    assert last.startswith("研究用药管理规定\n") and "第二章 报告\n" in last
    assert "研究者获知严重不良事件后立即报告申办者" in last and "归还" not in last


def test_the_hash_counts_more_than_the_place(material: Path) -> None:
    [question] = [q for q in passages(material, "reference/law.md") if "第二章" in q.heading]
    elsewhere = replace(question, heading="第九章 已删除", section="", part=7)
    found = resolve([elsewhere], material)
    assert (found.unchanged, found.moved) == (1, 0)
    assert "严重不良事件" in found.passages[elsewhere]


def test_a_changed_passage_is_found_at_its_place(material: Path) -> None:
    questions = passages(material, "reference/law.md")
    (material / "reference" / "law.md").write_text(LAW.replace("立即", "在一日内"), "utf-8")
    found = resolve(questions, material)
    assert (found.moved, found.missing) == (1, 0)
    assert found.unchanged == len(questions) - 1
    assert "研究者获知严重不良事件后在一日内报告" in found.passages[questions[-1]]


def test_parts_of_one_section_are_told_apart(material: Path) -> None:
    (material / "reference" / "long.md").write_text(LONG, "utf-8")
    questions = [replace(q, check="") for q in passages(material, "reference/long.md")]
    assert {q.part for q in questions} >= {1, 2, 3}
    assert len({(q.heading, q.section) for q in questions}) == 1
    found = resolve(questions, material)
    assert found.moved == len(questions) == len(set(found.passages.values()))
    beyond = replace(questions[0], part=len(questions) + 1)
    assert resolve([beyond], material).missing == 1


def test_what_is_not_in_the_material_is_missing(material: Path) -> None:
    (material / "reference" / "table.xyz").write_bytes(b"\x00\x01 no format that is known")
    here = passages(material, "reference/law.md")[0]
    absent = [
        replace(here, source="reference/gone.md"),
        replace(here, source="reference/table.xyz"),
        replace(here, source="reference"),
        replace(here, heading="第九章 已删除", check="0" * 12),
    ]
    found = resolve([here, *absent], material)
    assert (found.unchanged, found.moved, found.missing) == (1, 0, 4)
    assert list(found.passages) == [here]


def test_a_registry_record_is_found_by_its_number(material: Path) -> None:
    def ask(source: str, record: str) -> Question:
        return Question("x", "en", "pi", f"trials/{source}.jsonl", record=record)

    asked = [ask("ctgov", "NCT01"), ask("ctgov", "NCT02"), ask("chictr", "ChiCTR1")]
    found = resolve([*asked, ask("ctgov", "NCT99")], material)
    # Fields in reading order, whatever their order in the file, each blank once.
    assert list(found.passages.values()) == [
        "Inhaled steroid Asthma",
        "Warfarin after stroke",
        "针灸治疗失眠 II",
    ]
    assert (found.unchanged, found.moved, found.missing) == (3, 0, 1)


@pytest.mark.parametrize("line", [b"{", b"7", '{"nct": "针"}'.encode("gb18030")])
def test_a_bad_record_is_named(material: Path, line: bytes) -> None:
    path = material / "trials" / "ctgov.jsonl"
    path.write_bytes(line + b"\n" + path.read_bytes())
    asked = Question("x", "en", "pi", "trials/ctgov.jsonl", record="NCT01")
    with pytest.raises(TrainingError, match=r"ctgov\.jsonl, line 1: not a record"):
        resolve([asked], material)


def test_the_questions_of_the_repository_are_sound() -> None:
    questions = load_questions()
    assert len(questions) > 5000
    assert {q.asked_by for q in questions} == {"pi", "consultant", "lay"}
    assert {q.lang for q in questions} == {"zh", "en"}
    twice = [question for question, count in Counter(questions).items() if count > 1]
    assert twice == []
    for question in questions:
        place = PurePosixPath(question.source)
        assert question.text.strip() == question.text != ""
        assert place.parts[0] in {"reference", "documents", "trials"} and ".." not in place.parts
        assert isinstance(question.part, int) and question.part >= 1
        # By number in a registry, or by hash and place in a document: never both.
        assert bool(question.record) != bool(question.check)
        assert len(question.check) in {0, 12}
        assert not (question.record and (question.heading or question.section))


@pytest.mark.shared
def test_questions_about_laws_and_registries_have_their_passage(shared: Path) -> None:
    asked = [q for q in load_questions() if q.source.startswith(("reference/laws", "trials/"))]
    found = resolve(asked, shared)
    assert len(asked) > 3000
    assert found.missing <= len(asked) / 100
    assert all(len(passage) > 10 for passage in found.passages.values())


@pytest.mark.slow  # protocols of hundreds of pages
@pytest.mark.shared
def test_all_questions_have_their_passage(shared: Path) -> None:
    questions = load_questions()
    assert resolve(questions, shared).missing <= len(questions) / 100
