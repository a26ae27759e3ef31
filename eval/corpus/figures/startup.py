"""Starting a trial: critical path and decision trees."""

from __future__ import annotations

import itertools

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
    Rect,
    Tone,
)


def critical_path() -> Canvas:
    """What runs in parallel before the first participant, and what must wait."""
    c = Canvas(760, 496)
    gate, lane, top = 604.0, 44.0, 50.0
    open_ended = "5 4"
    lanes: tuple[tuple[str, float, float, str, Tone, str], ...] = (
        ("药物IND", 132, 430, "审评60个工作日（符合条件的创新药30个）", BLUE, ""),
        ("机构立项", 132, 330, "资料受理到立项同意", PLAIN, open_ended),
        ("合同与预算", 190, 446, "谈判、定稿、双方盖章", PLAIN, open_ended),
        ("伦理审查", 190, 416, "一般自受理之日起30天内出意见", GREEN, ""),
        ("备案或登记", 470, 590, "省局备案或登记公示", PLAIN, open_ended),
        ("人遗（有外方时）", 424, 590, "审批20个工作日，可延长10个", VIOLET, ""),
        ("物资与系统", 190, 590, "EDC、随机系统、药械生产与标签、试剂盒", PLAIN, open_ended),
    )  # fmt: skip
    bars = {}
    for n, (name, x0, x1, words, tone, dash) in enumerate(lanes):
        y = top + n * lane
        c.text(120, y + 15, name, SMALL, "end", bold=True)
        bars[name] = c.box(x0, y, x1 - x0, 30, words, tone, 11.5, dash=dash)
    ethics, contract = bars["伦理审查"], bars["合同与预算"]
    genes, filing = bars["人遗（有外方时）"], bars["备案或登记"]
    c.arrow([(402, ethics.y1), (402, genes.left[1]), genes.left])
    c.arrow([contract.right, (458, contract.right[1]), (458, filing.left[1]), filing.left])
    c.line([ethics.right, (458, ethics.right[1])])
    c.line([(gate, 36), (gate, 366)], RED.line, 2)
    c.text(gate, 24, "放行清单逐项齐备", SMALL, colour=RED.line, bold=True)
    visit = c.box(626, 150, 118, 52, "启动会（SIV）\n培训与授权", AMBER, SMALL, head=True)
    first = c.box(626, 250, 118, 52, "首例知情同意\n与筛选", RED, SMALL, head=True)
    c.arrow([(gate, 176), visit.left], RED.line)
    c.arrow([visit.bottom, first.top])
    c.arrow([(132, 382), (744, 382)], INK)
    c.text(438, 398, "时间（示意，条的长短不表示天数，有规定时限的写在条上）", SMALL, colour=MUTED)
    c.box(132, 420, 26, 18, "", GREEN, corner=3)
    c.text(166, 429, "实线：有法定或规定的时限", SMALL, "start")
    c.box(380, 420, 26, 18, "", PLAIN, corner=3, dash=open_ended)
    c.text(414, 429, "虚线：没有固定天数，各医院不同", SMALL, "start")
    c.text(438, 462, "器械试验：伦理通过和合同签订在前，省局备案在后，备案之后才能首例知情", SMALL)
    return c


