from __future__ import annotations

import csv
import io
import json
from copy import deepcopy

from ingest.loaders.base import Loaded
from ingest.registry import ctgov_v2
from ingest.registry.collect import Entry
from tests.ingest.registry.studies import (
    CHICTR_XML,
    FACTS,
    FLAT,
    ICTRP_XML,
    V2,
    WHO,
    lines,
    read_all,
    read_one,
    texts,
    where,
)


def test_v2_study_as_a_document() -> None:
    loaded = read_one(json.dumps(V2, indent=1).encode())
    assert loaded.title == "Madeupmab in Invented Fever"
    assert loaded.metadata["identifiers"] == (
        "NCT90000001", "INVENT-1", "MADEUP-01", "2031-000001-01",
    )  # fmt: skip
    assert loaded.metadata["version_date"] == "2032-03-04"
    assert loaded.metadata["kind"] == "registry"
    assert texts(loaded, "纳入标准") == ["Age >= 18 years", "Any of:\n* cough\n* rash"]
    assert texts(loaded, "排除标准") == ["Pregnancy"]
    assert where(loaded, "Slow accrual") == "/protocolSection/statusModule/whyStopped"
    assert where(loaded, "120") == "/protocolSection/designModule/enrollmentInfo/count"
    assert where(loaded, "7 days") == "/protocolSection/outcomesModule/primaryOutcomes/0"
    arms = next(block for block in loaded.blocks if block.table and "Arms" in block.text)
    assert arms.table is not None
    assert arms.table.rows[1] == (
        "Madeupmab", "EXPERIMENTAL", "5 mg once a day", "Drug: Madeupmab",
    )  # fmt: skip
    assert arms.locator.path == "/protocolSection/armsInterventionsModule/armGroups"


def test_v2_record_has_typed_fields() -> None:
    record = ctgov_v2.read(Entry(V2, "", 1))
    assert record.enrolment is not None
    assert (record.enrolment.count, record.enrolment.kind) == (120, "anticipated")
    assert record.start is not None and record.completion is not None
    assert (record.start.iso, record.start.precision, record.start.kind) == (
        "2031-02", "month", "actual",
    )  # fmt: skip
    assert record.completion.kind == "anticipated"
    assert record.has_results is True
    assert [value.text for value in record.countries] == ["China"]
    assert record.left_out == ("resultsSection", "referencesModule")


def test_v2_says_what_it_does_not_read() -> None:
    assert any("resultsSection" in warning for warning in read_one(lines(V2)).warnings)


def test_v2_values_of_another_type_do_not_stop_the_file() -> None:
    odd = deepcopy(V2)
    odd["protocolSection"]["designModule"] = ["no", "object"]
    odd["protocolSection"]["outcomesModule"] = {"primaryOutcomes": ["text", None, {}]}
    odd["protocolSection"]["armsInterventionsModule"]["armGroups"][0]["interventionNames"] = 7
    assert texts(read_one(lines(odd)), "排除标准") == ["Pregnancy"]


def test_api_answer_has_a_document_a_study_with_its_pointer() -> None:
    other = deepcopy(V2)
    other["protocolSection"]["identificationModule"]["nctId"] = "NCT90000009"
    data = json.dumps({"totalCount": 2, "studies": [V2, other], "nextPageToken": "x"}).encode()
    found = read_all(data)
    assert list(found) == ["NCT90000001", "NCT90000009"]
    second = found["NCT90000009"]
    assert isinstance(second, Loaded)
    assert where(second, "Slow accrual") == "/studies/1/protocolSection/statusModule/whyStopped"


def test_flat_record() -> None:
    loaded = read_one(lines(FLAT))
    assert texts(loaded, "纳入标准") == [
        "Fever for at least three days before entry",
        "Written consent",
    ]
    assert where(loaded, "Pregnancy") == "/eligibility~1criteria~1textblock"
    assert "干预 Intervention: Madeupmab\n5 mg" in texts(loaded)
    assert "研究疾病 Condition: Invented Fever; Invented Cough" in texts(loaded)
    assert "Drug intervention Number: 2.0" in texts(loaded)
    assert not any("Genetic" in text for text in texts(loaded))
    assert any("last updated" in warning for warning in loaded.warnings)


