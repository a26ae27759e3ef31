"""The cohort table loader, on synthetic tables made here."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import BadInput
from ingest.loaders.base import Loaded, Source
from ingest.loaders.tabledata import load, recognise
from ingest.structure.tablecolumns import Column, is_identifying


def read(text: str, name: str = "a.csv") -> Loaded:
    return load(Source(name, text.encode()))


def lines(loaded: Loaded) -> list[str]:
    return "\n".join(block.text for block in loaded.blocks).splitlines()


def cohort(persons: int, repeats: int = 1) -> str:
    rows = ["USUBJID,AGE,SEX,ARM,RFSTDTC,COMMENT,ZIP,STUDYID"]
    for number in range(persons):
        sex = "F" if number % 2 else "M"
        row = f"SUBJ-{number:04d},{40 + number},{sex},Drug,2021-0{1 + number % 9}-15,said {number}"
        rows.extend([f"{row},{90000 + number},SYN"] * repeats)
    return "\n".join(rows)


@pytest.mark.parametrize(
    ("head", "standard"),
    [
        ("person_id,gender_concept_id,year_of_birth\n1,8507,1960", "OMOP PERSON"),
        ("MEASUREMENT_ID,PERSON_ID,MEASUREMENT_CONCEPT_ID\n", "OMOP MEASUREMENT"),
        ("concept_id,concept_name,vocabulary_id\n", "OMOP CONCEPT"),
        ("STUDYID,DOMAIN,USUBJID,AGE\nS,DM,1,50", "SDTM DM"),
        ("STUDYID;USUBJID;TRT01P;AGE\nS;1;A;50", "ADaM ADSL"),
        ("STUDYID,USUBJID,PARAMCD,AVAL\nS,1,OS,3", "ADaM BDS"),
        ("pid,age,sex,grade\n1,50,1,3", "cohort table"),
        ("住院号,年龄,性别\n1,50,男", "cohort table"),
        ("visit,assessment\nV1,ECG", None),
        ("id,name\n1,ECG", None),
        ("{}", None),
        ("", None),
    ],
)
def test_recognise_by_columns(head: str, standard: str | None) -> None:
    assert recognise("a.csv", head.encode()) == standard


def test_rows_never_appear_and_columns_are_described() -> None:
    loaded = read(cohort(40))
    found = lines(loaded)
    assert not [line for line in found if "SUBJ-" in line or "said" in line or "900" in line]
    assert "USUBJID | text, identifying | 0 %" in "\n".join(found)
    assert "AGE | number | 0 % | 50 to 69 (quartiles)" in found
    assert "SEX | F | 20" in found
    assert any(line.startswith("RFSTDTC | date | 0 % | 2021 to 2021") for line in found)
    assert any("about 40 persons" in line for line in found)
    assert loaded.metadata == {"kind": "data"}
    assert any("not indexed" in warning for warning in loaded.warnings)


def test_persons_are_counted_not_rows() -> None:
    found = "\n".join(lines(read(cohort(9, repeats=5))))
    assert "45 rows about <10 persons" in found
    assert "to" not in found.split("AGE")[1].splitlines()[0]
    assert "SEX | F" not in found


def test_rare_values_are_neither_named_nor_found_by_subtraction() -> None:
    people = ["pid,age,sex,race"]
    people += [f"{n},50,1,common" for n in range(30)]
    people += [f"{n},50,1,other" for n in range(30, 45)]
    people += ["99,50,1,unique"]
    found = lines(read("\n".join(people)))
    assert "race | common | 30" in found
    assert "race | other | ≥10" in found
    assert not any("unique" in line for line in found)


def test_extremes_are_not_shown() -> None:
    rows = ["pid,age,sex"] + [f"{n},{50 + n % 10},1" for n in range(200)] + ["777,107,1"]
    found = lines(read("\n".join(rows)))
    assert "age | number | 0 % | 50 to 59 (5th to 95th percentile)" in found
    assert not any("107" in line for line in found)


def test_design_tables_are_read_in_full() -> None:
    loaded = read("STUDYID,DOMAIN,IETESTCD,IETEST,IECAT\nS,TI,IN1,At least 18 years.,INCLUSION")
    assert loaded.title == "SDTM TI (trial inclusion and exclusion criteria)"
    assert "S | TI | IN1 | At least 18 years. | INCLUSION" in lines(loaded)


def test_missing_and_code_systems() -> None:
    rows = ["STUDYID,DOMAIN,USUBJID,MHDECOD,MHTERM"]
    rows += [f"S,MH,{n},{'Nausea' if n % 2 else ''},felt bad" for n in range(40)]
    found = lines(read("\n".join(rows)))
    assert "MHDECOD | text | 50 % | MedDRA (as coded by the sponsor)" in found
    assert "MHDECOD | Nausea | 20" in found
    assert not any("felt bad" in line for line in found)


@pytest.mark.parametrize(
    "name",
    ["person_id", "USUBJID", "患者姓名", "身份证号", "birth_datetime", "zip", "note_text", "MHSEQ"],
)
def test_identifying_columns_are_known(name: str) -> None:
    assert is_identifying(name)


@pytest.mark.parametrize("name", ["age", "gender_concept_id", "hospdead", "AVAL", "年龄", "sodium"])
def test_other_columns_are_not(name: str) -> None:
    assert not is_identifying(name)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from("abcdef")), max_size=80))
def test_no_level_with_fewer_than_ten_persons_is_named(cells: list[tuple[int, str]]) -> None:
    column = Column("grade")
    for person, value in cells:
        column.add(value, str(person))
    shared = {v: len({p for p, value in cells if value == v}) for _, v in cells}
    for value, count in column.levels():
        assert value.startswith("(other") or shared[value] >= 10
        assert count in {"", "≥10", str(shared.get(value))}


def test_partial_dates_are_dates() -> None:
    rows = ["STUDYID,DOMAIN,USUBJID,MHSTDTC"]
    rows += [f"S,MH,{n},{'2010' if n % 2 else '2012-03'}" for n in range(40)]
    found = lines(read("\n".join(rows)))
    assert "MHSTDTC | date | 0 % | 2010 to 2012" in found
    assert not any(line.startswith("MHSTDTC | 2010") for line in found)


def test_ragged_rows_are_counted() -> None:
    loaded = read("pid,age,sex\n1,2\n2,3,4,5\n3,4,5")
    assert "2 of 3 rows do not have 3 cells like the header" in loaded.warnings


@pytest.mark.parametrize("data", [b"", b"\n\n", b"PAR1broken", b"HEADER RECORD*******LIB"])
def test_unusable_files_are_refused_with_a_reason(data: bytes) -> None:
    if data.startswith(b"PAR1"):
        pytest.importorskip("duckdb")
    if data.startswith(b"HEADER"):
        pytest.importorskip("pyreadstat")
    with pytest.raises(BadInput):
        load(Source("a.csv", data))


def test_parquet(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    path = tmp_path / "person.parquet"
    duckdb.sql(
        "SELECT range AS person_id, 8507 AS gender_concept_id, 1960 AS year_of_birth FROM range(12)"
    ).write_parquet(str(path))
    data = path.read_bytes()
    assert recognise(path.name, data) == "Parquet"
    found = lines(load(Source(path.name, data)))
    assert "Data dictionary: OMOP PERSON" in found
    assert "gender_concept_id | 8507 | 12" in found


def xport(columns: dict[str, list[str]]) -> bytes:
    """A SAS transport file, version 5, of text columns of eight characters (SAS TS-140)."""

    def card(text: str) -> bytes:
        return text.ljust(80).encode()

    stamp = "01JAN25:00:00:00"
    names = list(columns)
    member = f"HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!{'0' * 17}1600000000140  "
    found = card(f"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!{'0' * 30}  ")
    found += card(f"{'SAS':8}{'SAS':8}{'SASLIB':8}{'9.4':8}{'X':8}{'':24}{stamp}") + card(stamp)
    found += card(member) + card(f"HEADER RECORD*******DSCRPTR HEADER RECORD!!!!!!!{'0' * 30}  ")
    found += card(f"{'SAS':8}{'DM':8}{'SASDATA':8}{'9.4':8}{'X':8}{'':24}{stamp}") + card(stamp)
    found += card(
        f"HEADER RECORD*******NAMESTR HEADER RECORD!!!!!!!000000{len(names):04}{'0' * 20}  "
    )
    described = b""
    for number, name in enumerate(names):
        described += (2).to_bytes(2, "big") + bytes(2) + (8).to_bytes(2, "big")
        described += (number + 1).to_bytes(2, "big") + f"{name:8}{'Label ' + name:40}".encode()
        described += b" " * 8 + bytes(8) + b" " * 8 + bytes(4)
        described += (8 * number).to_bytes(4, "big") + bytes(52)
    found += described + b" " * (-len(described) % 80)
    found += card(f"HEADER RECORD*******OBS     HEADER RECORD!!!!!!!{'0' * 30}  ")
    rows = "".join(f"{cell:8}" for row in zip(*columns.values(), strict=True) for cell in row)
    return found + rows.encode() + b" " * (-len(rows) % 80)


def test_sas_transport() -> None:
    pytest.importorskip("pyreadstat")
    people = range(20)
    data = xport(
        {
            "STUDYID": ["S"] * 20,
            "DOMAIN": ["DM"] * 20,
            "USUBJID": [f"SUBJ{n}" for n in people],
            "SEX": ["F"] * 20,
        }
    )
    assert recognise("dm.xpt", data) == "SAS transport"
    found = lines(load(Source("dm.xpt", data)))
    assert "Data dictionary: SDTM DM" in found
    assert "SEX | Label SEX | text | 0 %" in found
    assert "SEX | F | 20" in found


@pytest.mark.shared
def test_real_tables_are_recognised_and_show_no_subject(shared: Path) -> None:
    folder = shared / "cohorts" / "cdisc_pilot"
    if not folder.is_dir():
        pytest.skip("the tables are not here")
    for path in sorted(folder.glob("*.csv")):
        data = path.read_bytes()
        assert (recognise(path.name, data[:65536]) or "").startswith(("SDTM ", "ADaM "))
        assert not any("01-7" in line for line in lines(load(Source(path.name, data))))
