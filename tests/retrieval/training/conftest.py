"""A small material folder, written on the spot."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import pytest

WriteLines = Callable[[Path, Iterable[Mapping[str, object]]], Path]

LAW = """# 研究用药管理规定

## 第一章 保存

受试者应当在二十四小时内归还剩余的研究用药。申办者负责统一回收并且登记数量。药房保留全部回收记录。

## 第二章 报告

研究者获知严重不良事件后立即报告申办者。申办者评估它与研究用药的关系。伦理委员会收到年度汇总。
"""
PROTOCOL = """# Dose finding study

## Safety

Serious adverse events are reported to the sponsor within one day. The sponsor assesses causality.
"""


@pytest.fixture
def write_lines() -> WriteLines:
    """``write_lines(path, rows)`` writes JSON lines, folders included, and returns the path."""

    def write(path: Path, rows: Iterable[Mapping[str, object]]) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
        path.write_text("".join(lines), encoding="utf-8")
        return path

    return write


@pytest.fixture
def material(tmp_path: Path, write_lines: WriteLines) -> Path:
    """A law, a protocol, two registries and three pairs."""
    folder = tmp_path / "material"
    for place, text in (
        ("reference/law.md", LAW),
        ("reference/LICENSE", "Do as you like with everything that lies in this folder."),
        ("documents/protocols/protocol.md", PROTOCOL),
    ):
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text(text, encoding="utf-8")
    write_lines(
        folder / "trials" / "ctgov.jsonl",
        [
            {"nct": "NCT01", "condition": "Asthma", "brief_title": "Inhaled\r\n  steroid"},
            {"note": "a line that holds no trial"},
            {"nct": "NCT02", "brief_title": "Warfarin after stroke", "phase": "", "seed": "9"},
        ],
    )
    write_lines(
        folder / "trials" / "chictr.jsonl",
        [{"TrialID": "ChiCTR1", "Public title": "针灸治疗失眠", "Phase": "II"}],
    )
    write_lines(
        folder / "training" / "pairs.jsonl",
        [
            {"kind": "zh_qa", "a": "感冒要吃药吗", "b": "多数感冒会自己好。", "licence": "MIT"},
            {"kind": "zh_qa", "a": "发烧怎么办", "b": "多喝水，必要时退烧。", "licence": "MIT"},
            {"kind": "en_qa", "a": "Is it a cold?", "b": "A runny nose is one.", "licence": "MIT"},
        ],
    )
    return folder


@pytest.fixture
def small_corpus(tmp_path: Path) -> Path:
    """A corpus of one note, two concepts and one spoken word."""
    folder = tmp_path / "corpus"
    (folder / "notes").mkdir(parents=True)
    (folder / "notes" / "note.md").write_text(
        "# 安慰剂\n\n安慰剂在外观上与研究药物相同。它不含有效成分。使用前须由伦理委员会同意。\n",
        encoding="utf-8",
    )
    (folder / "lexicon.csv").write_text(
        "id,zh,en,abbreviations,synonyms_zh,synonyms_en,domain,source\n"
        "sae,严重不良事件,serious adverse event,SAE,重度不良事件,,safety,x\n"
        "os,总生存期,overall survival,,,,endpoint,x\n",
        encoding="utf-8",
    )
    (folder / "colloquial.csv").write_text("spoken,formal\n病人,受试者|患者\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def one_thread() -> Iterator[None]:
    """Threads that share work this small mostly wait for each other: for long on a busy machine."""
    torch = pytest.importorskip("torch")
    pytest.importorskip("scipy.linalg")  # has a pool of its own
    threadpoolctl = pytest.importorskip("threadpoolctl")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    with threadpoolctl.threadpool_limits(1):
        yield
    torch.set_num_threads(before)
