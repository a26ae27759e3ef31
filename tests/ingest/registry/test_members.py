from __future__ import annotations

import json

import pytest

from ingest.errors import BadInput
from ingest.loaders.base import Loaded, Source
from ingest.registry import members, recognise
from tests.ingest.registry.studies import (
    CHICTR_XML,
    FACTS,
    FLAT,
    ICTRP_XML,
    V2,
    WHO,
    lines,
    read_all,
    texts,
)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (lines(V2), "ctgov_v2"),
        (json.dumps(V2, indent=2).encode(), "ctgov_v2"),
        (json.dumps({"studies": [V2]}).encode(), "ctgov_v2"),
        (json.dumps({"nextPageToken": "a", "studies": [V2]}).encode(), "ctgov_v2"),
        (json.dumps([V2]).encode(), "ctgov_v2"),
        (lines(FLAT), "ctgov_flat"),
        (lines(FACTS), "ctgov_flat"),
        (lines(WHO), "chictr_json"),
        (lines(WHO | {"TrialID": "ISRCTN00000001"}), "ictrp_json"),
        (CHICTR_XML.encode(), "chictr_xml"),
        (ICTRP_XML.encode(), "ictrp_xml"),
        (b"TrialID,Public title\nISRCTN1,x\n", "ictrp_csv"),
        (b'{"name": "protocolSection", "studies": []}', None),
        (b'{"resourceType": "ResearchStudy"}', None),
        (b'[{"nct": "later"}]', None),
        (b"<trials><row/></trials>", None),
        (b"<article><trial>x</trial></article>", None),
        (b"subject,arm\n1,A\n", None),
        (b"The TrialID and the public title are given below.\n", None),
        (b"", None),
        (b"\xff\xfe\x00", None),
    ],
)
def test_recognised_by_content(data: bytes, kind: str | None) -> None:
    assert recognise("file.txt", data) == kind


def test_recognised_from_a_head_that_ends_anywhere() -> None:
    data = lines(V2)
    assert all(recognise("x.json", data[:size]) == "ctgov_v2" for size in range(100, len(data), 37))


def test_a_broken_line_costs_no_other() -> None:
    other = FLAT | {"nct": "NCT90000005"}
    data = lines(FLAT) + b'\n{"nct": "NCT9000\n[1]\n' + lines({"a": 1}, other)
    found = read_all(data)
    assert list(found) == ["NCT90000002", "line 2", "line 3", "line 4", "NCT90000005"]
    assert isinstance(found["NCT90000005"], Loaded)
    for name in ("line 2", "line 3", "line 4"):
        assert isinstance(found[name], BadInput)


def test_a_broken_study_in_an_array_costs_no_other() -> None:
    data = json.dumps({"studies": [V2, V2]}).replace('"hasResults": true', '"hasResults": tru', 1)
    found = read_all(data.encode())
    assert [type(item) for item in found.values()] == [BadInput, Loaded]


def test_an_array_that_breaks_off_is_reported() -> None:
    data = json.dumps([V2])[:-1].encode()
    found = read_all(data)
    assert isinstance(found["NCT90000001"], Loaded)
    assert "breaks off" in str(list(found.values())[-1])


def test_a_broken_xml_record_costs_no_other() -> None:
    record = ICTRP_XML[ICTRP_XML.index("<Trial>") : ICTRP_XML.index("</Trials")]
    damaged = record.replace("ISRCTN00000001", "ISRCTN00000002").replace("Adults", "Age < 5 & up")
    cut = "<Trial><TrialID>ISRCTN00000003</TrialID>\n"
    data = ICTRP_XML.replace(
        "</Trials", damaged + cut + record.replace("00001", "00004") + "</Trials"
    )
    line = data[: data.index(cut)].count("\n") + 1
    found = read_all(data.encode())
    assert isinstance(found["ISRCTN00000004"], Loaded)
    second = found["ISRCTN00000002"]
    assert isinstance(second, Loaded)
    assert "not well-formed" in second.warnings[0]
    assert [name for name, item in found.items() if isinstance(item, BadInput)] == [f"line {line}"]


def test_entities_are_neither_expanded_nor_loaded() -> None:
    doctype = '<!DOCTYPE trials [<!ENTITY secret SYSTEM "file:///etc/hostname">]>'
    text = CHICTR_XML.replace("<trials", doctype + "<trials", 1).replace(
        "虚构热<", "虚构热&secret;<"
    )
    (loaded,) = read_all(text.encode()).values()
    assert isinstance(loaded, Loaded)
    assert any("not well-formed" in warning for warning in loaded.warnings)
    assert any(text.startswith("研究疾病 Condition: 虚构热&secret") for text in texts(loaded))


def test_the_later_update_wins() -> None:
    old = WHO | {"Last Refreshed on": "2030-01-01", "Public title": "Old"}
    found = read_all(lines(old, WHO, old))
    assert list(found) == ["ChiCTR9900000001"]
    loaded = found["ChiCTR9900000001"]
    assert isinstance(loaded, Loaded)
    assert loaded.title == WHO["Public title"]
    assert any("3 records" in warning for warning in loaded.warnings)


def test_of_undated_copies_the_last_wins() -> None:
    (loaded,) = read_all(lines(FLAT, FLAT | {"brief_title": "New"})).values()
    assert isinstance(loaded, Loaded)
    assert loaded.title == "New"


def test_a_nest_of_brackets_is_a_broken_record() -> None:
    data = lines(FLAT) + b"\n" + b'{"nct":' + b"[" * 200_000 + b"\n" + lines(WHO)
    found = read_all(data)
    assert isinstance(found["NCT90000002"], Loaded)
    assert isinstance(found["line 2"], BadInput)


def test_a_file_without_a_record_is_refused() -> None:
    with pytest.raises(BadInput, match="no trial record"):
        list(members("ctgov_flat", Source("x.jsonl", b" \n")))


def test_every_value_can_be_found_at_its_path() -> None:
    (loaded,) = read_all(lines(V2)).values()
    assert isinstance(loaded, Loaded)
    for block in loaded.blocks:
        path, found = block.locator.path, json.loads(lines(V2))
        assert path is not None
        for key in path.split("/")[1:]:
            found = found[int(key)] if isinstance(found, list) else found[key]
        if block.kind == "list_item" and isinstance(found, str):
            said = block.text.partition(": ")[2] or block.text
            plain = "".join(found.replace("\\", "").split())
            assert "".join(said.split()) in plain or "".join(block.text.split()) in plain
