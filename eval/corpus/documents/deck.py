"""The slide deck: from a clinical question to a trial that can start."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.chart.data import XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.enum.text import PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from eval.corpus.documents.imprint import AUTHOR, IMPRINT, MADE
from eval.corpus.documents.pictures import pngs
from eval.corpus.documents.rows import CARD_HEADER, deadlines
from eval.corpus.figures.catalogue import Figure, figures
from eval.corpus.figures.numbers.sizes import proportions_power, proportions_size

TITLE = "从临床问题到可启动的试验"
SUBJECT = "从PICO、终点、设计、样本量到伦理、备案和启动的十四页讲义"
_FONT = "Noto Sans CJK SC"
_INK, _BLUE = RGBColor(0x1F, 0x29, 0x33), RGBColor(0x24, 0x5F, 0x8F)
_WIDE, _HIGH = Inches(13.333), Inches(7.5)
_ROWS_A_GROUP = 3  # of the table of deadlines, so that it fits a slide
_CHART_PAIRS = ((0.60, 0.40), (0.85, 0.70), (0.90, 0.80))


@dataclass(frozen=True, slots=True)
class Page:
    """A slide: title, lines of text, notes of the speaker, and a figure beside the text."""

    title: str
    lines: tuple[str, ...]
    notes: str
    figure: str | None = None


PAGES = (
    Page(
        "第一步：把临床问题写成PICO",
        (
            "人群（P）：写明诊断标准、分期和关键入排标准。",
            "干预（I）与对照（C）：写明剂量、疗程和合并治疗。",
            "结局（O）：写明测量变量、分析指标、汇总方法和时间点。",
            "一个试验只回答一个主要问题，样本量和结论都以主要终点为准。",
        ),
        "主要终点一般只设一个；每个终点要写明测量变量、分析指标、汇总方法和时间点四个要素。",
    ),
    Page(
        "第二步：写清估计目标",
        (
            "估计目标由五个属性构成（ICH E9(R1)）。",
            "伴发事件有五种处理策略，逐一写明。",
            "停药后继续随访得到的数据不是缺失。",
        ),
        "国家药监局2021年1月21日公告适用ICH E9(R1)，公告发布12个月后启动的药物临床研究适用。",
        "estimand",
    ),
    Page(
        "第三步：选设计",
        (
            "能随机就随机，开放标签也要做到分配隐藏。",
            "病情稳定、效应可逆：考虑交叉设计。",
            "干预只能在群的层面实施：考虑整群随机。",
            "多个药、多个瘤种：考虑主方案试验。",
        ),
        "非随机的器械试验通常不被推荐，因为协变量分析难以校正全部已知因素，更无法评价未知因素。",
        "parallel-rct",
    ),
    Page(
        "I期剂量递增：3+3与BOIN",
        (
            "3+3规则简单，但不能指定目标毒性率。",
            "BOIN把观察DLT率与λe、λd比较。",
            "目标0.30时λe=0.236，λd=0.359。",
        ),
        "采用BOIN的方案应当写明目标毒性率、完整决策表、停止规则、DLT观察窗和操作特征模拟结果。",
        "boin-boundaries-030",
    ),
    Page(
        "单臂II期：Simon两阶段",
        (
            "p0=0.10、p1=0.30、单侧α=0.05、β=0.20。",
            "optimal设计：1/10，5/29。",
            "minimax设计：1/15，5/25。",
        ),
        "Simon两阶段设计没有同期对照，不能证明优于标准治疗，通常只用来决定是否进入随机对照试验。",
        "simon-two-stage",
    ),
)
_CRITICAL = Page(
    "第六步：启动的关键路径",
    (
        "立项、伦理、合同、人遗资料和系统搭建可以并行。",
        "合同和立项没有法定时限，往往决定关键路径。",
        "器械试验：伦理和合同在前，省局备案在后。",
    ),
    "走30个工作日通道的创新药须承诺获批后12周内启动，立项、伦理和合同要在IND受理前后就开始。",
    "startup-critical-path",
)
_LAST = (
    Page(
        "研究者发起的研究（IIT）怎么走",
        (
            "不以药械注册为目的才是IIT。",
            "科学性审查、伦理审查、机构立项、信息上传四项都要有。",
            "超说明书干预性研究须同时满足第十三条四项条件。",
        ),
        "IIT管理办法为国卫科教发〔2024〕32号，2024年10月1日起施行。",
        "iit-decision-tree",
    ),
    Page(
        "人类遗传资源手续怎么判断",
        (
            "先看用不用含遗传物质的材料或基因数据。",
            "再看有没有外方单位。",
            "材料不出境、以在华上市为目的的走备案。",
        ),
        "人类遗传资源的全国主管部门自2024年5月1日起为国家卫生健康委。",
        "hgr-decision-tree",
    ),
    Page(
        "安全性报告：药物与器械不一样",
        (
            "药物SUSAR：7日加8日，或15日，第0天为申办者首次获知当天。",
            "器械SAE：研究者24小时，申办者7日或15日。",
        ),
        "药物试验的研究者获知SAE后立即书面报告申办者，2020年版药物GCP没有写24小时。",
        "safety-reporting-timeline",
    ),
    Page(
        "启动会前的放行清单",
        (
            "伦理批件和盖章版方案、知情同意书已到中心。",
            "合同已双方盖章，首付款条件已满足。",
            "器械试验的省局备案文件或药物试验的登记公示信息已取得。",
            "需要人遗审批或备案的试验已取得批件或备案号。",
            "试验药品或器械、检测试剂盒、设备校准证书已到位。",
            "授权分工表、培训记录、研究者简历和GCP证书已归档。",
            "EDC、随机系统账号已开通，实验室正常值范围和室间质评证书已收齐。",
        ),
        "七件事缺一项就不要筛选首例受试者。",
    ),
    Page(
        "来源与核对",
        (
            f"{IMPRINT}。",
            "图由杏林自绘，数字由公式计算或取自杏林笔记。",
            "样本量和界值在写入方案前请由统计师复算。",
        ),
        "讲义中的时限以各规则现行文本为准，引用前请核对官方原文。",
    ),
)


def make_deck(target: Path) -> int:
    """Write the deck; returns its slides."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = _WIDE, _HIGH
    core = deck.core_properties
    core.title, core.author, core.subject = TITLE, AUTHOR, SUBJECT
    core.created = core.modified = MADE.replace(tzinfo=None)
    every = (*PAGES, _CRITICAL, *_LAST)
    drawn = pngs(page.figure for page in every if page.figure)
    known = {figure.slug: figure for figure in figures()}
    _cover(deck)
    for page in PAGES:
        _slide(deck, page, drawn, known)
    _chart(deck)
    _table(deck)
    for page in (_CRITICAL, *_LAST):
        _slide(deck, page, drawn, known)
    deck.save(str(target))
    return len(deck.slides)


