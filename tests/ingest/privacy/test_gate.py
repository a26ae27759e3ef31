from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model import Block, DocumentKind, Locator, Table
from ingest.parse import parse_file
from ingest.privacy import screen
from ingest.tables import make_table, table_block, table_text
from ingest.text import squeeze
from tests.ingest.privacy.people import chinese_names, mobiles, record_numbers, resident_ids


def paragraph(text: str, page: int | None = None) -> Block:
    return Block("paragraph", text, Locator(page=page))


def table(*rows: list[str], header_rows: int = 1, caption: str | None = None) -> Block:
    made = make_table(rows, header_rows, caption)
    assert made is not None
    return table_block(made, Locator(sheet="名单"))


PATIENTS = table(
    ["姓名", "性别", "住院号", "电话", "诊断"],
    ["张伟", "男", "20201234", "13812345678", "肺炎"],
    ["李娜", "女", "20201235", "62345678", "肺癌"],
    caption="表1 入组名单",
)


def test_a_clean_document_passes_as_it_came() -> None:
    blocks = (paragraph("受试者应签署知情同意书。"), table(["剂量", "例数"], ["10 mg", "30"]))
    screened = screen(blocks)
    assert screened.blocks == blocks
    assert (screened.findings, screened.quarantined, screened.reason) == ((), False, None)


def test_a_document_with_a_patient_is_quarantined_and_the_reason_says_where() -> None:
    screened = screen([paragraph("引言"), paragraph("姓名：张小明，住院号：20231234", page=7)])
    assert screened.quarantined
    assert screened.reason is not None
    assert "page 7" in screened.reason
    assert "张**" in screened.reason
    assert "姓名" in screened.reason
    assert "张小明" not in screened.reason
    assert "20231234" not in screened.reason
    assert len(screened.blocks) == 2


def test_contacts_are_reported_and_nothing_else_happens() -> None:
    blocks = (paragraph("研究者电话：13912345678"),)
    screened = screen(blocks)
    assert [finding.severity for finding in screened.findings] == ["contact"]
    assert (screened.blocks, screened.quarantined) == (blocks, False)
    assert screen(blocks, mask=True).blocks == blocks


@pytest.mark.parametrize("kind", ["guideline", "paper", "protocol", "registry"])
def test_an_unlabelled_number_in_a_published_document_is_a_contact(kind: DocumentKind) -> None:
    blocks = [paragraph("电话 13912345678")]
    assert screen(blocks).quarantined
    assert not screen(blocks, kind=kind).quarantined


def test_a_patient_named_in_a_published_document_is_one() -> None:
    assert screen([paragraph("患者姓名：张小明")], kind="paper").quarantined


def test_a_telephone_beside_a_patient_is_the_patients() -> None:
    near = [paragraph("姓名：张小明 住院号：20231234"), paragraph("电话：010-62345678")]
    far = [near[0], *[paragraph("正文")] * 5, near[1]]
    severities = [
        [one.severity for one in screen(blocks).findings if one.kind == "landline"]
        for blocks in (near, far)
    ]
    assert severities == [["personal"], ["contact"]]


def test_columns_of_a_list_of_patients() -> None:
    screened = screen([PATIENTS])
    found = [PATIENTS.text[one.start : one.end] for one in screened.findings]
    assert found == ["张伟", "20201234", "13812345678", "李娜", "20201235", "62345678"]
    assert {one.severity for one in screened.findings} == {"personal"}


def test_a_list_of_staff_is_no_list_of_patients() -> None:
    staff = table(
        ["姓名", "职称", "单位", "联系电话", "邮箱"],
        ["张伟", "教授", "某医院", "13812345678", "zhang@example.org"],
    )
    screened = screen([staff])
    assert len(screened.findings) == 3
    assert {one.severity for one in screened.findings} == {"contact"}


def test_a_form_in_cells_without_a_header() -> None:
    form = table(
        ["姓名", "张伟", "性别", "男"], ["住院号", "123456", "联系人", "李娜"], header_rows=0
    )
    found = {form.text[one.start : one.end]: one.severity for one in screen([form]).findings}
    assert found == {"张伟": "personal", "123456": "personal", "李娜": "personal"}


def test_patients_across_the_columns() -> None:
    across = table(
        ["项目", "例1", "例2"], ["姓名", "张伟", "李娜"], ["住院号", "20201234", "20201235"]
    )
    found = [across.text[one.start : one.end] for one in screen([across]).findings]
    assert found == ["张伟", "李娜", "20201234", "20201235"]


def test_a_header_that_the_loader_did_not_see() -> None:
    listed = table(["姓名", "住院号"], ["张伟", "20201234"], header_rows=0)
    found = [listed.text[one.start : one.end] for one in screen([listed]).findings]
    assert found == ["张伟", "20201234"]


def test_masking_changes_text_and_cells_alike() -> None:
    masked = screen([PATIENTS], mask=True)
    assert not masked.quarantined
    (block,) = masked.blocks
    assert block.table is not None
    assert block.table.rows[1] == ("【姓名1】", "男", "【病历号1】", "【手机号1】", "肺炎")
    assert block.table.rows[2] == ("【姓名2】", "女", "【病历号2】", "【电话1】", "肺癌")
    assert block.table.caption == "表1 入组名单"
    assert block.text == table_text(block.table)


