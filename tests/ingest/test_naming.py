from __future__ import annotations

import pytest

from ingest.model import Block
from ingest.naming import check_name, find_identifiers

LONG = Block("paragraph", "The investigators enrolled patients with heart failure. " * 150)


def paragraphs(*texts: str) -> list[Block]:
    return [Block("paragraph", text) for text in texts]


def test_an_acronym_the_text_never_says_is_doubtful_and_left_out_of_the_label() -> None:
    checked = check_name("protocols/Prot_DAPA_EMPEROR_001.pdf", [LONG, *paragraphs("EMPEROR")])
    assert checked.doubtful == ("DAPA",)
    assert checked.label == "Prot EMPEROR 001"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("DELIVER_protocol.pdf", "The DELIVER trial"),
        ("VALORHCM.pdf", "VALOR-HCM: a randomised trial"),  # written apart in the text
        ("PARADIGM.pdf", "Paradigm"),
        ("EMPEROR.pdf", "本研究EMPEROR旨在评价"),  # touches Chinese characters
        ("NCT01234567.pdf", "not yet registered"),  # a registry number is left alone
        ("ICF_v2.pdf", "informed consent"),  # three letters are no trial name
    ],
)
def test_names_the_text_bears_out_or_need_not_say(name: str, said: str) -> None:
    assert check_name(name, [LONG, *paragraphs(said)]).doubtful == ()


def test_part_of_a_longer_word_does_not_bear_a_name_out() -> None:
    blocks = [LONG, *paragraphs("Patients received dapagliflozin.")]
    assert check_name("DAPA.pdf", blocks).doubtful == ("DAPA",)


def test_a_short_text_need_not_repeat_its_name() -> None:
    checked = check_name("DELIVER.txt", paragraphs("Minutes of the meeting."))
    assert (checked.label, checked.doubtful) == ("DELIVER", ())


def test_a_chinese_name_becomes_words() -> None:
    assert check_name("药品管理法(2019-08-26).md", []).label == "药品管理法 2019 08 26"


@pytest.mark.parametrize(
    "identifier",
    [
        "NCT01234567",
        "ChiCTR2000041234",
        "ChiCTR-IPR-15006789",
        "2016-004567-33",
        "EMPEROR-Reduced",
        "D1699C00001",
        "1245.121",
    ],
)
@pytest.mark.parametrize("sentence", ["Number: {}, version 2", "注册号{}，第二版"])
def test_study_codes_are_found_in_english_and_chinese(identifier: str, sentence: str) -> None:
    assert identifier in find_identifiers(paragraphs(sentence.format(identifier)))


@pytest.mark.parametrize("text", ["aged 18-75", "PROTOCOL", "version 2.0 of 2021", "HFrEF", "3.14"])
def test_ordinary_words_and_numbers_are_no_study_codes(text: str) -> None:
    assert find_identifiers(paragraphs(text)) == ()


def test_the_most_frequent_come_first_and_later_pages_do_not_count() -> None:
    opening = paragraphs("NCT01234567", "D1699C00001", "D1699C00001")
    later = paragraphs(*["-"] * 30, "NCT99999999")
    assert find_identifiers([*opening, *later]) == ("D1699C00001", "NCT01234567")