def _cover(deck: Any) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[0])
    _place(slide.shapes.title, 1.0, 2.2, 11.3, 1.4)
    _fill(slide.shapes.title.text_frame, [TITLE], 40, bold=True)
    below = slide.placeholders[1]
    _place(below, 1.0, 3.9, 11.3, 1.2)
    _fill(below.text_frame, ["临床试验筹划讲义", IMPRINT], 18)
    slide.notes_slide.notes_text_frame.text = (
        "本讲义按筹划顺序说明从临床问题到首例受试者知情同意要做的决定和手续。"
    )


def _slide(deck: Any, page: Page, drawn: dict[str, bytes], known: dict[str, Figure]) -> None:
    slide = _titled(deck, page.title)
    wide = 4.6 if page.figure else 11.9
    box = slide.shapes.add_textbox(Inches(0.7), Inches(1.5), Inches(wide), Inches(5.4))
    box.text_frame.word_wrap = True
    _fill(box.text_frame, page.lines, 20, space=10)
    if page.figure:
        figure = known[page.figure]
        picture = slide.shapes.add_picture(
            io.BytesIO(drawn[page.figure]), Inches(5.6), Inches(1.5), width=Inches(7.2)
        )
        limit = Inches(5.3)
        if picture.height > limit:
            picture.width = Emu(int(picture.width * limit / picture.height))
            picture.height = limit
        told = f"{figure.caption}。{figure.explanation[0]}"
        picture._element.nvPicPr.cNvPr.set("descr", told)
        line = slide.shapes.add_textbox(
            Inches(5.6), picture.top + picture.height + Inches(0.05), Inches(7.2), Inches(0.4)
        )
        line.text_frame.word_wrap = True
        _fill(line.text_frame, [figure.caption], 11)
    slide.notes_slide.notes_text_frame.text = page.notes