def test_a_pseudonym_stays_the_same_throughout_a_document() -> None:
    blocks = [
        paragraph("患者姓名：张小明，住院号：20231234。"),
        paragraph("张小明于次日出院；住院号 20231234。"),
        paragraph("患者姓名：李建国"),
        table(["姓名", "年龄"], ["张小明", "45"], ["李建国", "50"]),
    ]
    texts = [block.text for block in screen(blocks, mask=True).blocks]
    assert texts == [
        "患者姓名：【姓名1】，住院号：【病历号1】。",
        "【姓名1】于次日出院；住院号 【病历号1】。",
        "患者姓名：【姓名2】",
        "姓名 | 年龄\n【姓名1】 | 45\n【姓名2】 | 50",
    ]


def test_a_name_of_two_characters_is_not_masked_inside_other_words() -> None:
    blocks = [paragraph("患者姓名：张力"), paragraph("肌张力增高；患者张力好转；张力，男")]
    assert screen(blocks, mask=True).blocks[1].text == (
        "肌张力增高；患者【姓名1】好转；【姓名1】，男"
    )


def test_a_caption_is_masked_too() -> None:
    block = table(["日期", "值"], ["1", "2"], caption="表1 患者姓名：张小明")
    (masked,) = screen([block], mask=True).blocks
    assert masked.table is not None
    assert masked.table.caption == "表1 患者姓名：【姓名1】"
    assert masked.text == table_text(masked.table)


def test_a_table_whose_text_differs_from_its_cells_is_written_out() -> None:
    block = replace(PATIENTS, text="another text")
    (masked,) = screen([block], mask=True).blocks
    assert masked.table is not None
    assert masked.table.rows[1][0] == "【姓名1】"
    assert "张伟" not in masked.text


def test_a_table_whose_blanks_were_squeezed_keeps_its_text() -> None:
    block = table(["", "姓名", "住院号"], ["1", "", "20201234"], ["2", "张伟", ""])
    squeezed = replace(block, text=squeeze(block.text))
    assert squeezed.text != block.text
    (masked,) = screen([squeezed], mask=True).blocks
    assert masked.table is not None
    assert masked.table.rows == (
        ("", "姓名", "住院号"),
        ("1", "", "【病历号1】"),
        ("2", "【姓名1】", ""),
    )
    assert masked.text == "| 姓名 | 住院号\n1 | | 【病历号1】\n2 | 【姓名1】 |"


def test_an_empty_table_and_empty_text_are_no_trouble() -> None:
    assert screen([Block("table", "", table=Table(rows=())), paragraph("")]).findings == ()


@given(st.lists(st.tuples(chinese_names(), resident_ids(), mobiles, record_numbers), max_size=6))
def test_nothing_personal_is_left_after_masking(
    people: list[tuple[str, str, str, str]],
) -> None:
    blocks: list[Block] = []
    for name, number, mobile, record in people:
        blocks.append(
            paragraph(f"姓名：{name}，身份证号：{number}，电话：{mobile}，住院号：{record}")
        )
        blocks.append(table(["患者姓名", "手机", "病历号"], [name, mobile, record]))
    masked = screen(blocks, mask=True)
    assert [(one.kind, one.locator) for one in masked.blocks] == [
        (one.kind, one.locator) for one in blocks
    ]
    for block in masked.blocks:
        held = [
            block.text,
            *(cell for row in (block.table.rows if block.table else ()) for cell in row),
        ]
        for person in people:
            assert not any(value in text for value in person for text in held)
        if block.table:
            assert block.text == table_text(block.table)
    assert not any(one.severity == "personal" for one in screen(masked.blocks).findings)


@given(st.lists(st.text(max_size=60), max_size=5))
def test_masking_twice_changes_nothing_more(texts: list[str]) -> None:
    once = screen([paragraph(text) for text in texts], mask=True).blocks
    assert screen(once, mask=True).blocks == once


@pytest.mark.slow
@pytest.mark.shared
def test_published_laws_and_guidances_hold_no_patient(shared: Path) -> None:
    wrong: Counter[str] = Counter()
    for path in sorted((shared / "reference").rglob("*.md")):
        document, _ = parse_file(path.read_bytes(), path.name, path.name, str(path))
        for finding in screen(document.blocks).findings:
            if finding.severity == "personal":
                wrong[f"{path.name}: {finding.masked} {finding.reason}"] += 1
    assert wrong == {}


@pytest.mark.shared
def test_trial_records_hold_no_patient(shared: Path) -> None:
    with (shared / "trials" / "chictr_records.jsonl").open(encoding="utf-8") as file:
        for line in file:
            blocks = [
                paragraph(f"{key}: {text}")
                for key, text in json.loads(line).items()
                if isinstance(text, str)
            ]
            assert not screen(blocks, kind="registry").quarantined, line[:80]


@pytest.mark.parametrize(
    ("header", "cell", "is_found"),
    [
        (["Name", "Type"], "Blood Pressure", False),
        (["name", "patient or site"], "Blood Pressure", False),
        (["name", "label"], "Standing, Supine", False),
        (["Name", "MRN"], "John Smith", True),
        (["Patient", "Age"], "Smith, John", True),
        (["Subject", "Visit"], "Screening Failure", False),
        (["患者", "年龄"], "李建国", True),
        (["患者", "例数"], "干预组", False),
        (["患者", "例数"], "高危组", False),
    ],
)
def test_a_column_that_may_list_people_or_other_things(
    header: list[str], cell: str, is_found: bool
) -> None:
    assert bool(screen([table(header, [cell, "1"])]).findings) is is_found


def test_thousands_of_patients_in_one_table() -> None:
    rows = [
        ["姓名", "住院号"],
        *([f"王{chr(0x4E00 + n)}华", str(2020_0000 + n)] for n in range(3000)),
    ]
    blocks = [table(*rows), *[paragraph("王医生与患者沟通。" * 20)] * 200]
    masked = screen(blocks, mask=True)
    assert "【病历号3000】" in masked.blocks[0].text
