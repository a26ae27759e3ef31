"""The normaliser of the tokenizer, and a vocabulary learned from a few sentences."""

from __future__ import annotations

from typing import Any

import pytest

from ingest.text import CJK
from retrieval.normalise import fold
from retrieval.training.embedder import read_recipe, tokenize
from retrieval.training.errors import TrainingError
from retrieval.training.tokenizer import character_rules, train_tokenizer

TEXTS = [
    "受试者签署知情同意书后方可参加药物临床试验。",
    "研究者获知严重不良事件后24小时内报告申办者。",
    "伦理委员会审查临床试验方案和知情同意书。",
    "Serious adverse events (SAE) are reported to the sponsor.",
    "The investigator obtains informed consent from each subject.",
] * 8
SETTINGS = read_recipe()["tokenizer"] | {"vocabulary": 88}


@pytest.fixture(scope="module")
def rules() -> dict[str, str]:
    return dict(character_rules())


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    pytest.importorskip("sentencepiece")
    pytest.importorskip("google.protobuf")
    return train_tokenizer(TEXTS, SETTINGS)


@pytest.mark.parametrize(
    ("character", "normal"),
    [
        *(("S", "s"), ("Ａ", "a"), ("２", "2"), ("（", "("), ("Σ", "σ")),
        *(("①", "1"), ("Ⅲ", "iii"), ("㎎", "mg"), ("ﬁ", "fi"), ("²", "2")),
        *(("臨", "临"), ("藥", "药"), ("⾧", "长"), ("⼈", "人")),
        *(("\u3000", " "), ("\xa0", " "), ("\x85", " "), ("\u2028", " ")),
    ],
)
def test_width_case_script_and_blanks_are_folded(
    rules: dict[str, str], character: str, normal: str
) -> None:
    assert rules[character] == normal


def test_what_is_normal_has_no_rule(rules: dict[str, str]) -> None:
    assert rules.keys().isdisjoint("s2(临药人长 。、β")
    assert all(before != after for before, after in rules.items())
    # Characters that mean nothing by themselves: private ones, halves of pairs, none at all.
    assert rules.keys().isdisjoint({"\ue000", "\ud800", "\uffff"})


def test_the_rules_do_what_search_folding_does(rules: dict[str, str]) -> None:
    ours = {c: normal for c, normal in rules.items() if normal != " " and c <= "\uffff"}
    assert len(ours) > 5000
    assert {c: fold(c) for c in ours} == ours
    everyday = (chr(code) for code in range(0x4E00, 0xA000))
    assert [c for c in everyday if fold(c) != rules.get(c, c)] == []


def test_the_vocabulary_has_the_size_and_the_lengths_of_the_recipe(tokenizer: Any) -> None:
    pieces = tokenizer.get_vocab()
    assert len(pieces) == tokenizer.get_vocab_size() == 88
    assert pieces["<unk>"] == 0
    assert max(len(piece) for piece in pieces) <= max(SETTINGS["longest_piece"], len("<unk>"))
    assert any(len(piece) > 1 and piece in "知情同意书" for piece in pieces)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("藥物臨床試驗", "药物临床试验"),
        ("ＳＡＥ　２４小時內（報告）", "SAE 24小时内(报告)"),
        ("Informed CONSENT", "informed consent"),
        ("  知情同意書\n\t申辦者 ", "知情同意书 申办者"),
    ],
)
def test_one_text_written_two_ways_has_the_same_tokens(
    tokenizer: Any, text: str, same: str
) -> None:
    tokens = tokenizer.encode(text, add_special_tokens=False).tokens
    assert tokens == tokenizer.encode(same, add_special_tokens=False).tokens
    assert "<unk>" not in tokens
    assert tokens != tokenizer.encode("伦理委员会", add_special_tokens=False).tokens


def test_it_survives_the_way_through_its_file(tokenizer: Any) -> None:
    from tokenizers import Tokenizer

    again = Tokenizer.from_str(tokenizer.to_str())
    text = "ＳＡＥ報告：申辦者 asks again"
    assert again.encode(text).ids == tokenizer.encode(text).ids


def test_the_same_texts_give_the_same_tokenizer(tokenizer: Any) -> None:
    assert train_tokenizer(TEXTS, SETTINGS).to_str() == tokenizer.to_str()


def test_token_ids_of_texts(tokenizer: Any) -> None:
    found = tokenize(tokenizer, ["知情同意书", "", " \n", "☂"])
    assert [list(ids) for ids in found[1:3]] == [[0], [0]]
    assert found[0].dtype == "int64" and 0 not in found[0]
    assert 0 in found[3]  # a character that no text had


@pytest.mark.parametrize("texts", [TEXTS[:2], []])
def test_too_few_texts_for_the_vocabulary(tokenizer: Any, texts: list[str]) -> None:
    with pytest.raises(TrainingError, match=r"vocabulary of 5000 pieces; change tokenizer\.voc"):
        train_tokenizer(texts, SETTINGS | {"vocabulary": 5000})


def test_the_tokenizer_that_ships_folds_as_search_does() -> None:
    from retrieval.embedders.static import load_table

    table = load_table()
    simple, folded = table.tokens(["药物临床试验SAE24小时", "藥物臨床試驗ＳＡＥ２４小時"])
    assert list(simple) == list(folded)
    assert len(table.pieces) == read_recipe()["tokenizer"]["vocabulary"]
    assert any(len(piece) > 3 and piece[0] in CJK for piece in table.pieces)
