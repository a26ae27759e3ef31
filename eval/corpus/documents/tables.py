"""Documents made of tables: the deadline card and the definitions of endpoints."""

from __future__ import annotations

import html
import itertools
from typing import Any

from eval.corpus.documents.imprint import IMPRINT
from eval.corpus.documents.page import Table, page
from eval.corpus.documents.rows import CARD_HEADER, deadlines, endpoint_tables

CARD_TITLE = "临床试验时限卡"
CARD_SUBJECT = "药物、器械、伦理、人类遗传资源与安全性报告的时限，起算点和依据"
ENDPOINTS_TITLE = "临床试验终点定义表"
ENDPOINTS_SUBJECT = "疗效标准、时间事件终点、量表、界值与复合终点"
_LANDSCAPE = """
@page { size: A4 landscape; margin: 12mm 15mm 15mm; }
table { margin-bottom: 3mm; }
th, td { padding: .7mm 1.6mm; }
"""


def deadline_card() -> str:
    """The card, one ruled table a group."""
    parts = []
    groups = itertools.groupby(deadlines(), key=lambda d: d.group)
    for number, (group, rows) in enumerate(groups, 1):
        table = Table(
            f"表{number} {group}的时限", CARD_HEADER,
            [(d.matter, d.limit, d.start, d.basis) for d in rows], widths=(33, 22, 17, 28),
        )  # fmt: skip
        parts.append(table.html())
    parts.append(
        "<p>工作日与日按各规则原文区分：写「工作日」的不含周末和法定节假日，"
        "SUSAR的7日、8日和15日是自然日。</p>"
    )
    return page(CARD_TITLE, parts, _LANDSCAPE, foot=IMPRINT)


def endpoint_definitions() -> str:
    """The definitions, tables with and without rules."""
    parts = [
        "<p>本表按领域汇总常用终点的定义、评分范围和界值，表3跨两页，每页重复表头。"
        "写入方案前请查阅各终点的原始文献。</p>"
    ]
    for given in endpoint_tables():
        rows = [row[:-1] for row in given["rows"]]
        if given.get("grouped"):
            parts.append(_grouped(given, rows))
        else:
            table = Table(given["caption"], given["header"], rows, given["style"], given["widths"])
            parts.append(table.html())
    return page(ENDPOINTS_TITLE, parts, foot=IMPRINT)


def _grouped(given: dict[str, Any], rows: list[list[str]]) -> str:
    """A table whose first column has one cell for all rows with the same text."""
    columns = "".join(f'<col style="width:{w}%">' for w in given["widths"])
    head = "".join(f"<th>{html.escape(cell)}</th>" for cell in given["header"])
    out = []
    for name, members in itertools.groupby(rows, key=lambda row: row[0]):
        group = list(members)
        for number, row in enumerate(group):
            first = f'<td rowspan="{len(group)}">{html.escape(name)}</td>' if number == 0 else ""
            rest = "".join(f"<td>{html.escape(cell)}</td>" for cell in row[1:])
            out.append(f"<tr>{first}{rest}</tr>")
    return (
        f'<table class="ruled short"><caption>{html.escape(given["caption"])}</caption>'
        f"<colgroup>{columns}</colgroup><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(out)}</tbody></table>"
    )
