from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model import Block
from ingest.privacy import Finding, screen
from ingest.privacy.numbers import resident_check
from tests.ingest.privacy.people import (
    chinese_names,
    luhn,
    mobiles,
    record_numbers,
    resident_ids,
)


def found(text: str) -> list[tuple[str, str, str]]:
    return [
        (finding.kind, text[finding.start : finding.end], finding.severity)
        for finding in screen([Block("paragraph", text)]).findings
    ]


def only(text: str) -> Finding:
    (finding,) = screen([Block("paragraph", text)]).findings
    return finding


@given(resident_ids(), st.sampled_from(["{}", "编码{}。", "身份证号：{}，", "（{}）", "ID {} ok"]))
def test_every_resident_number_is_found(number: str, context: str) -> None:
    assert found(context.format(number)) == [("resident_id", number, "personal")]


@given(resident_ids())
def test_a_resident_number_is_covered(number: str) -> None:
    masked = only(number).masked
    assert masked == f"{number[:4]}**********{number[-4:]}"
    assert number[6:14] not in masked


def test_full_width_digits_groups_and_invisible_characters_hide_nothing() -> None:
    number = "11010519491231033" + resident_check("11010519491231033")
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in number)
    parts = number[:6], number[6:10], number[10:14], number[14:]
    for written in (wide, " ".join(parts), "-".join(parts), "\u200b".join(parts)):
        assert found(f"身份证号：{written}") == [("resident_id", written, "personal")]


def test_a_mistyped_number_beside_its_label_is_found() -> None:
    head = "11010519491231033"
    number = head + str((int(resident_check(head)) + 1) % 10)
    assert found(f"身份证号：{number}") == [("resident_id", number, "personal")]
    assert found(f"流水 {number}") == []


def test_the_old_number_needs_its_label() -> None:
    assert found("身份证号：110105491231002") == [("resident_id", "110105491231002", "personal")]
    assert found("数值 110105491231002") == []


def test_the_example_of_the_standard_is_nobody() -> None:
    assert found("身份证号：11010519491231002X") == []


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("护照号：E12345678", "passport", "E12345678"),
        ("Passport No.: EA1234567", "passport", "EA1234567"),
        ("港澳居民来往内地通行证号码：H1234567890", "permit", "H1234567890"),
        ("台胞证：12345678", "permit", "12345678"),
        ("住院号：20231234", "medical_record", "20231234"),
        ("病案号 A0012345", "medical_record", "A0012345"),
        ("门诊号|100234", "medical_record", "100234"),
        ("住院号：2023ZY0012", "medical_record", "2023ZY0012"),
        ("MRN: 00123456", "medical_record", "00123456"),
        ("medical record number 4455667", "medical_record", "4455667"),
    ],
)
def test_a_labelled_number_is_personal(text: str, kind: str, value: str) -> None:
    assert found(text) == [(kind, value, "personal")]


@given(st.integers(10**14, 10**15 - 1))
def test_bank_cards_pass_the_luhn_check(digits: int) -> None:
    number = luhn(str(digits))
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert found(f"银行卡号：{number}") == [("bank_card", number, "personal")]
    assert found(f"银行卡号：{wrong}") == []


@given(mobiles, st.sampled_from(["患者电话：{}", "家属手机 {}", "本人联系方式：+86 {}", "{}"]))
def test_mobile_numbers_of_patients(number: str, context: str) -> None:
    ((kind, value, severity),) = found(context.format(number))
    assert (kind, severity) == ("mobile", "personal")
    assert value.endswith(number)


