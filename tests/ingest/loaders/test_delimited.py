from __future__ import annotations

import time

import pytest

from ingest.errors import BadInput
from ingest.loaders import delimited
from ingest.loaders.base import Source
from ingest.loaders.delimited import find_delimiter, load
from ingest.structure.tablequotes import quoted_rows
from ingest.tables import table_text


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b\n1,2\n", ","),
        ("a\tb, c\n1\t2, 3\n", "\t"),
        ("name;dose\nx;1,5\ny;2,5\n", ";"),
        ('a,b\n"x;y;z",2\n"p;q",3\n', ","),
        ("id|name\n1|x\n", "|"),
        ("single\ncolumn\n", ","),
    ],
)
def test_delimiters(text: str, delimiter: str) -> None:
    assert find_delimiter(text) == delimiter


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_chinese_table(encoding: str) -> None:
    data = '姓名,年龄,备注\n张三,12,"行一\n行二"\n李四,13,有\n'.encode(encoding)
    (block,) = load(Source("a.csv", data)).blocks
    assert block.table is not None
    assert block.table.rows[1] == ("张三", "12", "行一 行二")
    assert block.text == table_text(block.table)
    assert block.locator.cells == "A2:C3"


def test_blocks_of_forty_rows_name_their_cells() -> None:
    text = "id,value\n" + "".join(f"p{i},{i}\n" for i in range(100))
    blocks = load(Source("a.csv", text.encode())).blocks
    assert [b.locator.cells for b in blocks] == ["A2:B41", "A42:B81", "A82:B101"]
    assert all(b.text.startswith("id | value\n") for b in blocks)
    assert blocks[1].text.splitlines()[1] == "p40 | 40"


def test_rows_of_other_length_are_kept_and_reported() -> None:
    loaded = load(Source("a.csv", b"a,b\nx,1,extra\ny,2\nz,3\n"))
    assert loaded.blocks[0].table is not None
    assert loaded.blocks[0].table.rows[1] == ("x", "1", "extra")
    assert loaded.warnings == ["1 of 4 rows do not have 2 cells like the others"]


def test_long_file_is_cut_with_a_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "MAX_ROWS", 10)
    text = "id,value\n" + "".join(f"p{i},{i}\n" for i in range(30))
    loaded = load(Source("a.csv", text.encode()))
    assert loaded.warnings[0].startswith("21 rows beyond the first 10")
    assert loaded.blocks[-1].text.endswith("p8 | 8")


def test_title_line_is_the_caption() -> None:
    (block,) = load(Source("a.csv", "表1 受试者,,\n姓名,年龄,性别\n张三,12,男\n".encode())).blocks
    assert block.table is not None
    assert (block.table.caption, block.table.header_rows) == ("表1 受试者", 1)
    assert block.locator.cells == "A3:C3"


@pytest.mark.parametrize("data", [b"", b"\n \n", b",,\n,,\n"])
def test_empty(data: bytes) -> None:
    with pytest.raises(BadInput, match=r"empty|no values"):
        load(Source("a.csv", data))


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_stray_quotation_mark_swallows_no_rows(delimiter: str) -> None:
    lines = [
        "Item,Text,Value",
        "1,text,10",
        '2,"Improved per investigator,20',
        "3,text,30",
        "4,x,40",
    ]
    text = "\n".join(lines).replace(",", delimiter)
    loaded = load(Source("a.csv", text.encode()))
    table = loaded.blocks[0].table
    assert table is not None and table.rows[2:] == (
        ("2", '"Improved per investigator', "20"), ("3", "text", "30"), ("4", "x", "40"),
    )  # fmt: skip
    assert loaded.warnings == [
        "quotation marks that do not pair were read as written (row 3); check them in the file"
    ]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('a,"b\nc",d\n1,2,3', [["a", "b c", "d"], ["1", "2", "3"]]),
        ('a,"x ""y"" z",c', [["a", 'x "y" z', "c"]]),
        ('a,"x"" 5\n6""",c', [["a", 'x" 5 6"', "c"]]),
        ('a,"Improved" per inv,"c"', [["a", '"Improved" per inv', "c"]]),
        ('a,5" tube,c', [["a", '5" tube', "c"]]),
        ('1,"x,10\n2,y,20\n3,z",30', [["1", '"x', "10"], ["2", "y", "20"], ["3", 'z"', "30"]]),
        ('5,"one\ntwo, three"\n6,x', [["5", "one two, three"], ["6", "x"]]),
        ('1\t"x\t2\n3\ty"\t4', [["1", '"x', "2"], ["3", 'y"', "4"]]),
        ('"a", "b, c"\r\n"d","e"\r\n', [["a", "b, c"], ["d", "e"]]),
    ],
)
def test_quoted_cells(text: str, rows: list[list[str]]) -> None:
    found = quoted_rows(text, "\t" if "\t" in text else ",")
    assert [[" ".join(cell.split()) for cell in row] for row, _ in found] == rows


@pytest.mark.parametrize("unit", ['"x\n', '1,"\n', '"a""\n', '"x\n' + 'z""z\n' * 50])
def test_stray_marks_take_no_time(unit: str) -> None:
    start = time.perf_counter()
    list(quoted_rows(unit * (300_000 // len(unit)), ","))
    assert time.perf_counter() - start < 10
