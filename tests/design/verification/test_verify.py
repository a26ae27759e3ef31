"""Gold files read, translated and compared."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from design import BadDesign, methods
from design.verification import GoldRow, read_gold, verify

HEADER = "id,method,inputs,output,expected,tolerance\n"


def row(**changes: object) -> GoldRow:
    given: dict[str, object] = {
        "id": "A1",
        "method": "two_props_z_unpooled_2sided",
        "inputs": {"p1": 0.65, "p2": 0.85, "alpha": 0.05, "sides": 2, "power": 0.8},
        "output": "n_per_arm",
        "expected": "70",
        "tolerance": 0.0,
    }
    return GoldRow(**(given | changes))  # type: ignore[arg-type]


def test_agreement_disagreement_and_what_we_do_not_have() -> None:
    found = verify(
        [
            row(),
            row(expected="71"),
            row(method="astrology"),
            row(output="n_moons"),
            row(inputs={"p1": 0.65, "p2": 0.65, "power": 0.8}),
        ]
    )
    standings = [checked.status for checked in found.rows]
    assert standings == ["agree", "disagree", "unsupported", "unsupported", "refused"]
    assert found.rows[1].difference == 1
    assert found.to_json()["agree"] == 1


def test_several_outputs_are_compared_one_by_one() -> None:
    assert verify([row(output="n1;n2", expected="70;70")]).rows[0].status == "agree"
    assert verify([row(output="n1;n2", expected="70")]).rows[0].status == "disagree"


def read(tmp_path: Path, text: str | bytes) -> list[GoldRow]:
    path = tmp_path / "gold.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_gold(path)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("A1,m,{bad,n,1,0", "not JSON"),
        ('A1,m,"[1, 2]",n,1,0', "not a JSON object"),
        ("A1,m,{},n,1,about 2", "'about 2' is no number"),
        ("A1,m,{},n,1,nan", "not a number from 0"),
        ("A1,m,{},n,1,inf", "not a number from 0"),
        ("A1,m,{},n,1,-1", "not a number from 0"),
        ("A1,m,{},n,,0", "expected is empty"),
        ("A1,,{},n,1,0", "method is empty"),
        ("A1,m,{},,1,0", "output is empty"),
        ("A1,m,{},n,1,0,surplus", "more cells than the header"),
        (f'A1,m,"{"[" * 100_000}",n,1,0', "not JSON"),
    ],
)
def test_a_broken_row_is_told_by_line_and_leaves_the_others(
    tmp_path: Path, line: str, said: str
) -> None:
    good = 'A2,two_proportions,"{""p1"": 0.65, ""p2"": 0.85, ""power"": 0.8}",n_per_arm,70,0\n'
    found = verify(read(tmp_path, f"{HEADER}{line}\n{good}")).rows
    assert [row.status for row in found] == ["unsupported", "agree"]
    assert "line 2" in found[0].note and said in found[0].note


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadDesign, match="no column inputs"):
        read(tmp_path, "id,method\n")
    with pytest.raises(BadDesign, match="no column id"):
        read(tmp_path, "")
    with pytest.raises(BadDesign, match="zero bytes"):
        read(tmp_path, b"PK\x03\x04\0\0")
    with pytest.raises(BadDesign, match="cannot be read"):
        read_gold(tmp_path)
    with pytest.raises(BadDesign, match="line 2"):
        read(tmp_path, HEADER + f"A1,{'m' * 2_000_000},{{}},n,1,0\n")


def test_files_as_spreadsheets_write_them(tmp_path: Path) -> None:
    inputs = '"{""p1"": 0.65, ""p2"": 0.85, ""power"": 0.8}"'
    for delimiter, encoding in ((",", "gb18030"), (";", "utf-8"), ("\t", "utf-8-sig")):
        head = (HEADER.strip() + ",note").upper().replace(",", delimiter)
        cells = ["A1", "two-proportions", inputs, "n_per_arm", "70", "0", "两组率"]
        text = f"{head}\r\n{delimiter.join(cells)}\r\n{delimiter * 6}\r\n"
        (gold,) = read(tmp_path, text.encode(encoding))
        assert gold.note == "两组率"
        assert verify([gold]).rows[0].status == "agree"


@pytest.mark.parametrize("expected", ["nan", "inf", "70;nan", "-Infinity"])
def test_what_is_no_number_never_agrees(expected: str) -> None:
    (checked,) = verify([row(expected=expected)]).rows
    assert checked.status == "unsupported" and "not a number" in checked.note


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e999", "null", "[]", "{}", '"x"', "true"])
def test_no_value_breaks_the_check(tmp_path: Path, value: str) -> None:
    rules = "two_props_z_unpooled_2sided two_proportions gsd_pocock be_tost_2x2 two_means_z_x"
    for name in rules.split():
        for field in ("p1", "alpha", "sides", "K", "CV", "mu1", "ratio", "beta"):
            text = f'A1,{name},"{{""{field}"": {value}}}",n,1,0\n'.replace('"x"', '""x""')
            (checked,) = verify(read(tmp_path, HEADER + text)).rows
            assert checked.status in {"refused", "unsupported", "disagree"}
            assert checked.note or checked.got


@settings(max_examples=60, deadline=None)
@given(
    name=st.sampled_from(sorted(methods())),
    inputs=st.dictionaries(
        st.text(max_size=8) | st.sampled_from(["p1", "p2", "n", "N", "power", "beta", "K", "k"]),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=6),
            lambda inner: st.lists(inner, max_size=3),
            max_leaves=6,
        ),
        max_size=6,
    ),
)
def test_any_inputs_are_told_apart(name: str, inputs: dict[str, object]) -> None:
    (checked,) = verify([row(method=name, inputs=inputs)]).rows
    assert checked.status in {"refused", "unsupported", "disagree", "agree"}
    assert "please report" not in checked.note
