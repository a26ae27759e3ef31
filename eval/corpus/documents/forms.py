"""Forms to fill in: the checklist for ethics and the feasibility questionnaire."""

from __future__ import annotations

import html

from eval.corpus.documents.notes import note
from eval.corpus.documents.page import Table, page

ETHICS_TITLE = "伦理递交自查清单"
ETHICS_SUBJECT = "药物试验、器械试验和研究者发起的研究向伦理委员会递交的文件，逐项打勾"
FEASIBILITY_TITLE = "临床试验可行性问卷"
FEASIBILITY_SUBJECT = "问中心的问题，每个数字注明来源和时间段"
_STYLE = """
.fields td { height: 8mm; }
ol { padding-left: 6mm; margin: 0 0 3mm; }
"""
_BOX = "□"
_YES, _NO = "需要", "—"
_DEVICE_ONLY = (
    "病例报告表（CRF）", "依据产品技术要求出具的检验报告", "临床前研究资料",
    "试验器械研制符合质量管理体系要求的声明",
)  # fmt: skip
_DRUG_ONLY = ("现有的安全性资料", "包含受试者补偿信息的文件")
_IIT_ONLY = (
    "科学性审查意见或立项受理证明", "研究者和资助方利益冲突声明",
    "经费来源和预算说明（写明不向受试者收取研究费用）", "说明书和超说明书使用的依据材料",
    "数据和样本使用说明（个人信息、人类遗传资源、数据出境）",
)  # fmt: skip
_ALL = (
    "试验方案及修订版", "知情同意书及更新件", "招募受试者的方式和材料",
    "提供给受试者的其他书面资料",
)  # fmt: skip
_DRUG_AND_DEVICE = ("研究者手册（IB）", "研究者资格的证明文件", "伦理审查需要的其他文件")


def ethics_checklist() -> str:
    """Documents by kind of trial, and the checks before handing in."""
    rows = [
        *((name, _YES, _YES, _YES) for name in _ALL),
        *((name, _YES, _YES, _NO) for name in _DRUG_AND_DEVICE),
        *((name, _YES, _NO, _NO) for name in _DRUG_ONLY),
        *((name, _NO, _YES, _NO) for name in _DEVICE_ONLY),
        *((name, _NO, _NO, _YES) for name in _IIT_ONLY),
    ]
    papers = Table(
        "表2 递交文件（药物试验依据2020年版药物GCP第十二条，器械试验依据器械GCP第十一条）",
        ("序号", "文件", "药物试验", "器械试验", "IIT", "已备", "版本号和日期"),
        [(str(n), *row, _BOX, "") for n, row in enumerate(rows, 1)],
        widths=(7, 41, 10, 10, 8, 8, 16),
    )
    source = note("operation/ethics-submission-package")
    checks = next(s for s in source.sections if s.heading == "递交前怎样自查")
    consistent = Table(
        "表3 六个一致性自查", ("序号", "自查内容", "结果"),
        [(str(n), line.removeprefix("- "), f"{_BOX}是 {_BOX}否")
         for n, line in enumerate((x for x in checks.lines if x.startswith("- ")), 1)],
        widths=(8, 74, 18),
    )  # fmt: skip
    fields = _fields(
        "表1 项目信息",
        (
            "项目名称",
            "方案编号",
            "主要研究者",
            "承担科室",
            "申办者",
            "递交日期",
            "自查人",
            "自查日期",
        ),
    )
    closing = (
        "<p>IIT一栏的文件为各医院通常的要求，递交前请查阅本院伦理委员会的递交指南。</p>"
        "<p>器械试验的主要研究者备案应当在伦理审查之前完成"
        "（《医疗器械临床试验质量管理规范》第十九条）。</p>"
    )
    return page(ETHICS_TITLE, [fields, papers.html(), consistent.html(), closing], _STYLE)


def feasibility_form() -> str:
    """The questions of the note, one table a module, with room for answers."""
    source = note("operation/feasibility-questionnaire")
    parts = [
        _fields("表1 医院与填写人", ("医院", "科室", "填写人", "职务", "联系电话", "填写日期")),
        "<p>填写说明：每个数字都要注明数据来源（病案系统、门诊登记或估计）和统计时间段，"
        "估计值单独标注。</p>",
    ]
    modules = [s for s in source.sections if s.heading.endswith("要问什么")]
    for number, module in enumerate(modules, 2):
        questions = [x.removeprefix("- ") for x in module.lines if x.startswith("- ")]
        table = Table(
            f"表{number} {module.heading.removesuffix('要问什么')}",
            ("序号", "问题", "回答", "来源和时间段"),
            [(f"{number - 1}.{n}", words, "", "") for n, words in enumerate(questions, 1)],
            widths=(8, 52, 24, 16),
        )
        parts.append(table.html())
    parts.append("<p>问卷只作初筛，病源、设备和人员还要经现场筛选访视（SSV）核实。</p>")
    return page(FEASIBILITY_TITLE, parts, _STYLE)


def _fields(caption: str, names: tuple[str, ...]) -> str:
    """Two fields a row, with room to write."""
    rows = "".join(
        f"<tr><th>{html.escape(a)}</th><td></td><th>{html.escape(b)}</th><td></td></tr>"
        for a, b in zip(names[::2], names[1::2], strict=True)
    )
    return (
        f'<table class="ruled fields"><caption>{caption}</caption>'
        '<colgroup><col style="width:16%"><col style="width:34%"><col style="width:16%">'
        f'<col style="width:34%"></colgroup><tbody>{rows}</tbody></table>'
    )
