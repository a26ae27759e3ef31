"""Time limits of authorities and of safety reports."""

from __future__ import annotations

from eval.corpus.figures.canvas import (
    AMBER,
    BLUE,
    GREEN,
    GREY,
    INK,
    MUTED,
    PLAIN,
    RED,
    SMALL,
    VIOLET,
    Canvas,
    Tone,
)


def drug_ind() -> Canvas:
    """The 60 and 30 working days of a drug trial application."""
    c = Canvas(760, 430)
    start, unit = 118.0, 6.4  # units a working day

    def day(number: float) -> float:
        return start + number * unit

    c.box(14, 60, 92, 52, "默示许可\n60个工作日", BLUE, SMALL, head=True)
    c.box(14, 168, 92, 52, "30日通道\n30个工作日", GREEN, SMALL, head=True)
    c.box(start, 66, 60 * unit, 40, "审评审批：逾期未通知的视为同意", BLUE, corner=3)
    c.box(start, 174, 30 * unit, 40, "符合条件的1类创新药", GREEN, corner=3)
    for number, y in ((0, 46), (60, 46)):
        c.text(day(number), y, "受理" if number == 0 else "第60个工作日", SMALL, bold=True)
    c.text(day(0), 154, "受理", SMALL, bold=True)
    c.text(day(30), 154, "第30个工作日", SMALL, bold=True)
    c.line([(day(20), 214), (day(20), 238)], AMBER.line, 1.6)
    c.box(
        day(20) - 118, 238, 236, 50, "不能按期审完：20个工作日内\n告知，转按60日时限办理", AMBER,
        SMALL,
    )  # fmt: skip
    done = c.box(546, 60, 200, 70, "许可3年内没有受试者\n签署知情同意书的\n自行失效", GREY, SMALL)
    c.arrow([(day(60), 86), (done.x0, 86)])
    begun = c.box(
        546, 162, 200, 70, "承诺获批后12周内启动\n以首例中国受试者签署\n知情同意书为标志", GREEN,
        SMALL,
    )  # fmt: skip
    c.arrow([(day(30), 194), (begun.x0, 194)])
    c.text(380, 316, "许可之外，首例入组前还要备齐", bold=True)
    for n, words in enumerate((
        "伦理委员会审查同意\n（《药品管理法》第二十条）",
        "登记平台登记并公示\n（《药品注册管理办法》\n第三十三条）",
        "受试者自愿签署知情同意书\n（《药品管理法》\n第二十一条）",
    )):  # fmt: skip
        c.box(14 + n * 248, 338, 236, 78, words, PLAIN, SMALL)
    return c


def device_path() -> Canvas:
    """From a finished design to the first participant of a device trial."""
    c = Canvas(760, 520)
    design = c.box(
        14, 38, 150, 76, "产品准备\n设计定型、临床前\n研究、检验合格", PLAIN, SMALL, head=True
    )
    site = c.box(204, 38, 150, 76, "机构准备\n机构、专业和PI\n都已备案", PLAIN, SMALL, head=True)
    ethics = c.box(394, 38, 150, 76, "伦理审查同意\n（PI备案在伦理\n审查之前）", GREEN, SMALL,
                   head=True)  # fmt: skip
    contract = c.box(
        584, 38, 160, 76, "签订合同\n申办者与机构\n和主要研究者", GREEN, SMALL, head=True
    )
    c.arrow([design.right, site.left])
    c.arrow([site.right, ethics.left])
    asked = c.diamond(190, 220, 330, 60, "列入需审批的第三类\n高风险医疗器械目录？")
    approval = c.box(
        60, 296, 260, 86, "国家药监局审批\n60个工作日内决定，逾期视为同意\n三级甲等医疗机构实施",
        RED, SMALL, head=True,
    )  # fmt: skip
    filing = c.box(
        444, 186, 300, 68, "省级药监局项目备案\n向申办者所在地的省局，由申办者办理", BLUE, SMALL,
        head=True,
    )  # fmt: skip
    first = c.box(444, 306, 300, 66, "首例知情同意和筛选\n备案完成之后才可以开始", AMBER, head=True)
    for box in (ethics, contract):
        c.arrow([box.bottom, (box.bottom[0], 150), (594, 150), filing.top])
    c.arrow([site.bottom, (279, 150), (190, 150), asked.top])
    c.arrow([asked.bottom, approval.top])
    c.text(204, 273, "是", SMALL, "start", AMBER.line, bold=True)
    c.arrow([asked.right, filing.left])
    c.text(396, 208, "否：只备案", SMALL, colour=AMBER.line, bold=True)
    c.arrow([approval.right, first.left])
    c.text(382, 328, "批准外还要备案", SMALL, colour=AMBER.line, bold=True)
    c.arrow([filing.bottom, first.top])
    c.text(380, 404, "之后要守的时限", bold=True)
    after: tuple[tuple[float, str, Tone], ...] = (
        (14, "审批后3年内没有受试者\n签署知情同意书的\n许可自行失效", GREY),
        (262, "修订方案或知情同意书\n须先重新取得\n伦理委员会书面同意", GREY),
        (510, "终止或完成后10个工作日内\n报告申办者所在地\n省级药监局", GREY),
    )
    for x, words, tone in after:
        c.box(x, 424, 236, 78, words, tone, SMALL)
    return c