def _chart(deck: Any) -> None:
    slide = _titled(deck, "第四步：算样本量（两组率）")
    data = XyChartData()
    for p1, p2 in _CHART_PAIRS:
        series = data.add_series(f"{p1:.0%}比{p2:.0%}")
        for n in range(20, 301, 20):
            series.add_data_point(n, round(100 * proportions_power(p1, p2, n), 1))
    frame = slide.shapes.add_chart(
        XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS, Inches(0.7), Inches(1.5), Inches(7.4),
        Inches(5.2), data,
    )  # fmt: skip
    chart = frame.chart
    chart.has_title = True
    chart.chart_title.text_frame.text = "把握度（%）随每组例数的变化，双侧α=0.05，合并方差公式"
    chart.chart_title.text_frame.paragraphs[0].runs[0].font.size = Pt(13)
    chart.has_legend = True
    chart.legend.position = XL_LEGEND_POSITION.BOTTOM
    chart.legend.include_in_layout = False
    chart.value_axis.maximum_scale, chart.value_axis.minimum_scale = 100, 0
    chart.category_axis.maximum_scale, chart.category_axis.minimum_scale = 300, 0
    box = slide.shapes.add_textbox(Inches(8.4), Inches(1.5), Inches(4.3), Inches(5.2))
    box.text_frame.word_wrap = True
    _fill(box.text_frame, [
        f"{p1:.0%}比{p2:.0%}：把握度80%每组{proportions_size(p1, p2, 0.8)}例，"
        f"90%每组{proportions_size(p1, p2, 0.9)}例。" for p1, p2 in _CHART_PAIRS
    ] + ["例数再按脱落率放大：n÷(1-脱落率)。"], 18, space=10)  # fmt: skip
    slide.notes_slide.notes_text_frame.text = (
        "两个软件的率样本量不一致，多数是因为一个用合并方差、另一个用非合并方差或连续性校正。"
    )


def _table(deck: Any) -> None:
    slide = _titled(deck, "第五步：查法定时限")
    groups = ("药物临床试验", "医疗器械临床试验", "伦理与研究者发起的研究", "人类遗传资源")
    keep = [
        d for group in groups for d in [d for d in deadlines() if d.group == group][:_ROWS_A_GROUP]
    ]
    rows = [CARD_HEADER, *((d.matter, d.limit, d.start, d.basis) for d in keep)]
    shape = slide.shapes.add_table(
        len(rows), 4, Inches(0.7), Inches(1.4), Inches(11.9), Inches(0.42 * len(rows))
    )
    for column, wide in zip(shape.table.columns, (4.1, 2.9, 1.5, 3.4), strict=True):
        column.width = Inches(wide)
    for number, row in enumerate(rows):
        for column, words in enumerate(row):
            cell = shape.table.cell(number, column)
            cell.margin_top = cell.margin_bottom = Inches(0.02)
            _fill(cell.text_frame, [words], 11, bold=number == 0,
                  colour=RGBColor(255, 255, 255) if number == 0 else _INK)  # fmt: skip
    slide.notes_slide.notes_text_frame.text = (
        "时限分工作日和日，写「工作日」的不含周末和法定节假日；机构立项和合同没有法定时限。"
    )


def _titled(deck: Any, title: str) -> Any:
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    _place(slide.shapes.title, 0.7, 0.4, 11.9, 0.9)
    _fill(slide.shapes.title.text_frame, [title], 28, bold=True, colour=_BLUE)
    slide.shapes.title.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    return slide


def _place(shape: Any, x: float, y: float, w: float, h: float) -> None:
    shape.left, shape.top, shape.width, shape.height = (Inches(v) for v in (x, y, w, h))


def _fill(
    frame: Any, lines: Sequence[str], size: float, bold: bool = False, colour: RGBColor = _INK,
    space: float = 0,
) -> None:  # fmt: skip
    """Set the lines of a text frame in a font that has Chinese."""
    for number, words in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(space)
        run = paragraph.add_run()
        run.text = words
        run.font.size, run.font.bold = Pt(size), bold
        run.font.name = _FONT
        run.font.color.rgb = colour
        east = run.font._element.makeelement(qn("a:ea"), {"typeface": _FONT})
        run.font._element.append(east)
