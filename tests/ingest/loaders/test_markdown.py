from __future__ import annotations

import time
from pathlib import Path

import pytest

from ingest.errors import BadInput
from ingest.loaders.base import Loaded, Source
from ingest.loaders.markdown import load
from ingest.tables import table_text

SHARED = Path(__file__).parents[4] / "shared"


def read(text: str) -> Loaded:
    return load(Source("a.md", text.encode("utf-8")))


def kinds(text: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in read(text).blocks]


def test_front_matter_is_mapped_and_its_lines_counted() -> None:
    loaded = read(
        "---\ntitle:\n  zh: 药物临床试验\n  en: Drug trials\nissued: 2020-07-01\n"
        "keywords: 药物, GCP\n"
        "unknown: x\ndraft: true\n---\n\n# 正文\n"
    )
    assert loaded.title == "药物临床试验"
    assert loaded.metadata == {
        "title": "药物临床试验",
        "title_en": "Drug trials",
        "issued": "2020-07-01",
        "keywords": ("药物", "GCP"),
        "draft": True,
    }
    assert loaded.blocks[0].locator.line == 11


def test_the_summary_stands_as_a_paragraph_ahead_of_the_text() -> None:
    loaded = read("---\ntitle: 甲\nsummary: 应当在30日内答复。\n---\n\n# 甲\n\n正文一。\n")
    assert [(b.kind, b.text) for b in loaded.blocks] == [
        ("heading", "甲"),
        ("paragraph", "应当在30日内答复。"),
        ("paragraph", "正文一。"),
    ]
    summary = loaded.blocks[1].locator
    assert summary.line == 3
    assert summary.section and summary.section != loaded.blocks[2].locator.section
    assert loaded.metadata["summary"] == "应当在30日内答复。"


def test_the_summary_comes_first_where_no_heading_opens_the_text() -> None:
    text = "---\nsummary: 应当在30日内答复。\n---\n正文一。\n\n## 乙\n\n正文二。\n"
    assert [kind for kind, _ in kinds(text)] == ["paragraph", "paragraph", "heading", "paragraph"]
    assert kinds(text)[0] == ("paragraph", "应当在30日内答复。")


@pytest.mark.parametrize("front", ["", "---\ntitle: 甲\n---\n", "---\nsummary: ''\n---\n"])
def test_without_a_summary_nothing_is_added(front: str) -> None:
    assert kinds(front + "正文一。\n") == [("paragraph", "正文一。")]


def test_a_summary_alone_is_no_text() -> None:
    with pytest.raises(BadInput, match="empty"):
        read("---\nsummary: 应当在30日内答复。\n---\n\n")


def test_empty_english_title_is_left_out() -> None:
    assert "title_en" not in read("---\ntitle: {zh: 甲, en: ''}\n---\n文\n").metadata


def test_damaged_front_matter_stays_text() -> None:
    loaded = read("---\ntitle: [unclosed\n---\n\n正文\n")
    assert loaded.metadata == {}
    assert any("YAML" in warning for warning in loaded.warnings)
    assert "unclosed" in " ".join(block.text for block in loaded.blocks)


def test_bad_date_and_kind_are_ignored_with_a_warning() -> None:
    loaded = read("---\nissued: 去年\nkind: poem\nissuer: 国家药监局\n---\n正文\n")
    assert loaded.metadata == {"issuer": "国家药监局"}
    assert len(loaded.warnings) == 2


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    assert kinds("---\n\n正文一\n\n---\n\n正文二\n") == [
        ("paragraph", "正文一"),
        ("paragraph", "正文二"),
    ]


def test_structure_and_sections() -> None:
    blocks = read("# 甲\n\n第一段\n接着写\n\n## 乙\n\n- 项\n  - 子项\n3. 第三\n").blocks
    assert [(b.kind, b.level, b.text, b.locator.section) for b in blocks] == [
        ("heading", 1, "甲", "甲"),
        ("paragraph", None, "第一段接着写", "甲"),
        ("heading", 2, "乙", "乙"),
        ("list_item", None, "项", "乙"),
        ("list_item", None, "子项", "乙"),
        ("list_item", None, "3. 第三", "乙"),
    ]
    assert [b.locator.line for b in blocks] == [1, 3, 6, 8, 9, 10]


def test_inline_marks_are_stripped() -> None:
    text = "**加粗**与*斜体*、`code`、[链接](http://x)、<sup>2</sup> a\\*b <!-- 注释 -->"
    assert kinds(text) == [("paragraph", "加粗与斜体、code、链接、² a*b")]