def safety_reports() -> Canvas:
    """Time limits of SUSAR and SAE reports, drug and device."""
    c = Canvas(760, 600)
    _panel(
        c, 14, "药物临床试验（SUSAR）", "研究者获知SAE：立即\n书面报告申办者",
        (("致死或危及生命", ((0, 7, "7日内首次报告", RED), (7, 15, "再8日内补充随访", AMBER))),
         ("其他SUSAR", ((0, 15, "15日内报告", BLUE),))),
        "申办者报药审中心（CDE）；第0天为首次获知当天，均为自然日",
    )  # fmt: skip
    _panel(
        c, 306, "医疗器械临床试验（SAE）", "研究者获知所有SAE后\n24小时内报告三方",
        (("死亡或危及生命", ((0, 7, "7日内报告", RED),)),
         ("其他器械相关SAE", ((0, 15, "15日内报告", BLUE),))),
        "申办者报试验器械相关SAE；规范写的是「日」，以获知为起点",
    )  # fmt: skip
    return c


def _panel(
    c: Canvas, y: float, name: str, investigator: str,
    bars: tuple[tuple[str, tuple[tuple[int, int, str, Tone], ...]], ...], told: str,
) -> None:  # fmt: skip
    start, unit = 316.0, 26.0
    c.rect(14, y, 732, 278, GREY.line, "#fdfdfd", 8)
    c.text(30, y + 24, name, 16, "start", bold=True)
    c.box(30, y + 48, 168, 56, investigator, VIOLET, head=False, size=SMALL)
    if "药物" in name:
        also = "同时通报：研究者、机构、\n伦理委员会、卫生健康部门\n（条文没有写具体天数）"
    else:
        also = "三方：申办者、机构管理部门、\n伦理委员会（与器械有无关系\n都要报）"
    c.box(30, y + 118, 168, 66, also, PLAIN, 11.5)
    for n, (kind, parts) in enumerate(bars):
        at = y + 62 + n * 58
        c.text(start - 10, at + 18, kind, SMALL, "end", bold=True)
        for first, last, words, tone in parts:
            c.box(start + first * unit, at, (last - first) * unit, 36, words, tone, corner=3)
    base = y + 184
    c.arrow([(start, base), (start + 16 * unit, base)], INK)
    for day in (0, 7, 15):
        c.line([(start + day * unit, base - 4), (start + day * unit, base + 4)], INK)
        c.text(start + day * unit, base + 17, f"第{day}日", SMALL)
    c.text(start + 8 * unit, base + 38, "自申办者获知起", SMALL, colour=MUTED)
    c.text(380, y + 258, told, SMALL)
