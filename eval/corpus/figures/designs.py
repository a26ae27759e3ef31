"""Schemata of randomised designs."""

from __future__ import annotations

from eval.corpus.figures.canvas import (
    AMBER,
    BLUE,
    GREEN,
    GREY,
    INK,
    MUTED,
    PLAIN,
    SMALL,
    VIOLET,
    Canvas,
    Rect,
    Tone,
)


def consort_flow() -> Canvas:
    """Flow of participants after CONSORT 2025."""
    c = Canvas(760, 600)
    for y, h, words in ((28, 226, "入组"), (278, 92, "分配"), (394, 76, "随访"), (494, 84, "分析")):
        c.box(16, y, 58, h, words, GREY, head=True)
    assessed = c.box(252, 28, 200, 46, "评估合格性（n=…）", BLUE)
    excluded = c.box(
        496, 92, 246, 104,
        "排除（n=…）\n不符合入选标准（n=…）\n拒绝参加（n=…）\n其他原因（n=…）", GREY,
        head=True, anchor="start",
    )  # fmt: skip
    randomised = c.box(252, 208, 200, 46, "随机（n=…）", AMBER, head=True)
    c.arrow([assessed.bottom, randomised.top])
    middle = (assessed.bottom[0], excluded.left[1])
    c.arrow([middle, excluded.left])
    for x, name in ((94, "试验组"), (428, "对照组")):
        given = c.box(
            x, 278, 314, 92,
            f"分到{name}（n=…）\n接受了所分的干预（n=…）\n未接受干预及原因（n=…）", BLUE,
            head=True,
        )  # fmt: skip
        followed = c.box(x, 394, 314, 76, f"{name}失访及原因（n=…）\n停止干预及原因（n=…）", PLAIN)
        analysed = c.box(
            x, 494, 314, 84, f"{name}纳入主要结局分析（n=…）\n未纳入分析及原因（n=…）", GREEN
        )
        c.arrow([randomised.bottom, (352, 266), (given.top[0], 266), given.top])
        c.arrow([given.bottom, followed.top])
        c.arrow([followed.bottom, analysed.top])
    return c


def parallel_groups() -> Canvas:
    """A parallel randomised controlled trial."""
    c = Canvas(760, 330)
    people = c.box(18, 116, 104, 70, "目标人群\n入排标准", PLAIN, head=True)
    screened = c.box(150, 116, 112, 70, "筛选期\n知情同意\n基线评估", PLAIN, head=True)
    c.circle(318, 151, 29, AMBER.line, AMBER.fill)
    c.lines(318, 151, "随机\n1:1", head=True)
    test = c.box(386, 44, 140, 66, "试验组\n试验干预", BLUE, head=True)
    control = c.box(386, 192, 140, 66, "对照组\n阳性对照或安慰剂", GREY, head=True)
    followed = c.box(556, 116, 84, 70, "随访\n盲态评价", PLAIN, head=True)
    ended = c.box(666, 116, 80, 70, "主要终点\n组间比较", GREEN, head=True)
    c.arrow([people.right, screened.left])
    c.arrow([screened.right, (289, 151)])
    for arm in (test, control):
        c.arrow([(347, 151), (362, 151), (362, arm.left[1]), arm.left])
        c.arrow([arm.right, (541, arm.right[1]), (541, 151), followed.left])
    c.arrow([followed.right, ended.left])
    c.line([(150, 276), (310, 276)], AMBER.line, 2)
    c.text(230, 294, "分配隐藏：管随机之前", SMALL, colour=AMBER.line)
    c.line([(326, 276), (746, 276)], VIOLET.line, 2)
    c.text(536, 294, "盲法：管随机之后，到终点评价为止", SMALL, colour=VIOLET.line)
    c.line([(318, 36), (318, 120)], MUTED, 1.2, "4 4")
    c.line([(318, 182), (318, 306)], MUTED, 1.2, "4 4")
    c.text(318, 24, "随机化时点", SMALL, colour=MUTED)
    return c


