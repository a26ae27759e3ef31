"""Free text into rules: each wording against the rule it must give, and what must be listed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from design.cohort import BadCohort, Options, Source, funnel, parse_criteria


def _rules(source: Source, text: str) -> list[dict[str, Any]]:
    parsed = parse_criteria(text, source.vocabulary)
    rules = parsed.rules
    found = [rule.to_json() for rule in rules]
    for rule in found:
        rule.pop("name", None)
        rule.pop("text", None)
        if "not" in rule:
            rule["not"].pop("name", None)
            rule["not"].pop("text", None)
    return found


def _value(concept: str, unit: str | None = None, **bounds: float) -> dict[str, Any]:
    held = {"concept": concept, **bounds, **({"unit": unit} if unit else {})}
    return {"measurement": held}


def _diagnosis(*names: str, before: int | None = None) -> dict[str, Any]:
    window = {"window": {"before": before}} if before else {}
    return {"diagnosis": {"concepts": list(names), **window}}


def _drug(*names: str, before: int | None = None) -> dict[str, Any]:
    window = {"window": {"before": before}} if before else {}
    return {"drug": {"concepts": list(names), **window}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("年龄18–75岁", [{"age": {"min": 18, "max": 75}}]),
        ("18~75周岁（含18和75岁）", [{"age": {"min": 18, "max": 75}}]),
        ("年龄≥18周岁", [{"age": {"min": 18}}]),
        ("65岁以上", [{"age": {"min": 65}}]),
        ("年龄大于18岁", [{"age": {"above": 18}}]),
        ("Aged 18 to 75 years", [{"age": {"min": 18, "max": 75}}]),
        ("At least 18 years of age", [{"age": {"min": 18}}]),
        ("Age < 80 years", [{"age": {"below": 80}}]),
        ("女性", [{"sex": "female"}]),
        ("Male patients", [{"sex": "male"}]),
        ("男女不限", []),
        (
            "Body mass index (BMI) of at least 18.5 kilograms per meter squared (kg/m²)",
            [_value("体质量指数", "kilograms per meter squared", min=18.5)],
        ),
        ("收缩压≥140毫米汞柱(mmHg)", [_value("收缩压", "毫米汞柱", min=140.0)]),
        ("诊断为2型糖尿病的患者", [_diagnosis("2型糖尿病")]),
        ("Diagnosis of type 2 diabetes mellitus", [_diagnosis("2型糖尿病")]),
        ("EGFR突变阳性", [_diagnosis("EGFR突变非小细胞肺癌")]),
        ("2型糖尿病或心力衰竭", [{"any": [_diagnosis("2型糖尿病"), _diagnosis("心力衰竭")]}]),
        ("年龄18到75岁、2型糖尿病、男性",
         [{"age": {"min": 18, "max": 75}}, _diagnosis("2型糖尿病"), {"sex": "male"}]),
        ("2型糖尿病、心力衰竭", [{"any": [_diagnosis("2型糖尿病"), _diagnosis("心力衰竭")]}]),
        ("2型糖尿病且高血压", [_diagnosis("2型糖尿病"), _diagnosis("原发性高血压")]),
        ("血红蛋白≥90 g/L", [_value("血红蛋白", "g/L", min=90)]),
        ("血红蛋白９０～１２０ｇ／Ｌ", [_value("血红蛋白", "g/L", min=90, max=120)]),
        ("血小板计数≥100×10^9/L", [_value("血小板计数", "×10^9/L", min=100)]),
        ("左室射血分数（LVEF）不超过40%", [_value("左心室射血分数", "%", max=40)]),
        ("7.0%≤HbA1c<10.5%", [_value("糖化血红蛋白", "%", min=7.0, below=10.5)]),
        ("HbA1c between 7.0% and 10.5%", [_value("糖化血红蛋白", "%", min=7.0, max=10.5)]),
        ("NYHA心功能II~III级", [_value("NYHA心功能分级", min=2, max=3)]),
        ("ECOG评分0或1分", [_value("ECOG体能状态评分", min=0, max=1)]),
        ("ECOG performance status 0, 1 or 2", [_value("ECOG体能状态评分", min=0, max=2)]),
        ("III-IV期", [_value("TNM分期（1至4）", min=3, max=4)]),
        ("NT-proBNP>125pg/ml", [_value("N末端B型利钠肽原", "pg/ml", above=125)]),
        ("筛选前4周内使用过二甲双胍", [_drug("二甲双胍", before=28)]),
        ("On metformin within 8 weeks before screening", [_drug("二甲双胍", before=56)]),
        ("近半年使用过胰岛素", None),
        ("近6个月内未使用过胰岛素", [{"not": _drug("甘精胰岛素", before=180)}]),
        ("无心肌梗死或脑卒中史",
         [{"not": {"any": [_diagnosis("心肌梗死"), _diagnosis("脑卒中")]}}]),
        ("No history of myocardial infarction", [{"not": _diagnosis("心肌梗死")}]),
        ("停用二甲双胍至少4周", [{"washout": {"concepts": ["二甲双胍"], "days": 28}}]),
        ("排除标准：近6个月内心肌梗死", [{"not": _diagnosis("心肌梗死", before=180)}]),
        ("排除标准：使用SGLT2抑制剂", [{"not": _drug("恩格列净", "达格列净")}]),
        ("Exclusion criteria:\n- Systolic blood pressure < 95 mmHg",
         [{"not": _value("收缩压", "mmHg", below=95)}]),
        ("排除标准：NYHA IV级心力衰竭",
         [{"not": {"all": [_value("NYHA心功能分级", min=4, max=4), _diagnosis("心力衰竭")]}}]),
    ],
)  # fmt: skip
def test_wordings(synthetic: Source, text: str, expected: list[dict[str, Any]] | None) -> None:
    parsed = parse_criteria(text, synthetic.vocabulary)
    if expected is None:
        # Not a wording we read: it must be listed.
        assert parsed.unparsed or parsed.rules
        return
    assert not parsed.unparsed
    assert _rules(synthetic, text) == expected


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("签署知情同意书", "签署知情同意书"),
        ("有脑转移", "脑转移"),
        ("未控制的高血压", "控制"),
        ("妊娠或哺乳期女性", "妊娠"),
        ("女性血红蛋白≥110 g/L", "性别"),
        ("ALT≤2.5×ULN", "上限"),
        ("血压≥140/90mmHg", "血压"),
        ("肺癌", "非小细胞肺癌"),
        ("血肌酐升高", "升高"),
        ("血肌酐≥5 mmHg", "mmHg"),
        ("Uncontrolled hypertension", "Uncontrolled"),
        ("病程≥1年", "病程"),
    ],
)
@pytest.mark.parametrize("heading", ["", "排除标准：\n"])
def test_what_is_not_read_is_listed(synthetic: Source, text: str, named: str, heading: str) -> None:
    parsed = parse_criteria(heading + text, synthetic.vocabulary)
    assert parsed.criteria is None
    assert len(parsed.unparsed) >= 1
    told = " ".join(each.text + each.reason.zh for each in parsed.unparsed)
    assert named in told
    assert all(each.excluded == bool(heading) for each in parsed.unparsed)


def test_a_part_that_is_not_read_leaves_the_others(synthetic: Source) -> None:
    text = "排除标准：青光眼、心肌梗死\n纳入标准：18岁以上，签署知情同意书"
    parsed = parse_criteria(text, synthetic.vocabulary)
    assert _rules(synthetic, text) == [{"age": {"min": 18}}, {"not": _diagnosis("心肌梗死")}]
    assert [each.text for each in parsed.unparsed] == ["青光眼", "签署知情同意书"]


def test_a_missing_unit_is_asked_about(synthetic: Source) -> None:
    parsed = parse_criteria("血红蛋白≥90", synthetic.vocabulary)
    assert _rules(synthetic, "血红蛋白≥90") == [_value("血红蛋白", "g/L", min=90)]
    assert any("单位" in text.zh for text in parsed.questions)


def test_a_qualifier_left_out_is_listed(synthetic: Source) -> None:
    text = "经组织学或细胞学确诊的非小细胞肺癌"
    parsed = parse_criteria(text, synthetic.vocabulary)
    assert _rules(synthetic, text) == [_diagnosis("非小细胞肺癌")]
    assert [each.text for each in parsed.unparsed] == ["经组织学或细胞学确诊的"]
    excluded = parse_criteria("排除标准：" + text, synthetic.vocabulary)
    assert excluded.criteria is None


def test_numbered_lists_and_headings(synthetic: Source) -> None:
    text = "入选标准：1、年龄18-75岁；2、2型糖尿病；排除标准：①心肌梗死②eGFR<30 ml/min/1.73m²"
    assert _rules(synthetic, text) == [
        {"age": {"min": 18, "max": 75}},
        _diagnosis("2型糖尿病"),
        {"not": _diagnosis("心肌梗死")},
        {"not": _value("估算肾小球滤过率（CKD-EPI 2021）", "ml/min/1.73m2", below=30)},
    ]


def test_rules_read_can_be_counted(synthetic: Source) -> None:
    text = "纳入：18-80岁，心衰，LVEF≤40%\n排除：近3个月心肌梗死，eGFR<30 ml/min/1.73m2"
    parsed = parse_criteria(text, synthetic.vocabulary)
    assert parsed.criteria is not None
    found = funnel(synthetic, parsed.criteria, Options())
    assert len(found.steps) == 5
    assert found.remaining is not None
    assert 1000 < found.remaining < 2000


def test_a_text_too_long_is_refused(synthetic: Source) -> None:
    with pytest.raises(BadCohort, match="longer"):
        parse_criteria("x" * 50_001, synthetic.vocabulary)


_WORDS = """年龄 ≥ 18 岁 或 、 ， 且 无 心肌梗死 HbA1c 7% 近6个月内 停用 二甲双胍 4周 ×ULN ( )
排除标准： II-III级 NYHA and or no 男性 - . 1. eGFR 青光眼 ① ≤"""
_PIECES = ["\n", *_WORDS.split()]


@settings(max_examples=150, deadline=None)
@given(pieces=st.lists(st.sampled_from(_PIECES), max_size=14))
def test_any_text_is_read_or_listed(synthetic: Source, pieces: list[str]) -> None:
    text = " ".join(pieces)
    parsed = parse_criteria(text, synthetic.vocabulary)
    if any(piece == "青光眼" for piece in pieces):
        # A word no rule can hold is never lost.
        assert any("青光眼" in each.text for each in parsed.unparsed)


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=60))
def test_no_text_breaks_the_reader(synthetic: Source, text: str) -> None:
    parse_criteria(text, synthetic.vocabulary)


def test_hard_wrapped_lines_are_read_whole(synthetic: Source) -> None:
    text = (
        "Inclusion Criteria:\n- type 2 diabetes\n"
        "- Have the following value at the screening visit of the study: HbA1c less than\n"
        "or equal to 11%\n"
    )
    parsed = parse_criteria(text, synthetic.vocabulary)
    told = [rule.to_json() for rule in parsed.rules] + [each.text for each in parsed.unparsed]
    assert "less than or equal to 11%" in str(told) or "'max': 11" in str(told)
    unwrapped = parse_criteria("age 18-75\ntype 2 diabetes\nhba1c >= 7%", synthetic.vocabulary)
    assert len(unwrapped.rules) == 3


def test_a_heading_of_a_group_is_no_criterion(synthetic: Source) -> None:
    text = "Exclusion criteria:\nSubjects with type 2 diabetes:\n- HbA1c > 11%"
    parsed = parse_criteria(text, synthetic.vocabulary)
    some = "Exclusion criteria:\n- For patients with type 2 diabetes, metformin is acceptable"
    assert parse_criteria(some, synthetic.vocabulary).rules == []
    assert parsed.rules == [] and "heads" in parsed.unparsed[0].reason.en
    assert parsed.unparsed[1].text == "HbA1c > 11%"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        # Exceptions and conditions.
        ("排除标准：心肌梗死、恶性肿瘤（已治愈的皮肤癌除外）", "例外"),
        ("Exclusion: stroke, except lacunar", "exceptions"),
        ("Inclusion: QTc ≤ 450 ms in males or ≤ 470 ms in females", "QTc"),
        ("Inclusion: hemoglobin ≥ 130 g/L for male and ≥ 120 g/L for female", "some persons"),
        ("Inclusion: Males, and female participants able to have children, must use contraception",
         "some persons"),
        ("Inclusion: Males and non-pregnant women", "alternatives"),
        ("Exclusion: For males, from the first day on", "some persons"),
        ("Inclusion: psoriasis, with or without atrial fibrillation", "psoriasis"),
        ("Inclusion: patients with stroke and an INR > 2 are not eligible", "under a condition"),
        ("Inclusion: age ≥ 30 years at the time of diagnosis", "under a condition"),
        # Alternatives of an inclusion that were not read.
        ("Inclusion: psoriasis or stroke", "psoriasis"),
        ("Inclusion: LVEF < 35% or", "alternatives"),
        ("Inclusion: at least one of the following: psoriasis, stroke", "alternatives"),
        ("Inclusion: fever, stroke, or atrial fibrillation", "fever"),
        # Words that narrow what is named beside them.
        ("Exclusion: allergy to aspirin, warfarin or metformin", "narrow"),
        ("Exclusion: hypersensitivity to clopidogrel or aspirin", "narrow"),
        ("排除标准：对阿司匹林、二甲双胍过敏者", "限定"),
        ("排除标准：严重肝病、心力衰竭", "限定"),
        ("排除标准：因痛风、2型糖尿病等所致的高脂血症", "痛风"),
        ("Exclusion: uncontrolled asthma, psoriasis or heart failure", "narrow"),
        ("Exclusion: stroke, or other event that would preclude participation", "narrow"),
        ("Exclusion: heart failure, which in the opinion of the investigator is significant",
         "narrow"),
        ("Exclusion: brain disorder (e.g., normal pressure hydrocephalus, stroke)", "stroke"),
        ("Exclusion: SBP ≥ 180 mmHg or DBP ≥ 110 mmHg on two occasions", "narrow"),
        ("Exclusion: myocardial infarction, angioplasty, other surgery within 12 weeks", "window"),
        ("Exclusion: aspirin, warfarin or alefacept < 60 days", "narrow"),
        ("Exclusion: fasting serum/blood glucose > 7 mmol/L", "fasting"),
        # And, or.
        ("排除标准：2型糖尿病和高血压", "任一还是同时"),
        ("Exclusion: aged > 75 years old and < 18 years old", "either excludes"),
        # Numbers.
        ("Platelet count < 50.000 /μL", "50"),
        ("Platelet count < 50,000", "names no unit"),
        ("Exclusion: heart failure for at least 1 year", "1 year"),
        ("纳入标准：3.18≤BMI≤28kg/m2", "18"),
        ("Exclusion: squamous carcinoma of the cervix; 鳞癌", "鳞癌"),
        ("HbA1c ≥ 7%)", "brackets"),
        ("排除标准：ALT>3倍正常量", "倍"),
        ("Exclusion: aspirin or Plavix allergy", "narrow"),
        ("Exclusion: stroke, excluding lacunar infarcts", "exceptions"),
        ("Exclusion: sustained SBP > 150 mmHg or < 90 mmHg", "narrow"),
        ("排除标准：近3天内用过抗组胺药，二甲双胍治疗", "时间窗"),
        ("排除标准：陈旧的心肌梗死、脑卒中", "限定"),
        ("排除标准：无骨折，心肌梗死", "否定"),
    ],
)  # fmt: skip
def test_a_part_is_not_read_alone_where_the_rest_may_change_it(
    synthetic: Source, text: str, named: str
) -> None:
    parsed = parse_criteria(text, synthetic.vocabulary)
    told = " ".join(each.text + each.reason.zh + each.reason.en for each in parsed.unparsed)
    assert named in told
    assert parsed.criteria is None, [text.en for text in parsed.meanings]


@pytest.mark.parametrize(
    ("text", "meanings"),
    [
        ("Exclusion: Currently taking metformin",
         ["exclude: exposed to metformin (on the index date)"]),
        ("Exclusion: current or past use of metformin", ["exclude: exposed to metformin"]),
        ("排除标准：正在服用华法林或近3个月内使用二甲双胍",
         ["exclude: exposed to warfarin (on the index date)",
          "exclude: exposed to metformin (within 90 days before the index date)"]),
        ("排除标准：BMI<18或>40 kg/m2",
         ["exclude: Body mass index < 18 kg/m2 or Body mass index > 40 kg/m2"]),
        ("Exclusion: patients <18 or >89 years of age",
         ["exclude: age < 18 years or age > 89 years"]),
        ("Adults aged ≥ 18 and ≤ 64 years of age at enrollment", ["age 18–64 years"]),
        ("Adults, 18-75 years of age", ["age 18–75 years"]),
        ("血小板≥100×109/L", ["Platelets in blood ≥ 100 × 10^9/L"]),
        ("Creatinine ≤ 2.0 mg/dL (177 umol/L)", ["Creatinine in serum or plasma ≤ 2 mg/dL"]),
        ("Exclusion: history of LVEF below 50%",
         ["exclude: Left ventricular ejection fraction < 50% (any value)"]),
        ("Exclusion: psoriasis or stroke", ["exclude: diagnosis of Cerebrovascular accident"]),
        ("Exclusion: stroke, heart failure, and atrial fibrillation",
         ["exclude: diagnosis of Cerebrovascular accident or diagnosis of Heart failure or "
          "diagnosis of Atrial fibrillation"]),
        ("排除标准：心肌梗死、高血压以及脑卒中患者",
         ["exclude: diagnosis of Myocardial infarction or diagnosis of Essential hypertension or "
          "diagnosis of Cerebrovascular accident"]),
        ("Exclusion: active asthma or heart failure in the last 14 days",
         ["exclude: diagnosis of Heart failure (within 14 days before the index date)"]),
    ],
)  # fmt: skip
def test_what_is_read_says_what_was_written(
    synthetic: Source, text: str, meanings: list[str]
) -> None:
    parsed = parse_criteria(text, synthetic.vocabulary)
    assert [meaning.en for meaning in parsed.meanings] == meanings


def test_a_negation_does_not_turn_into_a_demand(synthetic: Source) -> None:
    parsed = parse_criteria("纳入标准：无心肌梗死，脑卒中", synthetic.vocabulary)
    assert [meaning.en for meaning in parsed.meanings] == [
        "not (diagnosis of Myocardial infarction)"
    ]
    assert [each.text for each in parsed.unparsed] == ["脑卒中"]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Inclusion criteria:\n1. Any of the following:\na) stroke\nb) asthma\n2. Age ≥ 18", 1),
        ("Exclusion criteria:\n- Allergy to:\n- aspirin\n- metformin", 0),
        ("Exclusion criteria:\nPatients with any of the following:\n- stroke\n- age < 18 years", 2),
        ("Inclusion criteria:\n- stroke, or\n- heart failure\n- age ≥ 18 years", 1),
        ("Inclusion criteria:\nSubjects must meet all of the following:\n- age ≥ 18 years", 1),
    ],
)  # fmt: skip
def test_items_under_a_heading_that_narrows_them_are_listed(
    synthetic: Source, text: str, read: int
) -> None:
    assert len(parse_criteria(text, synthetic.vocabulary).rules) == read


def test_bounds_that_leave_nothing_break_no_text(synthetic: Source) -> None:
    parsed = parse_criteria("Exclusion: heart rate > 100, < 60 bpm", synthetic.vocabulary)
    assert parsed.criteria is None and parsed.unparsed


def test_numbers_without_a_space_are_no_part_of_a_bound(synthetic: Source) -> None:
    text = (
        "入选标准：\n1.18-75岁\n2.2型糖尿病\n3.7%≤HbA1c≤10.0%\n4.18.5≤BMI≤35kg/m2\n"
        "排除标准：1.5.0≤血钾≤5.5 mmol/L；2.2周内使用二甲双胍"
    )
    assert [meaning.en for meaning in parse_criteria(text, synthetic.vocabulary).meanings] == [
        "age 18–75 years",
        "diagnosis of Type 2 diabetes mellitus",
        "Hemoglobin A1c 7–10%",
        "Body mass index 18.5–35 kg/m2",
        "exclude: Potassium in serum or plasma 5–5.5 mmol/L",
        "exclude: exposed to metformin (within 14 days before the index date)",
    ]
    alone = parse_criteria("3.5≤血钾≤5.5 mmol/L", synthetic.vocabulary)
    assert [meaning.en for meaning in alone.meanings] == [
        "Potassium in serum or plasma 3.5–5.5 mmol/L"
    ]
