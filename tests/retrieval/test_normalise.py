from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.normalise import compare_form, fold, marked_scripts


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＳＡＥ　３０例", "sae 30例"),
        ("Ⅲ期", "iii期"),
        ("受試者應簽署知情同意書", "受试者应签署知情同意书"),
        ("腫瘤手術", "肿瘤手术"),
        ("乾隆年間", "乾隆年间"),
    ],
)
def test_width_case_and_script_do_not_matter(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("六十个工作日", "60个工作日"),
        ("十五日", "15日"),
        ("第一百零三条", "第103条"),
        ("第二十章", "第20章"),
        ("三百例", "300例"),
        ("二〇二五年", "2025年"),
        ("两个月", "2个月"),
        ("60 个工作日", "60个工作日"),
        ("30 例", "30例"),
        ("E 6 (R3)", "e6(r3)"),
    ],
)
def test_quantities_are_written_one_way(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize("text", ["一般情况", "三甲医院", "十分重要", "万一", "统一", "二甲双胍"])
def test_words_that_only_look_like_numbers_stay(text: str) -> None:
    assert fold(text) == text


@pytest.mark.parametrize("text", ["3百例", "2千万元", "3百零五例", "1.5万例"])
def test_a_numeral_that_continues_arabic_digits_stays(text: str) -> None:
    assert fold(text) == text


@given(
    st.text(
        alphabet="第一二十百千万亿〇零两条款例日个月工作年 　12Ａ應試驗術ab（）Ｒ３E6.", max_size=40
    )
)
@settings(max_examples=200)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="知情同意书ABC123，。（）%", max_size=30), st.data())
def test_white_space_and_width_do_not_count_in_a_quote(text: str, data: st.DataObject) -> None:
    blanks = data.draw(st.lists(st.sampled_from(["", " ", "\n", "\u3000"]), min_size=len(text)))
    wide = str.maketrans("ABC123(),%", "ＡＢＣ１２３（），％")
    spaced = "".join(a + b for a, b in zip(text, blanks, strict=False)).translate(wide)
    assert compare_form(spaced) == compare_form(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("15日", "十五日"),
        ("SAE", "sae"),
        ("受试者", "受試者"),
        ("不得使用", "得使用"),
        ("1.5", "15"),
    ],
)
def test_a_quote_must_have_the_same_characters(one: str, other: str) -> None:
    assert compare_form(one) != compare_form(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("10⁹", "109"), ("m²", "m2"), ("10⁻³", "10-3"), ("2½", "21⁄2"), ("10₂", "102")],
)
def test_raised_and_lowered_digits_are_not_digits_on_the_line(one: str, other: str) -> None:
    assert compare_form(one) != compare_form(other)
    assert compare_form(one) == compare_form(f" {one}\n")


def test_search_finds_what_lost_its_raised_digits() -> None:
    assert fold("10⁹ cells") == fold("109 cells")


def test_a_lowered_digit_of_a_formula_is_the_digit() -> None:
    assert compare_form("CO₂") == compare_form("CO2")


@pytest.mark.parametrize(
    ("text", "marked"),
    [("10⁹", "10^9"), ("10⁻³", "10^-3"), ("m²·kg⁻¹", "m^2·kg^-1"), ("没有上标", "没有上标")],
)
def test_scripts_are_marked(text: str, marked: str) -> None:
    assert marked_scripts(text) == marked
