from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.lexicon import Concept, Lexicon

HEADER = "id,zh,en,abbreviations,synonyms_zh,synonyms_en,domain,source\n"
ROWS = (
    "sae,严重不良事件,serious adverse event,SAE,严重不良反应事件|重度不良事件,,safety,x\n"
    "ae,不良事件,adverse event,AE,,,safety,x\n"
    "os,总生存期,overall survival,OS,,,endpoint,x\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "lexicon.csv").write_text(HEADER + ROWS, encoding="utf-8")
    return tmp_path


def ids(lexicon: Lexicon, text: str) -> list[str]:
    return [concept.id for concept in lexicon.find(text)]


def test_names_come_from_all_columns(folder: Path) -> None:
    sae = Lexicon.load(folder / "lexicon.csv").concepts[0]
    assert sae.names == (
        *("严重不良事件", "serious adverse event", "SAE"),
        *("严重不良反应事件", "重度不良事件"),
    )


def test_the_longest_name_wins(folder: Path) -> None:
    lexicon = Lexicon.load(folder / "lexicon.csv")
    assert ids(lexicon, "严重不良事件怎么报告") == ["sae"]
    assert ids(lexicon, "不良事件和总生存期") == ["ae", "os"]
    assert lexicon.name_spans("严重不良事件与ae") == [(0, 6), (7, 9)]


@pytest.mark.parametrize(
    ("text", "found"),
    [("OS是什么", ["os"]), ("the dose", []), ("OS2", []), ("中位os（月）", ["os"])],
)
def test_latin_names_stand_alone(folder: Path, text: str, found: list[str]) -> None:
    assert ids(Lexicon.load(folder / "lexicon.csv"), text) == found


def test_width_case_and_script_do_not_matter(folder: Path) -> None:
    lexicon = Lexicon.load(folder / "lexicon.csv")
    assert ids(lexicon, "嚴重不良事件") == ids(lexicon, "ＳＡＥ") == ["sae"]


def test_equivalents_are_all_names(folder: Path) -> None:
    lexicon = Lexicon.load(folder / "lexicon.csv")
    assert lexicon.equivalents("os") == ("总生存期", "overall survival", "os")
    assert lexicon.equivalents("unknown") == ()


def test_spoken_words_point_one_way(folder: Path) -> None:
    (folder / "colloquial.csv").write_text("spoken,formal\n病人,受试者|患者\n", encoding="utf-8")
    lexicon = Lexicon.load(folder / "lexicon.csv")
    assert lexicon.equivalents("病人") == ("病人", "受试者", "患者")
    assert ids(lexicon, "受试者") == []
    assert not lexicon.is_term("病人") and lexicon.is_term("sae")


def test_a_trial_is_found_by_name_and_number(folder: Path) -> None:
    row = "acronym,registry_id,note\nDAPA-HF,NCT03036124,x\n"
    (folder / "trials.csv").write_text(row, encoding="utf-8")
    lexicon = Lexicon.load(folder / "lexicon.csv")
    assert ids(lexicon, "dapa-hf研究") == ids(lexicon, "NCT03036124") == ["trial:NCT03036124"]
    assert lexicon.is_trial("dapa-hf") and not lexicon.is_trial("sae")


def test_the_fingerprint_tells_contents_apart(folder: Path) -> None:
    first = Lexicon.load(folder / "lexicon.csv").fingerprint
    assert Lexicon.load(folder / "lexicon.csv").fingerprint == first
    (folder / "colloquial.csv").write_text("spoken,formal\n病人,受试者\n", encoding="utf-8")
    assert Lexicon.load(folder / "lexicon.csv").fingerprint != first


def test_a_row_without_a_name_is_refused_with_its_line(folder: Path) -> None:
    path = folder / "lexicon.csv"
    path.write_text(HEADER + ROWS + "x,,no chinese name,,,,,\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 5"):
        Lexicon.load(path)


def test_without_a_file_nothing_is_found(tmp_path: Path) -> None:
    lexicon = Lexicon.load(tmp_path / "none.csv")
    assert lexicon.find("SAE") == [] and lexicon.name_spans("sae") == []


def test_one_name_may_mean_several_things() -> None:
    lexicon = Lexicon(
        [Concept("a", "甲", "PI", ("甲", "PI")), Concept("b", "乙", "PI", ("乙", "PI"))]
    )
    assert ids(lexicon, "PI") == ["a", "b"]


def test_the_lexicon_that_ships_finds_common_terms(lexicon: Lexicon) -> None:
    names = {concept.zh for concept in lexicon.find("SAE上报时限和知情同意书")}
    assert "严重不良事件" in names
