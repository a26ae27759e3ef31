"""The checks of the corpus find what is planted for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.corpus import chains, claims, form
from eval.corpus.check import check, coverage, gaps, main
from eval.corpus.notes import KEYS, MalformedNote, Note, note_files, read_note

SENTENCE = "药物临床试验的申办者应当在试验开始之前向伦理委员会提交方案和知情同意书（样例）。"


def text(slug: str = "a", **changes: object) -> str:
    """A good note with some things changed; ``body`` stands for all below the title."""
    meta: dict[str, object] = dict.fromkeys(KEYS)
    meta |= {
        "title": f"题目{slug}", "title_en": f"Title {slug}", "kind": "method", "issuer": "编写组",
        "jurisdiction": "CN", "language": "zh", "source": "某文件", "verified": "full_text",
        "summary": "摘要", "keywords": "[一, 二, 三, 四, 五]",
    }  # fmt: skip
    body = changes.pop("body", None)
    meta |= changes
    front = "\n".join(f"{k}: {'null' if v is None else v}" for k, v in meta.items())
    if body is None:
        sections = "\n".join(f"## 问题{n}\n" + f"{SENTENCE}\n" * 5 for n in range(3))
        body = f"{sections}\n## In English\nOne sentence.\nAnother sentence.\n"
    return f"---\n{front}\n---\n# {meta['title']}\n\n{body}"


def planted(folder: Path, slug: str = "a", **changes: object) -> Note:
    path = folder / "area" / f"{slug}.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text(slug, **changes), encoding="utf-8")
    return read_note(path)


def test_a_good_note_has_no_faults(tmp_path: Path) -> None:
    assert form.faults(planted(tmp_path)) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"kind": "poem"}, "kind is 'poem'"),
        ({"keywords": "[一, 二, 三, 四, 一]"}, "five or more different"),
        ({"issued": "2024-02-01", "effective_from": "2024-01-01"}, "is before issued"),
        ({"effective_from": "2024-02-01", "effective_to": "2024-02-01"}, "is not after"),
        ({"effective_from": "soon"}, "must be a date"),
        ({"superseded_by": "别的"}, "needs effective_to"),
        ({"verified": "secondary"}, "no sentence says 请…查阅"),
        ({"title": "''"}, "title must be a text"),
    ],
)
def test_faults_of_the_front_matter(tmp_path: Path, changes: dict[str, object], fault: str) -> None:
    assert any(fault in found for found in form.faults(planted(tmp_path, **changes)))


def body(middle: str, english: str = "One sentence.\nAnother sentence.") -> str:
    sections = "\n".join(f"## 问题{n}\n" + f"{SENTENCE}\n" * 5 for n in range(3))
    return f"{sections}\n{middle}\n\n## In English\n{english}\n"


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        (body("其他情形也要报告。"), None),
        (body("其时限为7日。"), "points outside"),
        (body("没有句号的一行"), "does not end with"),
        (body("没有引导句。\n- 一项。"), "not introduced"),
        (body("## 概述\n一句。"), "no topic"),
        (body("", english="只有中文。\nTwo."), "no English sentence"),
        (body("", english="One."), "In English has 1 lines"),
        ("## 一问\n短。\n## 二问\n短。\n## 三问\n短。\n## In English\nA b.\nC d.\n", "400 to 1500"),
    ],
)
def test_faults_of_the_text(tmp_path: Path, given: str, fault: str | None) -> None:
    found = form.faults(planted(tmp_path, body=given))
    if fault is None:
        assert not [f for f in found if "points outside" not in f]
    else:
        assert any(fault in one for one in found)


def test_a_note_without_front_matter_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    path.write_text("# 题目\n", encoding="utf-8")
    with pytest.raises(MalformedNote, match=r"x\.md: no front matter"):
        read_note(path)
    path.write_text("---\na: [\n---\n", encoding="utf-8")
    with pytest.raises(MalformedNote, match="no YAML"):
        read_note(path)


def test_chains(tmp_path: Path) -> None:
    ended = {"effective_from": "2020-01-01", "effective_to": "2021-01-01"}
    notes = [
        planted(tmp_path, "a", superseded_by="b", **ended),
        planted(tmp_path, "b", superseded_by="a", **ended),
        planted(tmp_path, "c", superseded_by="不知道", **ended),
        planted(tmp_path, "d", superseded_by="某办法（2022年第28号）", **ended),
    ]
    found = chains.faults(notes)
    assert [f for f in found if "leads back" in f]
    assert [f for f in found if f.startswith("c: superseded_by '不知道'")]
    assert not [f for f in found if f.startswith("d:")]


def test_versions_must_be_in_order(tmp_path: Path) -> None:
    path = tmp_path / "currency.csv"
    path.write_text(
        "title,version_date,relation,effective\n甲,<=2020-01-02,superseded,2020-01-01\n"
        "乙,2020-13-01,amended,\n甲,<=2020-01-02,amended,\n",
        encoding="utf-8",
    )
    found = chains.faults([], path)
    assert ["line 2" in found[0], "line 3" in found[1], "same version twice" in found[2]] == [
        True
    ] * 3


def test_the_same_claim_with_another_number(tmp_path: Path) -> None:
    one = "研究者获知严重不良事件后应当在24小时内向申办者书面报告并随访到事件结束。"
    notes = [
        planted(tmp_path, "a", body=f"## 甲\n{one}\n"),
        planted(tmp_path, "b", body=f"## 甲\n{one.replace('24', '48')}\n"),
        planted(tmp_path, "c", body=f"## 甲\n{one.replace('24小时', '24小时')}\n"),
    ]
    found = claims.conflicts(notes)
    assert {frozenset((c.first.slug, c.second.slug)) for c in found} == {
        frozenset("ab"), frozenset("bc"),
    }  # fmt: skip


def test_look_alikes_about_other_things_are_no_conflict(tmp_path: Path) -> None:
    one = "国家药监局公告决定公告发布6个月后启动的药物临床研究适用ICH E10及其问答。"
    other = one.replace("6个月", "12个月").replace("E10", "E9(R1)")
    notes = [planted(tmp_path, s, body=f"## 甲\n{t}\n") for s, t in (("a", one), ("b", other))]
    assert claims.conflicts(notes) == []


def test_a_pair_is_accepted_with_a_reason_only(tmp_path: Path) -> None:
    path = tmp_path / "accepted.toml"
    path.write_text('[[pair]]\none = "a"\ntwo = "b"\n', encoding="utf-8")
    with pytest.raises(ValueError, match="without the reason"):
        claims.accepted(path)


def test_accepted_pairs_still_stand() -> None:
    notes = [read_note(path) for path in note_files()]
    said = {c.text for c in claims.claims(notes)}
    assert all(pair <= said for pair in claims.accepted())


def test_gaps(tmp_path: Path) -> None:
    path = tmp_path / "topics.toml"
    path.write_text(
        '[x]\nfewest = 2\nareas = ["area"]\n[x.topics]\n"甲" = ["摘要"]\n"乙" = ["没有的"]\n',
        encoding="utf-8",
    )
    found = coverage([planted(tmp_path)], path)
    assert found[0].topics == {"甲": ["a"], "乙": []}
    assert list(gaps(found)) == ["x: 1 notes, 2 are wanted", "x: no note covers 乙"]


def test_what_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    path.write_text("nothing", encoding="utf-8")
    assert "no front matter" in check([path])[0][0]


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["--json"])
    out = capsys.readouterr().out
    assert code == 0, out
    assert '"faults": []' in out
