"""What a note says of itself is no answer; everything else may be one."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.caveats import is_caveat
from assistant.features import measure
from ingest.text import sentence_spans
from tests.assistant.made_up import asked, make_hit, unit


@pytest.mark.parametrize(
    ("sentence", "caveat"),
    [
        ("本条未核对各文件全文，写入方案前请查阅ELN 2022和ELN 2025原文。", True),
        ("疼痛终点这一条未核对IMMPACT论文全文，写入方案前请查阅原文。", True),
        ("本条样本量由编写者按所列公式计算，设计前请查阅原文。", True),
        ("本篇只读到审查表，申报前请查阅指导原则正文。", True),
        ("This note has not been checked against the full text.", True),
        ("申请人应当在启动前请伦理委员会审查。", False),
        ("违反本条第一款规定的，由药品监督管理部门责令改正。", False),
        ("监查员没有核对源数据的，属于方案偏离。", False),
        ("附件2在中国何时适用，本条未查到官方公告。", False),
        ("The device was not checked before use.", False),
    ],
)
def test_caveats_are_told_by_what_they_speak_of(sentence: str, caveat: bool) -> None:
    assert is_caveat(sentence) is caveat


def test_no_caveat_is_measured_as_an_answer() -> None:
    hit, _ = make_hit("某文", "本条未核对答复期限的原文，引用前请查阅。", "应当在30日内答复。")
    found = measure([hit], asked("多久答复？", unit("答复")))
    assert [m.sentence.text for m in found] == ["应当在30日内答复。"]


def test_of_the_notes_only_few_sentences_are_caveats(repo: Path) -> None:
    sentences = [
        text[start:end]
        for path in sorted((repo / "corpus" / "notes").rglob("*.md"))
        for text in [path.read_text("utf-8")]
        for start, end in sentence_spans(text)
    ]
    caveats = [sentence for sentence in sentences if is_caveat(sentence)]
    assert 100 < len(caveats) < len(sentences) / 50
    assert not [c for c in caveats if not any(w in c for w in ("本条", "本篇", "这一条", "note"))]