def test_emphasis_next_to_chinese_punctuation() -> None:
    assert kinds("前**“重点”**后") == [("paragraph", "前“重点”后")]


def test_articles_of_statutes_stay_separate_paragraphs() -> None:
    text = "## 第一章 总则\n**第一条**　为了健康。\n第二条 适用本法：\n（一）甲；\n（二）乙。\n"
    assert kinds(text) == [
        ("heading", "第一章 总则"),
        ("paragraph", "第一条 为了健康。"),
        ("paragraph", "第二条 适用本法："),
        ("list_item", "（一）甲；"),
        ("list_item", "（二）乙。"),
    ]


def test_wrapped_english_is_mended() -> None:
    assert kinds("The trial was ran-\ndomized and\nblinded.") == [
        ("paragraph", "The trial was randomized and blinded.")
    ]


def test_bold_line_is_a_heading_below_the_last_one() -> None:
    blocks = read("# 甲\n\n**产品名称**\n\n文。\n\n**表1 名称**\n\n文。\n").blocks
    assert [(b.kind, b.level) for b in blocks] == [
        ("heading", 1), ("heading", 2), ("paragraph", None), ("paragraph", None),
        ("paragraph", None),
    ]  # fmt: skip


def test_paragraph_above_a_rule_is_no_heading() -> None:
    text = "这是一段很长的正文，" * 13 + "\n---\n"
    assert [kind for kind, _ in kinds(text)] == ["paragraph"]


def test_pipe_table_takes_its_caption() -> None:
    blocks = read("表1 访视\n\n| 项目 | V1 |\n| --- | --- |\n| **血压** | x \\| y |\n").blocks
    assert len(blocks) == 1
    table = blocks[0].table
    assert table is not None and table.caption == "表1 访视"
    assert table.rows == (("项目", "V1"), ("血压", "x | y"))
    assert blocks[0].text == table_text(table)
    assert blocks[0].locator.line == 3


def test_rows_broken_over_lines_are_mended() -> None:
    text = (
        "编码| 名称| 描述| 类别\n---|---|---|---\n01| 植皮机| 第一句。  \n原理：\n第二句。| Ⅱ\n"
        "| 无编码| b| c\n"
    )
    table = read(text).blocks[0].table
    assert table is not None
    assert table.rows[1] == ("01", "植皮机", "第一句。 原理： 第二句。", "Ⅱ")
    assert table.rows[2] == ("", "无编码", "b", "c")


def test_extra_cells_are_kept() -> None:
    table = read("| a | b |\n|---|---|\n| 1 | 2 | 3 |\n").blocks[0].table
    assert table is not None and table.rows[1] == ("1", "2", "3")


def test_long_table_is_split_with_line_numbers() -> None:
    blocks = read("| n |\n|---|\n" + "".join(f"| r{i} |\n" for i in range(50))).blocks
    assert [b.locator.line for b in blocks] == [1, 43]
    assert blocks[1].text.startswith("n\nr40\n")


def test_html_table_in_markdown() -> None:
    blocks = read(
        "前文 <html><body><table><tr><td rowspan=2>组别</td><td colspan=2>例数</td></tr>\n\n"
        "<tr><td>男</td><td>女</td></tr><tr><td>A</td><td>1</td><td>2</td></tr></table></body></html>\n"
        "\n后文\n"
    ).blocks
    assert [b.kind for b in blocks] == ["paragraph", "table", "paragraph"]
    table = blocks[1].table
    assert table is not None
    assert table.rows == (("组别", "例数", "例数"), ("组别", "男", "女"), ("A", "1", "2"))
    assert table.header_rows == 2
    assert blocks[2].locator.line == 5


def test_formulas_become_text() -> None:
    assert kinds(r"占 $8 3 \%$ ，$( P { < } 0 . 0 5 )$，花费 $5 至 $6。") == [
        ("paragraph", "占 83%，(P<0.05)，花费 $5 至 $6。")
    ]


def test_figures_and_silent_images() -> None:
    loaded = read("![流程图](a.png)\n\n![](b.png)  \n图2 结果\n\n![](c.png)\n\n文\n")
    assert [(b.kind, b.text) for b in loaded.blocks] == [
        ("figure", "流程图"),
        ("figure", "图2 结果"),
        ("paragraph", "文"),
    ]
    assert any(warning.startswith("1 images") for warning in loaded.warnings)