def iit_tree() -> Canvas:
    """Which procedure a study begun by investigators takes."""
    c = Canvas(760, 640)
    purpose = c.diamond(208, 50, 330, 52, "以药品或器械注册为目的？")
    novel = c.diamond(208, 156, 330, 56, "作用于细胞、分子水平的\n生物医学新技术？")
    tested = c.diamond(208, 266, 330, 52, "是干预性研究？")
    beyond = c.diamond(208, 372, 330, 56, "已上市药械、\n超说明书使用？")
    usual = c.box(43, 444, 330, 56, "一般由三级医疗机构或设区的市级\n以上医疗卫生机构牵头", GREEN)
    exits = (
        (purpose, "是", "不是IIT\n按药物或医疗器械临床试验办理", RED),
        (novel, "是", "适用国务院令第818号\n审查通过后5个工作日内\n向国家卫生健康委备案", VIOLET),
        (tested, "否", "观察性IIT\n不得因研究增加参与者的\n风险和费用负担", BLUE),
        (
            beyond, "是", "须同时满足第十三条四项条件\n牵头单位为三级甲等医院\n或能力相当的医院",
            AMBER,
        ),
    )  # fmt: skip
    boxes = {}
    for question, answer, words, tone in exits:
        y = question.right[1]
        boxes[words] = c.box(474, y - 40, 268, 80, words, tone, head=True)
        c.arrow([question.right, (474, y)])
        c.text(424, y - 12, answer, SMALL, colour=AMBER.line, bold=True)
    for upper, lower, answer in (
        (purpose, novel, "否"), (novel, tested, "否"), (tested, beyond, "是"), (beyond, usual, "否")
    ):  # fmt: skip
        c.arrow([upper.bottom, lower.top])
        c.text(222, (upper.y1 + lower.y0) / 2, answer, SMALL, "start", AMBER.line, bold=True)
    steps = (
        "科学性审查", "伦理审查", "机构立项", "信息上传\n国家系统", "首例入组前\n注册（拟发表）",
    )  # fmt: skip
    row: list[Rect] = [
        c.box(24 + n * 146, 548, 126, 54, words, GREEN if n < 4 else GREY)
        for n, words in enumerate(steps)
    ]
    c.line([row[0].right, row[1].left])
    for left, right in itertools.pairwise(row[1:]):
        c.arrow([left.right, right.left])
    c.arrow([usual.bottom, (208, 524), (87, 524), row[0].top])
    for words, y in (("观察性IIT", 266), ("须同时满足", 372)):
        box = next(b for w, b in boxes.items() if w.startswith(words))
        if words == "须同时满足":
            c.line([(box.bottom[0], box.y1), (box.bottom[0], 524), (208, 524)])
        else:
            c.line([(742, y), (751, y), (751, 524), (box.bottom[0], 524)])
    c.text(380, 622, "两项审查与机构立项的先后衔接按各机构制度办理", SMALL, colour=MUTED)
    return c


def hgr_tree() -> Canvas:
    """Which procedure for human genetic resources a study needs."""
    c = Canvas(760, 640)
    used = c.diamond(212, 52, 370, 58, "采集或使用含遗传物质的材料，\n或由材料产生的基因数据？")
    care = c.diamond(212, 158, 370, 52, "只用于受试者诊疗所需的检查？")
    foreign = c.diamond(212, 262, 370, 52, "有外方单位参与？")
    filed = c.diamond(212, 366, 370, 58, "以在华上市为目的、在临床机构、\n材料不出境？")
    none = c.box(484, 22, 260, 60, "不涉及人遗手续\n个人信息规则仍要遵守", GREY, head=True)
    routine = c.box(484, 128, 260, 60, "不办人遗手续\n（条例第三条，诊疗需要）", GREY, head=True)
    home = c.box(
        484, 206, 260, 112,
        "没有外方：只看两种许可\n采集许可：重要家系、特定地区，\n或达到规定的种类、数量\n保藏许可：建样本库",
        BLUE, SMALL, head=True,
    )  # fmt: skip
    approval = c.box(
        484, 332, 260, 68, "国际合作审批\n20个工作日内决定，可延长10个\n（条例第三十二条）", RED,
        SMALL, head=True,
    )  # fmt: skip
    filing = c.box(52, 430, 320, 54, "试验开始前备案\n（条例第二十二条）", GREEN, head=True)
    for question, box, answer in (
        (used, none, "否"), (care, routine, "是"), (foreign, home, "否"), (filed, approval, "否")
    ):  # fmt: skip
        c.arrow([question.right, (484, question.right[1])])
        c.text(440, question.right[1] - 12, answer, SMALL, colour=AMBER.line, bold=True)
        assert box.y0 < question.right[1] < box.y1
    for upper, lower, answer in (
        (used, care, "是"), (care, foreign, "否"), (foreign, filed, "是"), (filed, filing, "是")
    ):  # fmt: skip
        c.arrow([upper.bottom, lower.top])
        c.text(226, (upper.y1 + lower.y0) / 2, answer, SMALL, "start", AMBER.line, bold=True)
    c.text(380, 512, "另外判断", bold=True)
    also: tuple[tuple[float, str], ...] = (
        (14, "材料出境\n取得材料出境证明\n（条例第二十七条）"),
        (262, "向外方提供基因数据\n事先报告并提交信息备份\n（条例第二十八条）"),
        (510, "国际合作结束后\n6个月内双方共同提交报告\n（条例第二十六条）"),
    )
    for x, words in also:
        c.box(x, 534, 236, 84, words, VIOLET, head=True)
    return c