def crossover() -> Canvas:
    """A two-period, two-sequence crossover trial."""
    c = Canvas(760, 330)
    for x, words in (
        (140, "筛选与随机"), (282, "第一阶段"), (441, "洗脱期"), (600, "第二阶段")
    ):  # fmt: skip
        c.text(x, 34, words, bold=True)
    c.circle(140, 144, 29, AMBER.line, AMBER.fill)
    c.lines(140, 144, "随机\n1:1", head=True)
    c.box(14, 116, 76, 56, "合格的\n受试者", PLAIN)
    c.arrow([(90, 144), (111, 144)])
    for y, first, second, name in ((58, "A", "B", "顺序一：AB"), (174, "B", "A", "顺序二：BA")):
        tones = {"A": BLUE, "B": GREEN}
        row = y + 28
        one = c.box(214, y, 136, 56, f"{name}\n服用{first}", tones[first])
        wash = c.box(373, y, 136, 56, "洗脱\n5至7个半衰期", GREY, dash="5 4")
        two = c.box(532, y, 136, 56, f"{name}\n服用{second}", tones[second])
        c.arrow([(169, 144), (190, 144), (190, row), one.left])
        c.arrow([one.right, wash.left])
        c.arrow([wash.right, two.left])
        c.line([two.right, (684, row), (684, 144)])
    c.arrow([(684, 144), (698, 144)])
    c.box(698, 116, 52, 56, "个体内\n比较", VIOLET, SMALL)
    c.arrow([(214, 262), (668, 262)], INK)
    c.text(444, 280, "时间", SMALL, colour=MUTED)
    c.text(380, 308, "分析模型含顺序、时期、处理的固定效应和受试者的随机效应", SMALL, colour=INK)
    return c


def cluster_and_wedge() -> Canvas:
    """Parallel clusters beside a stepped wedge."""
    c = Canvas(760, 372)
    c.text(150, 30, "平行整群随机", bold=True)
    c.text(520, 30, "阶梯楔形（4步、5个时期）", bold=True)
    for row in range(8):
        y = 76 + row * 29
        treated = row % 2 == 0
        c.text(46, y + 11, f"群{row + 1}", SMALL, "end")
        _cell(c, 58, y, 206, treated, "干预" if treated else "对照")
    c.text(161, 58, "整个随访期", SMALL, colour=MUTED)
    c.line([(302, 48), (302, 312)], MUTED, 1, "4 4")
    for period in range(5):
        c.text(433 + period * 68, 58, f"时期{period + 1}", SMALL, colour=MUTED)
    for row in range(8):
        y = 76 + row * 29
        step = row // 2 + 1
        c.text(386, y + 11, f"群{row + 1}（第{step}步）", SMALL, "end")
        for period in range(5):
            treated = period >= step
            _cell(c, 402 + period * 68, y, 62, treated, "干预" if treated else "对照")
    c.box(58, 326, 22, 20, "", BLUE, corner=4)
    c.text(88, 336, "干预期", SMALL, "start")
    c.box(158, 326, 22, 20, "", PLAIN, corner=4)
    c.text(188, 336, "对照期", SMALL, "start")
    c.text(402, 336, "随机的是每个群转为干预的时间，最后全部接受干预", SMALL, "start")
    return c


def _cell(c: Canvas, x: float, y: float, w: float, treated: bool, words: str) -> None:
    c.box(x, y, w, 22, words, BLUE if treated else PLAIN, SMALL, corner=8)