def test_code_and_containers() -> None:
    assert kinds("::: tip 来源\n网址\n:::\n\n```\na | b\n::: x\n```\n") == [
        ("paragraph", "来源网址"),
        ("code", "a | b\n::: x"),
    ]


def test_title_skips_the_name_of_a_column() -> None:
    assert read("# 综述\n\n# 胃肠道肿瘤的多光子成像与光学活检\n\n文\n").title == (
        "胃肠道肿瘤的多光子成像与光学活检"
    )


@pytest.mark.parametrize("text", ["", " \n\n", "<!-- nothing -->", "---\ntitle: x\n---\n"])
def test_empty_file(text: str) -> None:
    with pytest.raises(BadInput, match="empty"):
        read(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "1.5 x 10<sup>9</sup>/L, HR 0.60<sup>1</sup>, 14.2<sup>1,2</sup>",
            "1.5 x 10⁹/L, HR 0.60¹, 14.2[1,2]",
        ),
        ("10<sup>9", "10⁹"),
        ("H<sub>2</sub>O, log<sub>10</sub>5", "H2O, log₁₀5"),
        ("Age <del>18</del> 20", "Age 20"),
        ("Age <s>18 <b>or</b> 19</s> 20", "Age 20"),
        ("Age <s>18 years", "Age 18 years"),
        ("Dose <span style='display:none'>9 mg</span>5 mg", "Dose 5 mg"),
        ("ANC <math><msup><mn>10</mn><mn>9</mn></msup></math>/L", "ANC 10⁹/L"),
        ("AST <ULN and ALT >3 x ULN", "AST <ULN and ALT >3 x ULN"),
        ("Values <LLOQ are 0, values >ULOQ missing", "Values <LLOQ are 0, values >ULOQ missing"),
        ("a <b>c</b> <i class='x'>d</i><br>e", "a c d\ne"),
        ("餐后 $^{2 h}$ 血糖，10$^{2h}$", "餐后 2h 血糖，10^2h"),
        ("$1 0 ^ { \\mathrm { 9 } }$", "10⁹"),
    ],
)
def test_tags_inside_the_text(text: str, shown: str) -> None:
    assert [block.text for block in read(text).blocks] == [shown]


def test_tags_inside_cells_and_blocks() -> None:
    loaded = read(
        "| Arm | HR |\n|---|---|\n| A | 0.60<sup>1</sup> |\n\n"
        "<table><tr><td>x</td><td>y</td></tr><tr><td>a <HIGH1j</td><td>10<sup>9</sup></td></tr>"
        "</table>\n"
    )
    assert [b.text for b in loaded.blocks] == ["Arm | HR\nA | 0.60¹", "x | y\na <HIGH1j | 10⁹"]


def test_struck_and_hidden_text_is_reported() -> None:
    loaded = read(
        "One\n\n<del>two</del> three <span hidden>four</span>\n\n<div hidden>five</div>\n"
    )
    assert [block.text for block in loaded.blocks] == ["One", "three"]
    found = [(item.text, item.locator.line) for item in loaded.withheld]
    assert found == [("four", 3), ("five", 5)]
    assert loaded.warnings == [
        "1 struck-out passages were left out: “two”",
        "2 passages that no reader sees were kept out",
    ]


@pytest.mark.parametrize("unit", [" ", "**a ", "| ", "<s>", "<sup>", "$\\frac{"])
def test_long_lines_take_no_time(unit: str) -> None:
    start = time.perf_counter()
    read(f"|-{unit * (20_000 // len(unit))}x\n")
    assert time.perf_counter() - start < 10


@pytest.mark.skipif(not (SHARED / "reference").exists(), reason="development material absent")
def test_no_chinese_text_is_lost_on_real_files() -> None:
    import re
    from collections import Counter

    for path in sorted((SHARED / "reference" / "guidance").glob("cmde-201*.md"))[:25]:
        raw = path.read_text("utf-8")
        body = re.sub(r"\A---\n.*?\n---\n", "", raw, flags=re.S)
        body = re.sub(r"<!--.*?-->|!\[[^\]]*\]\([^)]*\)|\]\([^)]*\)", "", body, flags=re.S)
        blocks = load(Source(path.name, raw.encode())).blocks
        wanted = Counter(re.findall(r"[\u4e00-\u9fff]", body))
        found = Counter(re.findall(r"[\u4e00-\u9fff]", "\n".join(b.text for b in blocks)))
        missing = sum((wanted - found).values())
        assert missing <= sum(wanted.values()) * 0.002, path.name
