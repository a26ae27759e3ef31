from __future__ import annotations

import pytest

from ingest.errors import BadInput
from ingest.loaders import delimited
from ingest.loaders.base import Source
from ingest.loaders.delimited import find_delimiter, load
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