@given(chinese_names(), record_numbers)
def test_names_beside_a_label(name: str, record: str) -> None:
    text = f"姓名：{name} 性别：男 住院号：{record}"
    assert found(text) == [
        ("name", name, "personal"),
        ("medical_record", record, "personal"),
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("患者李建国，男，65岁，因胸痛入院。", "李建国"),
        ("受试者姓名：欧阳明日", "欧阳明日"),
        ("患者姓名：刘小华手机", "刘小华"),
        ("姓 名：李 雷", "李 雷"),
        ("家属：王小二 与患者关系：父子", "王小二"),
        ("姓名：阿卜杜拉·买买提", "阿卜杜拉·买买提"),
        ("受试者签名：王强 日期：2023-01-01", "王强"),
        ("姓名 张三 性别 男", "张三"),
        ("Patient name: John Q. Smith", "John Q. Smith"),
        ("Name of patient: SMITH, John", "SMITH, John"),
        ("Patient: Mary O'Neil   DOB: 1970-01-02", "Mary O'Neil"),
        ("Name: John Smith   DOB: 1970-01-02", "John Smith"),
        ("王建国，男，62岁，退休工人。", "王建国"),
        ("病史陈述者：王建国", "王建国"),
        ("姓名：\n王建国", "王建国"),
    ],
)
def test_ways_to_give_a_name(text: str, name: str) -> None:
    assert found(text) == [("name", name, "personal")]


@pytest.mark.parametrize(
    "text",
    [
        "患者：李某某，住院号 ******",
        "姓名：张某",
        "姓名：张**",
        "姓名：王先生",
        "受试者001，姓名缩写：ZSF",
        "姓名：____ 性别：",
        "姓名：签名：",
        "姓名 和日期",
        "受试者签名： 日期：",
        "Patient Name: Date of Birth:",
        "Subject initials: JQS",
        "患者高龄，女，78岁",
        "微血管病变组患者：符合诊断标准",
        "该患者：明确诊断为肺癌",
        "批号：13812345678",
        "ISBN 9787117123456",
        "doi:10.1016/13812345678",
        "ChiCTR2000029953",
        "NCT13812345678",
        "J Nutr 2010 140 1932 1936",
        "Am J Psychiatry 1984 141 1356 1364 6496779",
        "剂量 15012345678 copies/mL",
        "3.13812345678",
        "样本量13812345678例",
        "住院号：□□□□",
        "家庭住址：____省____市",
        "mRNA-1273",
        "门诊号2020年起改为条码",
        "Name: Blood Pressure",
        "男，62岁，退休工人",
        "病历号：000000",
    ],
)
def test_what_is_no_personal_data(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "通信作者：李晓明 电话：010-12345678，E-mail：author@example.org",
        "Correspondence to: Dr Wang, wang@example.org, 13812345678",
        "申办者24小时热线：400-820-1234",
        "如有疑问请拨打研究医生电话：13912345678",
        "受试者可随时与王医生联系，电话13912345678",
        "联系人：李明，电话：010-12345678，传真：010-12345679",
        "The sponsor's hotline is +1 800 555 0199.",
        "主要研究者：王强",
        "负责人姓名：王强",
    ],
)
def test_published_contacts_are_reported_only(text: str) -> None:
    severities = {severity for _, _, severity in found(text)}
    assert severities == {"contact"}


def test_the_same_words_count_for_the_nearest_number() -> None:
    text = "研究者电话：13912345678。患者电话：13812345678"
    assert [(value, severity) for _, value, severity in found(text)] == [
        ("13912345678", "contact"),
        ("13812345678", "personal"),
    ]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("家庭住址：广州市天河区某路12号3栋501室，电话：", "广州市天河区某路12号3栋501室"),
        ("现住址：河北省保定市清苑县东村", "河北省保定市清苑县东村"),
        ("Home address: 12 Green Street, Springfield", "12 Green Street, Springfield"),
    ],
)
def test_home_addresses(text: str, address: str) -> None:
    assert found(text) == [("address", address, "personal")]
    assert address[4:] not in only(text).masked


@given(st.text(max_size=300))
def test_places_lie_within_any_text(text: str) -> None:
    for finding in screen([Block("paragraph", text)]).findings:
        assert 0 <= finding.start < finding.end <= len(text)


def test_two_mobile_numbers_in_a_row() -> None:
    assert [value for _, value, _ in found("13812345678 13912345678/13712345678")] == [
        "13812345678",
        "13912345678",
        "13712345678",
    ]