def factorial() -> Canvas:
    """A two by two factorial trial with its marginal comparisons."""
    c = Canvas(760, 350)
    c.text(230, 34, "用B", bold=True)
    c.text(410, 34, "不用B", bold=True)
    c.text(134, 92, "用A", bold=True, anchor="end")
    c.text(134, 192, "不用A", bold=True, anchor="end")
    cells: dict[str, tuple[float, float, str, Tone]] = {
        "ab": (146, 56, "A加B\n32例", VIOLET), "a": (326, 56, "只用A\n32例", BLUE),
        "b": (146, 156, "只用B\n32例", GREEN), "none": (326, 156, "都不用\n32例", GREY),
    }  # fmt: skip
    boxes = {
        key: c.box(x, y, 168, 72, words, tone, head=True)
        for key, (x, y, words, tone) in cells.items()
    }
    _bracket(c, boxes["a"], boxes["none"])
    c.box(546, 92, 196, 100, "A的主效应\n用A的64例\n比不用A的64例\n（按B分层）", BLUE, head=True)
    c.line([(146, 246), (146, 256), (314, 256), (314, 246)], GREEN.line)
    c.line([(326, 246), (326, 256), (494, 256), (494, 246)], GREEN.line)
    c.line([(230, 256), (230, 268)], GREEN.line)
    c.line([(410, 256), (410, 268)], GREEN.line)
    c.box(146, 268, 348, 60, "B的主效应\n用B的64例比不用B的64例（按A分层）", GREEN, head=True)
    c.box(
        546, 232, 196, 96, "交互作用\n检出与主效应同样大小的\n交互作用约需4倍例数", AMBER, head=True
    )
    return c


def _bracket(c: Canvas, upper: Rect, lower: Rect) -> None:
    for box in (upper, lower):
        c.line([(506, box.y0), (518, box.y0), (518, box.y1), (506, box.y1)], BLUE.line)
        c.line([(518, box.right[1]), (532, box.right[1])], BLUE.line)
    c.line([(532, upper.right[1]), (532, lower.right[1])], BLUE.line)
    c.line([(532, 142), (546, 142)], BLUE.line)


def smart() -> Canvas:
    """A two-stage SMART in which only non-responders are randomised again."""
    c = Canvas(760, 442)
    for x, words in ((60, "第一次随机"), (204, "第一阶段"), (352, "决策点"), (520, "第二阶段"),
                     (682, "嵌入的方案")):  # fmt: skip
        c.text(x, 28, words, bold=True)
    c.circle(60, 222, 29, AMBER.line, AMBER.fill)
    c.lines(60, 222, "随机\n1:1", head=True)
    for start, name, tone, first in ((52, "A", BLUE, 1), (240, "B", GREEN, 3)):
        middle = start + 76
        treated = c.box(144, middle - 32, 120, 64, f"治疗{name}\n8周", tone, head=True)
        c.arrow([(89, 222), (110, 222), (110, middle), treated.left])
        yes = c.box(300, start + 2, 104, 46, "应答", GREY)
        no = c.box(300, start + 96, 104, 46, "无应答", GREY)
        for box in (yes, no):
            c.arrow([treated.right, (282, middle), (282, box.left[1]), box.left])
        keep = c.box(464, start + 2, 112, 46, f"继续{name}", tone)
        c.arrow([yes.right, keep.left])
        c.circle(436, no.left[1], 15, AMBER.line, AMBER.fill)
        c.text(436, no.left[1], "随机", SMALL - 1.5)
        c.line([no.right, (421, no.left[1])])
        for n, (y, words) in enumerate(((start + 78, "换药"), (start + 130, "加药"))):
            box = c.box(476, y, 100, 36, words, VIOLET)
            c.arrow([(451, no.left[1]), (462, no.left[1]), (462, box.left[1]), box.left])
            c.text(592, y + 10, f"方案{first + n}：{name}起始，", SMALL, "start")
            c.text(592, y + 26, f"无应答者{words}", SMALL, "start")
        c.text(610, keep.right[1], "应答者属于两个方案", SMALL, "start", MUTED)
        c.line([keep.right, (604, keep.right[1])], MUTED, 1.2, "4 4")
    c.text(380, 425, "应答标准和决策点（例如第8周）在方案中预先写明", SMALL, colour=MUTED)
    return c