def test_flat_descriptions_that_cannot_be_matched_are_kept_without_a_name() -> None:
    loaded = read_one(lines(FLAT | {"intervention/description": "['5 mg']"}))
    assert "干预 Intervention: Madeupmab" in texts(loaded)
    assert "干预 Intervention: 5 mg" in texts(loaded)


def test_facts_of_a_trial() -> None:
    loaded = read_one(lines(FACTS))
    assert loaded.title == "NCT90000003"
    assert "dropout_rate: 0.125" in texts(loaded)
    assert where(loaded, "mortality_rate") == "/mortality/mortality_rate"
    assert any("no title" in warning for warning in loaded.warnings)


def test_chictr_row() -> None:
    loaded = read_one(lines(WHO))
    assert texts(loaded, "纳入标准") == ["1. Fever;", "2. Consent >= 1 day."]
    assert texts(loaded, "排除标准") == ["Pregnancy"]
    assert "注册日期 Date of registration: 2031-03-07 00:00:00" in texts(loaded)
    assert "最小年龄 Minimum age: 18" in texts(loaded)
    assert not any("Maximum age" in text for text in texts(loaded))
    tables = [block.table.rows for block in loaded.blocks if block.table]
    assert tables[0][1:] == (
        ("Treatment group", "50", "granules; twice a day"),
        ("Control group", "40", "water"),
    )
    assert tables[1][1:] == (("fever", ""), ("death", "28 days"))
    assert not any("Somebody" in text for text in texts(loaded))
    assert any("contact persons" in warning for warning in loaded.warnings)


def test_chictr_traces_of_a_bad_export_are_reported() -> None:
    loaded = read_one(lines(WHO | {"Phase": "2031-02-01 00:00:00", "Countries": "??"}))
    assert any("spreadsheet" in warning and "Phase" in warning for warning in loaded.warnings)
    assert any("question marks" in warning for warning in loaded.warnings)


def test_chictr_xml_in_chinese() -> None:
    loaded = read_one(CHICTR_XML.encode())
    assert loaded.metadata["language"] == "zh"
    assert loaded.metadata["version_date"] == "2031-07-02"
    assert any("registration" in warning for warning in loaded.warnings)
    assert texts(loaded, "纳入标准") == ["（1）发热；", "（2）签署知情同意书。"]
    assert texts(loaded, "排除标准") == ["1、妊娠；", "2、不能随访。"]
    assert where(loaded, "不能随访") == "/trials/Triall[1]/criteria/exclusion_criteria"
    assert "试验组 | 30 | 虚构颗粒" in "\n".join(texts(loaded))
    assert any("虚构医院感染科" in text for text in texts(loaded))
    assert not any("某人" in text or "000" in text for text in texts(loaded, "申办"))


def test_chictr_xml_in_a_legacy_encoding() -> None:
    data = CHICTR_XML.replace("UTF-8", "GB2312").encode("gb18030")
    assert texts(read_one(data), "排除标准") == ["1、妊娠；", "2、不能随访。"]


def test_chinese_field_names() -> None:
    row = {"注册号": "ChiCTR9900000003", "注册题目": "虚构试验", "纳入标准": "1、发热；2、咳嗽"}
    loaded = read_one(lines(row))
    assert loaded.title == "虚构试验"
    assert texts(loaded, "纳入标准") == ["1、发热；", "2、咳嗽"]


def test_ictrp_xml() -> None:
    loaded = read_one(ICTRP_XML.encode())
    assert loaded.metadata["issued"] == "2031-02-17"
    assert loaded.metadata["issuer"] == "ISRCTN"
    assert "Fever; measured twice | 7 days" in "\n".join(texts(loaded))
    assert "国家或地区 Country: China; France" in texts(loaded)
    assert "已公布结果 Results posted: No" in texts(loaded)


def test_ictrp_csv_names_the_line_and_column() -> None:
    rows = io.StringIO()
    writer = csv.DictWriter(rows, list(WHO))
    writer.writeheader()
    writer.writerow(WHO)
    writer.writerow(WHO | {"TrialID": "ISRCTN00000002", "Condition": "One\nTwo"})
    found = read_all(rows.getvalue().encode("utf-8-sig"))
    assert list(found) == ["ChiCTR9900000001", "ISRCTN00000002"]
    second = found["ISRCTN00000002"]
    assert isinstance(second, Loaded)
    block = next(b for b in second.blocks if "One; Two" in b.text)
    assert (block.locator.line, block.locator.path) == (3, "N Condition")
