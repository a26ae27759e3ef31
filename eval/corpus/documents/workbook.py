"""The workbook: deadlines, sample sizes, budget, enrolment plan and scores of sites.

Written with the computed value beside every formula, so that it reads the same in a program that
does not calculate.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter
from scipy.stats import nct, t

from eval.corpus.documents.imprint import AUTHOR, IMPRINT, MADE
from eval.corpus.documents.rows import CARD_HEADER, deadlines
from eval.corpus.figures.numbers.doses import boin_boundaries, three_plus_three_escalates
from eval.corpus.figures.numbers.sequential import (
    haybittle_peto,
    obrien_fleming,
    pocock,
    spending_bounds,
    spent_obrien_fleming,
    spent_pocock,
)
from eval.corpus.figures.numbers.simon import search
from eval.corpus.figures.numbers.sizes import (
    design_effect,
    events_needed,
    noninferior_means_size,
    noninferior_proportions_size,
    proportions_size,
    with_dropout,
)

TITLE = "临床试验筹划工具表"
SHEETS = ("说明", "时限卡", "样本量速查", "预算模板", "入组计划模板", "中心筛选打分表")
_DROPOUT = 0.10
_POWERS = (0.80, 0.90)
_SIZE_HEADER = (
    "设计", "输入", "α", "把握度", "公式或方法", "结果", "单位", "按10%脱落放大", "出处",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Size:
    """A row of the table of sample sizes."""

    design: str
    inputs: str
    alpha: str
    power: str
    method: str
    result: float | int | str
    unit: str
    enlarged: int | str
    source: str

    def cells(self) -> tuple[float | int | str, ...]:
        """The row in the order of the header."""
        return (
            self.design, self.inputs, self.alpha, self.power, self.method, self.result, self.unit,
            self.enlarged, self.source,
        )  # fmt: skip


def t_test_power(d: float, n: int, alpha: float = 0.05) -> float:
    """Power of the two-sample t test with ``n`` in each arm (noncentral t)."""
    free = 2 * n - 2
    critical = float(t.ppf(1 - alpha / 2, free))
    shift = d * math.sqrt(n / 2)
    return float(1 - nct.cdf(critical, free, shift) + nct.cdf(-critical, free, shift))


def t_test_size(d: float, power: float, alpha: float = 0.05) -> int:
    """Patients an arm for the two-sample t test."""
    n = 2
    while t_test_power(d, n, alpha) < power:
        n += 1
    return n


def sizes() -> list[Size]:
    """All rows, computed."""
    return [*_means(), *_proportions(), *_noninferior(), *_events(), *_early(), *_clusters(),
            *_looks()]  # fmt: skip


def _means() -> list[Size]:
    return [
        _arm("两组均数（优效）", f"效应量d={d}", "双侧0.05", power,
             "两样本t检验，非中心t分布", t_test_size(d, power),
             "Chow等；杏林笔记 sample-size-means")
        for d in (0.2, 0.3, 0.5, 0.8) for power in _POWERS
    ]  # fmt: skip


def _proportions() -> list[Size]:
    return [
        _arm("两组率（优效）", f"{a:.0%}比{b:.0%}", "双侧0.05", power,
             "合并方差公式（不校正的卡方检验）", proportions_size(a, b, power),
             "Fleiss等；杏林笔记 sample-size-proportions")
        for a, b in ((0.60, 0.40), (0.85, 0.70), (0.90, 0.80), (0.10, 0.05)) for power in _POWERS
    ]  # fmt: skip


def _noninferior() -> list[Size]:
    note = "杏林笔记 sample-size-noninferiority-equivalence"
    rates = [
        _arm("两组率（非劣效）", f"对照组85%，试验组{p:.0%}，界值10个百分点", "单侧0.025", 0.80,
             "非合并方差公式", noninferior_proportions_size(p, 0.85, 0.10, 0.80), note)
        for p in (0.87, 0.85, 0.83, 0.80)
    ]  # fmt: skip
    means = _arm("两组均数（非劣效）", "真实差值0，界值5，标准差10", "单侧0.025", 0.80, "z公式",
                 noninferior_means_size(0, 5, 10, 0.80), note)  # fmt: skip
    return [*rates, means]


def _events() -> list[Size]:
    return [
        Size("生存终点（优效）", f"HR={ratio:.2f}，1:1", "双侧0.05", f"{power:.0%}",
             "Schoenfeld公式", events_needed(ratio, power), "个事件（两组合计）", "—",
             "Schoenfeld 1983年；杏林笔记 sample-size-survival")
        for ratio in (0.50, 0.60, 0.65, 0.70, 0.75, 0.80) for power in _POWERS
    ]  # fmt: skip


def _early() -> list[Size]:
    rows = []
    for p0, p1 in ((0.05, 0.25), (0.10, 0.30), (0.20, 0.40)):
        for name, found in zip(("optimal", "minimax"), search(p0, p1, 0.05, 0.20, 48), strict=True):
            rows.append(Size(
                f"Simon两阶段（{name}）", f"p0={p0:.2f}，p1={p1:.2f}", "单侧0.05", "80%",
                f"精确二项；r1/n1={found.r1}/{found.n1}，r/n={found.r}/{found.n}，"
                f"EN={found.expected(p0):.2f}，PET={found.stops(p0):.3f}",
                found.n, "例（单臂）", with_dropout(found.n, _DROPOUT),
                "Simon 1989年；杏林笔记 simon-two-stage",
            ))  # fmt: skip
    for rate in (0.10, 0.20, 0.30, 0.40, 0.50):
        rows.append(Size(
            "3+3剂量递增", f"真实DLT率{rate:.0%}", "—", "—", "(1-p)³+3p(1-p)²(1-p)³",
            f"{100 * three_plus_three_escalates(rate):.1f}%", "允许递增的概率", "—",
            "杏林笔记 dose-escalation-3-plus-3",
        ))  # fmt: skip
    for target in (0.20, 0.25, 0.30, 0.33):
        up, down = boin_boundaries(target)
        rows.append(Size(
            "BOIN剂量递增", f"目标DLT率{target:.2f}，φ1=0.6φ，φ2=1.4φ", "—", "—",
            "Liu与Yuan 2015年公式", f"λe={up:.4f}，λd={down:.4f}", "边界", "—",
            "杏林笔记 boin-design",
        ))  # fmt: skip
    return rows


def _clusters() -> list[Size]:
    note = "Donner与Klar 2000年；杏林笔记 cluster-randomised-trial"
    return [
        Size("整群随机", f"每群{m}人，ICC={icc:.2f}", "—", "—", "设计效应1+(m-1)×ICC",
             round(design_effect(m, icc), 2), "倍（乘以个体随机例数）", "—", note)
        for m, icc in ((20, 0.01), (20, 0.02), (20, 0.05), (20, 0.10), (50, 0.05))
    ]  # fmt: skip


def _looks() -> list[Size]:
    looks = (1 / 3, 2 / 3, 1.0)
    return [
        Size("成组序贯", "三次等间隔分析", "总单侧0.025", "—", name,
             "、".join(f"{z:.3f}" for z in bounds), "Z界值", "—",
             "杏林笔记 group-sequential-boundaries")
        for name, bounds in (
            ("O'Brien–Fleming", obrien_fleming(looks, 0.025)), ("Pocock", pocock(looks, 0.025)),
            ("Haybittle–Peto（期中3.000，严格控制总α）", haybittle_peto(looks, 0.025)),
            ("Lan–DeMets OBF型", spending_bounds(looks, 0.025, spent_obrien_fleming)),
            ("Lan–DeMets Pocock型", spending_bounds(looks, 0.025, spent_pocock)),
        )
    ]  # fmt: skip


def _arm(
    design: str, inputs: str, alpha: str, power: float, method: str, n: int, source: str
) -> Size:
    return Size(
        design, inputs, alpha, f"{power:.0%}", method, n, "例/组", with_dropout(n, _DROPOUT), source
    )


def make_workbook(target: Path) -> int:
    """Write the workbook; returns its sheets."""
    book = xlsxwriter.Workbook(str(target))
    book.set_properties({
        "title": TITLE, "author": AUTHOR, "comments": IMPRINT, "created": MADE.replace(tzinfo=None),
    })  # fmt: skip
    sheets = {name: book.add_worksheet(name) for name in SHEETS}
    for sheet in sheets.values():
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
    style = _Style(book)
    _about(sheets["说明"], style)
    _card(sheets["时限卡"], style)
    _sizes(book, sheets["样本量速查"], style)
    _budget(sheets["预算模板"], style)
    _enrolment(book, sheets["入组计划模板"], style)
    _scores(sheets["中心筛选打分表"], style)
    book.close()
    return len(SHEETS)


class _Style:
    """The formats of the workbook."""

    def __init__(self, book: Any) -> None:
        base = {"font_name": "Noto Sans CJK SC", "font_size": 10, "valign": "top"}
        framed = {**base, "border": 1, "border_color": "#9aa5b1", "text_wrap": True}
        self.title = book.add_format({**base, "font_size": 14, "bold": True})
        self.head = book.add_format({**framed, "bold": True, "bg_color": "#e6f0f8"})
        self.cell = book.add_format(framed)
        self.input = book.add_format({**framed, "bg_color": "#fcf0df"})
        self.total = book.add_format({**framed, "bold": True, "bg_color": "#f1f3f5"})


def _about(sheet: Any, style: _Style) -> None:
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 80)
    sheet.write(0, 0, TITLE, style.title)
    lines = (
        ("编写", IMPRINT),
        ("时限卡", "药物、器械、伦理、人遗和安全性报告的时限，逐条注明起算点和依据。"),
        (
            "样本量速查",
            "每行写明全部输入、公式和计算结果；t检验用非中心t分布计算，正式设计请由统计师复算。",
        ),
        (
            "预算模板",
            "橙色格由使用者填写数量和单价，小计和合计自动计算；单价各院不同，模板不给单价。",
        ),
        ("入组计划模板", "橙色格为示例输入，改动后自动重算；示例不代表任何真实试验。"),
        ("中心筛选打分表", "先过法定门槛，再打分；权重是编写组的示例，可以改。"),
    )
    _rows(sheet, 2, ("项目", "说明"), lines, style)


def _card(sheet: Any, style: _Style) -> None:
    for column, wide in enumerate((20, 46, 30, 26, 34)):
        sheet.set_column(column, column, wide)
    rows = [(d.group, d.matter, d.limit, d.start, d.basis) for d in deadlines()]
    _rows(sheet, 0, ("类别", *CARD_HEADER), rows, style)
    sheet.freeze_panes(1, 2)


def _sizes(book: Any, sheet: Any, style: _Style) -> None:
    for column, wide in enumerate((18, 34, 11, 8, 44, 22, 18, 15, 40)):
        sheet.set_column(column, column, wide)
    rows = sizes()
    _rows(sheet, 0, _SIZE_HEADER, [row.cells() for row in rows], style)
    sheet.freeze_panes(1, 1)
    # The chart's own little table below: events by hazard ratio.
    start = len(rows) + 3
    ratios = (0.50, 0.55, 0.60, 0.65, 0.70, 0.75, 0.80)
    table = [(r, *(events_needed(r, power) for power in _POWERS)) for r in ratios]
    _rows(sheet, start, ("HR", "把握度80%的事件数", "把握度90%的事件数"), table, style)
    chart = book.add_chart({"type": "line"})
    for column in (1, 2):
        chart.add_series({
            "name": ["样本量速查", start, column],
            "categories": ["样本量速查", start + 1, 0, start + len(table), 0],
            "values": ["样本量速查", start + 1, column, start + len(table), column],
            "marker": {"type": "circle"},
        })  # fmt: skip
    chart.set_title(
        {
            "name": "生存终点的事件数（双侧α=0.05，1:1）",
            "name_font": {"size": 12},
        }
    )
    chart.set_x_axis({"name": "HR"})
    chart.set_y_axis({"name": "事件数（两组合计）"})
    sheet.insert_chart(start, 4, chart, {"description": "不同HR需要的事件数，双侧α=0.05，1:1"})


_BUDGET = (
    ("单例费用", "筛选期检查（含筛选失败者）", "例"), ("单例费用", "试验检查检验", "例"),
    ("单例费用", "研究者劳务费（观察费）", "例"),
    ("单例费用", "受试者补贴（交通、营养、采血、误工）", "例"), ("单例费用", "CRC费用", "人月"),
    ("单例费用", "样本采集处理", "例"), ("单例费用", "不良事件处理", "例"),
    ("机构固定费用", "立项或启动费", "中心"), ("机构固定费用", "伦理审查费", "中心"),
    ("机构固定费用", "机构管理费", "中心"), ("机构固定费用", "药械管理费", "中心"),
    ("机构固定费用", "档案保存费", "中心"), ("机构固定费用", "税费", "中心"),
    ("中心外费用", "CRO监查", "人月"), ("中心外费用", "数据管理和统计", "项"),
    ("中心外费用", "EDC和随机系统", "项"), ("中心外费用", "中心实验室和中心影像", "项"),
    ("中心外费用", "保险", "项"), ("中心外费用", "人遗申报", "项"),
    ("中心外费用", "药械生产与运输", "项"), ("风险备用", "筛选失败", "例"),
    ("风险备用", "非计划访视", "次"), ("风险备用", "方案修订、延长入组和额外中心", "项"),
)  # fmt: skip


def _budget(sheet: Any, style: _Style) -> None:
    for column, wide in enumerate((16, 40, 10, 12, 14, 16, 30)):
        sheet.set_column(column, column, wide)
    header = ("类别", "项目", "单位", "数量", "单价（元）", "小计（元）", "依据或报价来源")
    _heads(sheet, 0, header, style)
    for row, (group, item, unit) in enumerate(_BUDGET, 1):
        for column, words in enumerate((group, item, unit)):
            sheet.write(row, column, words, style.cell)
        for column in (3, 4, 6):
            sheet.write_blank(row, column, None, style.input)
        sheet.write_formula(row, 5, f"=D{row + 1}*E{row + 1}", style.cell, 0)
    last = len(_BUDGET) + 1
    sheet.write(last, 0, "合计", style.total)
    for column in (1, 2, 3, 4, 6):
        sheet.write_blank(last, column, None, style.total)
    sheet.write_formula(last, 5, f"=SUM(F2:F{last})", style.total, 0)
    sheet.write(
        last + 2, 0,
        "注册试验的试验药械和试验相关检查由申办者承担，开展器械试验不得以任何形式向受试者收取试验费用"
        "（《医疗器械监督管理条例》第二十八条）。",
    )  # fmt: skip
    sheet.freeze_panes(1, 2)


_PLAN = (("计划总例数", 240), ("中心数", 10), ("单中心月入组数", 2), ("每月新启动中心数", 2))
_MONTHS = 18


def enrolment(total: int, sites: int, monthly: float, opening: int) -> list[tuple[int, int, float]]:
    """Month, open sites and patients enrolled so far, up to the total."""
    rows, so_far = [], 0.0
    for month in range(1, _MONTHS + 1):
        running = min(opening * month, sites)
        so_far = min(so_far + running * monthly, total)
        rows.append((month, running, so_far))
    return rows


def _enrolment(book: Any, sheet: Any, style: _Style) -> None:
    for column, wide in enumerate((20, 14, 14, 16)):
        sheet.set_column(column, column, wide)
    _heads(sheet, 0, ("输入（示例）", "数值"), style)
    for row, (name, value) in enumerate(_PLAN, 1):
        sheet.write(row, 0, name, style.cell)
        sheet.write(row, 1, value, style.input)
    total, sites, monthly, opening = (value for _, value in _PLAN)
    start = len(_PLAN) + 3
    _heads(sheet, start, ("月份", "已启动中心数", "当月入组", "累计入组"), style)
    before = 0.0
    for number, (month, running, so_far) in enumerate(enrolment(total, sites, monthly, opening)):
        row = start + 1 + number
        above = "0" if number == 0 else f"D{row}"
        sheet.write(row, 0, month, style.cell)
        sheet.write_formula(row, 1, f"=MIN($B$5*A{row + 1},$B$3)", style.cell, running)
        sheet.write_formula(
            row, 2, f"=MIN(B{row + 1}*$B$4,$B$2-{above})", style.cell, so_far - before
        )
        sheet.write_formula(row, 3, f"={above}+C{row + 1}", style.cell, so_far)
        before = so_far
    end = start + _MONTHS
    chart = book.add_chart({"type": "line"})
    chart.add_series({
        "name": ["入组计划模板", start, 3],
        "categories": ["入组计划模板", start + 1, 0, end, 0],
        "values": ["入组计划模板", start + 1, 3, end, 3],
    })  # fmt: skip
    chart.set_title({"name": "累计入组（示例）"})
    chart.set_x_axis({"name": "月份"})
    chart.set_y_axis({"name": "例"})
    chart.set_legend({"none": True})
    sheet.insert_chart(start, 5, chart, {"description": "示例计划的累计入组例数，按月"})


_GATES = (
    "机构、专业和主要研究者都已备案", "实际试验院区在备案范围内",
    "需审批的第三类器械试验：三级甲等医疗机构",
    "创新器械或需审批的第三类器械：PI有高级职称并参加过3个以上试验",
)  # fmt: skip
_SCORES = (
    ("病源", "近12个月符合主要诊断的人数，逐条扣减后的可入组数", 30),
    ("竞争试验", "同科室竞争试验的数量和剩余名额", 15),
    ("人员", "PI可投入时间，研究者、研究护士和CRC配备", 20),
    ("设备与实验室", "检查设备、校准证书、室间质评、样本储存", 10),
    ("启动速度", "立项周期、伦理会频次、合同轮次、历史启动天数", 15),
    ("历史质量", "既往检查结果、方案偏离、质疑关闭速度、失访率", 10),
)


def _scores(sheet: Any, style: _Style) -> None:
    for column, wide in enumerate((26, 52, 12, 12, 12, 12)):
        sheet.set_column(column, column, wide)
    _heads(sheet, 0, ("法定门槛", "要求", "中心A", "中心B", "中心C"), style)
    for row, words in enumerate(_GATES, 1):
        sheet.write(row, 0, f"门槛{row}", style.cell)
        sheet.write(row, 1, words, style.cell)
        for column in (2, 3, 4):
            sheet.write(row, column, "是/否", style.input)
    start = len(_GATES) + 3
    _heads(
        sheet, start, ("打分项（权重为示例）", "看什么", "权重", "中心A", "中心B", "中心C"), style
    )
    for number, (name, what, weight) in enumerate(_SCORES, 1):
        row = start + number
        for column, value in enumerate((name, what, weight)):
            sheet.write(row, column, value, style.cell)
        for column in (3, 4, 5):
            sheet.write_blank(row, column, None, style.input)
    last = start + len(_SCORES) + 1
    sheet.write(last, 0, "合计", style.total)
    sheet.write(last, 1, "每项按0至权重打分", style.total)
    first = start + 2
    sheet.write_formula(last, 2, f"=SUM(C{first}:C{last})", style.total,
                        sum(weight for _, _, weight in _SCORES))  # fmt: skip
    for column, letter in ((3, "D"), (4, "E"), (5, "F")):
        sheet.write_formula(last, column, f"=SUM({letter}{first}:{letter}{last})", style.total, 0)


def _heads(sheet: Any, row: int, header: Sequence[str], style: _Style) -> None:
    for column, words in enumerate(header):
        sheet.write(row, column, words, style.head)


def _rows(
    sheet: Any, row: int, header: Sequence[str], rows: Sequence[Sequence[object]], style: _Style
) -> None:
    _heads(sheet, row, header, style)
    for number, cells in enumerate(rows, row + 1):
        for column, value in enumerate(cells):
            sheet.write(number, column, value, style.cell)
