from __future__ import annotations

import json
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.bench_office import (
    letters,
    main,
    measure_pairs,
    raw_text,
    recall,
    reference_text,
    summary,
    trigrams,
)
from ingest.structure.libreoffice import find_libreoffice

PAGE = """---
title: 某指导原则
---
# 某指导原则
<!-- fulltext-start -->
---
**Source:** [http://a](http://a)

---
## 一、范围

本原则适用于**甲**，见[第二章](#b)。![](/images/1.jpg)

| 项 | 值 |
| --- | --- |
| 剂量 | 5 mg |
<!-- fulltext-end -->
相关阅读
"""


def written(folder: Path, *texts: str) -> Path:
    document = docx.Document()
    for text in texts:
        document.add_paragraph(text)
    path = folder / "a.docx"
    document.save(str(path))
    return path


def test_reference_is_the_document_alone() -> None:
    text = reference_text(PAGE)
    assert letters(text) == "一范围本原则适用于甲见第二章项值剂量5mg"
    assert reference_text("---\ntitle: t\n---\n正文\n").strip() == "正文"


def test_letters_have_one_form() -> None:
    assert letters("10⁹ ／Ｌ，≥ 18（岁）| a_b **c**") == "109l≥18岁abc"


def test_trigrams_do_not_reach_over_lines() -> None:
    assert trigrams("甲乙丙丁\n戊己庚") == {"甲乙丙": 1, "乙丙丁": 1, "戊己庚": 1}


def test_recall_counts_repetitions() -> None:
    assert recall("甲乙丙\n甲乙丙", "甲乙丙") == 0.5
    assert recall("甲乙丙", "甲乙丙\n丁戊己") == 1
    assert recall("甲乙丙丁", "丁丙乙甲") == 0


@given(st.text(), st.text())
def test_recall_is_a_share_and_more_text_never_lowers_it(wanted: str, text: str) -> None:
    before = recall(wanted, text)
    assert 0 <= before <= 1
    assert recall(wanted, f"{text}\n{wanted}") == 1
    assert recall(wanted, wanted) == 1


def test_raw_text_has_text_boxes_once(tmp_path: Path) -> None:
    path = written(tmp_path, "第一段", "第二段")
    assert raw_text(".docx", path.read_bytes()) == "第一段\n第二段"
    assert raw_text(".rtf", b"{\\rtf1}") is None


def test_measuring_pairs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(tmp_path, "一、范围", "本原则适用于甲，见第二章。", "项目 值", "剂量 5 mg 每日一次")
    (tmp_path / "same.md").write_text("一、范围\n本原则适用于甲，见第二章。", encoding="utf-8")
    (tmp_path / "other.md").write_text("另一个文件的全部正文都不一样。", encoding="utf-8")
    pairs = tmp_path / "pairs.jsonl"
    lines = [{"file": "a.docx", "reference": name} for name in ("same.md", "other.md")]
    lines.append({"file": "b.docx", "reference": "same.md"})
    (tmp_path / "b.docx").write_bytes(b"PK\x03\x04broken")
    pairs.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    result = summary(measure_pairs(pairs), 0.97)
    same, other, broken = result["per_file"]
    assert (same["recall"], same["kept"], same["same_text"]) == (1.0, 1.0, True)
    assert other["same_text"] is False
    assert broken["recall"] == 0
    assert "damaged" in broken["error"]
    assert (result["files"], result["same_text"], result["below"]) == (3, 2, ["b.docx"])
    assert main([str(pairs), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["same_text"], shown["below"]) == (2, ["b.docx"])
    assert main([str(pairs)]) == 0
    assert "its reference is another text" in capsys.readouterr().out


def test_bad_input_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.jsonl")]) == 2
    assert "no such file" in capsys.readouterr().err
    (tmp_path / "bad.jsonl").write_text("{}\n", encoding="utf-8")
    assert main([str(tmp_path / "bad.jsonl")]) == 2
    assert "line 1" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.skipif(find_libreoffice() is None, reason="LibreOffice is not installed")
def test_real_guidances_lose_nothing(shared: Path) -> None:
    result = summary(measure_pairs(shared / "documents" / "office" / "pairs.jsonl"), 0.97)
    assert result["below"] == []
    assert result["same_text"] >= 10
    assert min(row["kept"] for row in result["per_file"]) >= 0.99
