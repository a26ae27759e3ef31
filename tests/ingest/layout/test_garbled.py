"""Nonsense in text layers, made here from true sentences."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from ingest.layout.garbled import agree, garbled

CHINESE = (
    "受试者在签署知情同意书后进入筛选期，由研究者按照入选标准和排除标准判断是否可以入组。随机分组后，"
    "试验组每日口服一次试验药物，对照组服用外观相同的安慰剂，疗程为十二周，随访至第二十四周结束。"
)
ENGLISH = (
    "Participants who meet all of the inclusion criteria are randomised in a ratio of two to one "
    "to receive the study drug or a matching placebo once daily. The primary endpoint is the "
    "change from baseline in body weight at week twelve, and safety is assessed at every visit."
)
FRENCH = (
    "Les participants sont répartis au hasard entre le traitement à l'étude et un placebo "
    "d'apparence identique. L'évaluation de la sécurité a été réalisée à chaque visite prévue."
)


def _ciphered(text: str, seed: int) -> str:
    letters = "abcdefghijklmnopqrstuvwxyz"
    mixed = "".join(random.Random(seed).sample(letters, 26))
    return text.lower().translate(str.maketrans(letters, mixed))


@pytest.mark.parametrize(
    "text",
    [
        CHINESE,
        ENGLISH,
        FRENCH,
        CHINESE + ENGLISH,
        "目录 " + " ".join(f"{n} 入选标准 {'·' * 40} {n}" for n in range(1, 30)),
        " ".join(f"Δ{n} ≥ {n}.5 μg/mL ± {n}%" for n in range(40)),
        "AAGCTTGGCA " * 5,
    ],
)
def test_text_is_text(text: str) -> None:
    assert garbled(text) is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("".join(chr(ord(c) + 7) for c in CHINESE), id="every code a little too high"),
        pytest.param(CHINESE.encode("gbk").decode("latin-1"), id="GBK read as Latin-1"),
        pytest.param(CHINESE.encode().decode("gbk", "replace"), id="UTF-8 read as GBK"),
        pytest.param(CHINESE.encode("gbk").decode("big5", "ignore"), id="GBK read as Big5"),
        pytest.param("".join(chr(0xE000 + ord(c) % 5000) for c in CHINESE), id="private codes"),
        pytest.param("�" * 60, id="replacement characters"),
        *(pytest.param(_ciphered(ENGLISH, n), id=f"letters exchanged {n}") for n in range(5)),
    ],
)
def test_nonsense_is_found(text: str) -> None:
    assert garbled(text) is not None


def test_characters_without_meaning_count() -> None:
    assert garbled(ENGLISH, unmapped=10) is None
    assert garbled(ENGLISH, unmapped=200) is not None


def test_too_little_text_is_not_judged() -> None:
    assert garbled("ÖÐ¹ú Ò©") is None


def test_traditional_characters_are_text() -> None:
    from opencc import OpenCC

    assert garbled(OpenCC("s2t").convert(CHINESE)) is None


def test_readings_agree_but_for_errors() -> None:
    wrong = ENGLISH.replace("l", "1").replace("O", "0")
    assert agree(ENGLISH, wrong)
    assert not agree(ENGLISH, _ciphered(ENGLISH, 1))
    assert not agree("", ENGLISH)


def test_our_notes_are_text(repo: Path) -> None:
    for note in sorted((repo / "corpus" / "notes").rglob("*.md")):
        text = note.read_text("utf-8")
        for start in range(0, len(text), 1500):
            assert garbled(text[start : start + 1500]) is None, note.name


@pytest.mark.shared
def test_real_guidances_are_text(shared: Path) -> None:
    for path in sorted((shared / "reference" / "guidance").glob("*.md")):
        text = path.read_text("utf-8")
        for start in range(0, len(text), 1500):
            assert garbled(text[start : start + 1500]) is None, path.name
