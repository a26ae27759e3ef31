"""Concepts: master protocols, estimands, missing data, survival curves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from eval.corpus.figures.axes import Axes
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
    Point,
    Rect,
    Tone,
)

_SEED, _ARM, _CUT = 20_261_122, 60, 30.0
Floats = NDArray[np.float64]


def master_protocols() -> Canvas:
    """Basket, umbrella and platform trials."""
    c = Canvas(760, 440)
    for x, name, what in (
        (14, "篮式试验", "一种药，多种疾病，同一靶点"),
        (262, "伞式试验", "一种疾病，多种药，按标志物"),
        (510, "平台试验", "共用对照，试验组可进可出"),
    ):  # fmt: skip
        c.rect(x, 16, 236, 408, GREY.line, "#fbfcfd", 8)
        c.text(x + 118, 40, name, 16, bold=True)
        c.text(x + 118, 64, what, SMALL, colour=MUTED)
    _basket(c)
    _umbrella(c)
    _platform(c)
    return c


def _basket(c: Canvas) -> None:
    target = c.box(42, 86, 180, 44, "同一分子改变", AMBER)
    baskets = [
        c.box(28 + n * 54, 186, 48, 62, f"瘤种\n{name}", GREY) for n, name in enumerate("ABCD")
    ]
    drug = c.box(42, 308, 180, 44, "同一种药物", BLUE, head=True)
    for box in baskets:
        c.arrow([target.bottom, (132, 158), (box.top[0], 158), box.top])
        c.arrow([box.bottom, (box.bottom[0], 276), (132, 276), drug.top])
    c.lines(132, 388, "每个篮子常按\nSimon二阶段设计", SMALL)


def _umbrella(c: Canvas) -> None:
    disease = c.box(290, 86, 180, 44, "同一种疾病", GREY, head=True)
    test = c.diamond(380, 172, 180, 44, "生物标志物检测")
    c.arrow([disease.bottom, test.top])
    for n, (mark, drug, tone) in enumerate(
        (
            ("标志物1", "药物1", BLUE),
            ("标志物2", "药物2", GREEN),
            ("都没有", "对照或\n不入组", PLAIN),
        )
    ):
        x = 272 + n * 74
        found = c.box(x, 234, 68, 44, mark, AMBER, SMALL)
        given = c.box(x, 308, 68, 52, drug, tone, SMALL)
        c.arrow([test.bottom, (380, 212), (found.top[0], 212), found.top])
        c.arrow([found.bottom, given.top])
    c.lines(380, 388, "各亚研究可以是单臂，\n也可以各自随机", SMALL)


def _platform(c: Canvas) -> None:
    start, end = 528.0, 734.0
    rows: tuple[tuple[str, float, float, Tone], ...] = (
        ("共用对照", 0.0, 1.0, GREY), ("试验组1", 0.0, 0.46, BLUE), ("试验组2", 0.0, 0.82, GREEN),
        ("试验组3", 0.36, 1.0, VIOLET), ("试验组4", 0.58, 1.0, AMBER),
    )  # fmt: skip
    for n, (name, begin, stop, tone) in enumerate(rows):
        x0, x1 = start + begin * (end - start), start + stop * (end - start)
        c.box(x0, 90 + n * 44, x1 - x0, 32, name, tone)
    c.text(708, 150, "淘汰", SMALL, "end", RED.line, bold=True)
    c.line([(start + 0.46 * (end - start) + 6, 150), (668, 150)], RED.line, 1.2, "3 3")
    c.text(562, 238, "加入", SMALL, colour=MUTED, bold=True)
    c.arrow([(582, 238), (start + 0.36 * (end - start), 238)])
    c.arrow([(start, 330), (end, 330)], INK)
    c.text((start + end) / 2, 346, "时间（没有固定的结束日期）", SMALL, colour=MUTED)
    c.lines(628, 388, "主要比较用\n同期随机的对照", SMALL)


def estimand() -> Canvas:
    """Attributes of an estimand and strategies for intercurrent events."""
    c = Canvas(760, 520)
    c.text(152, 28, "估计目标的五个属性", bold=True)
    c.text(530, 28, "伴发事件的五种处理策略", bold=True)
    attributes = (
        ("治疗", "比较什么干预和对照"), ("人群", "针对哪些患者"),
        ("变量（终点）", "每名受试者要得到的量"), ("伴发事件的处理", "每种事件用哪种策略"),
        ("群体层面汇总", "均数差、率差或风险比"),
    )  # fmt: skip
    for n, (name, what) in enumerate(attributes):
        chosen = n == 3
        box = c.box(
            18, 54 + n * 90, 254, 70, f"{n + 1}. {name}\n{what}", AMBER if chosen else BLUE,
            head=True,
        )  # fmt: skip
        if chosen:
            c.arrow([box.right, (300, box.right[1]), (300, 284), (318, 284)], AMBER.line)
    c.rect(318, 46, 426, 462, AMBER.line, "#fffdf9", 8)
    strategies = (
        ("疗法策略", "不管事件，用实际观察值", "full"),
        ("假想策略", "设想事件不发生会怎样", "imagined"),
        ("复合变量策略", "事件本身算作终点结果", "merged"),
        ("在治策略", "只看事件之前的反应", "before"),
        ("主层策略", "只看某一潜在亚群", "stratum"),
    )
    for n, (name, what, how) in enumerate(strategies):
        y = 92 + n * 88
        c.text(334, y - 12, name, anchor="start", bold=True)
        c.text(334, y + 12, what, SMALL, "start", MUTED)
        _strategy(c, y, how)
    c.text(630, 60, "治疗期", SMALL, "end", MUTED)
    c.text(648, 60, "伴发事件", SMALL, "start", RED.line)
    return c


def _strategy(c: Canvas, y: float, how: str) -> None:
    """Which data count: before and after an intercurrent event."""
    start, event, end = 526.0, 640.0, 728.0
    if how == "stratum":
        c.circle(574, y, 20, GREY.line, GREY.fill)
        c.circle(620, y, 20, GREEN.line, GREEN.fill)
        c.circle(666, y, 20, GREY.line, GREY.fill)
        c.text(620, y, "亚群", SMALL)
        return
    c.line([(start, y), (event, y)], GREEN.line, 4)
    after = {
        "full": (GREEN.line, 4.0, ""), "imagined": (VIOLET.line, 2.4, "5 4"),
        "merged": (PLAIN.line, 1.2, "2 4"), "before": (PLAIN.line, 1.2, "2 4"),
    }[how]  # fmt: skip
    c.line([(event, y), (end, y)], *after)
    c.polygon([(event, y - 9), (event + 9, y), (event, y + 9), (event - 9, y)], RED.line, RED.fill)
    words = {
        "full": "继续收集并使用", "imagined": "按设想估计", "merged": "记为失败等结果",
        "before": "不使用",
    }[how]  # fmt: skip
    c.text(690, y + 20, words, 11.5, colour=MUTED)


def missing_data() -> Canvas:
    """Mechanisms of missing data."""
    c = Canvas(760, 400)
    panels: tuple[tuple[str, str, str, str, Tone], ...] = (
        ("完全随机缺失（MCAR）", "与任何数据都无关", "例：样本运输中破损", "", GREEN),
        ("随机缺失（MAR）", "只与已观察的数据有关", "例：基线病情重者更易失访", "x", AMBER),
        ("非随机缺失（MNAR）", "与未观察的值有关", "例：因疗效差而不再来访", "y", RED),
    )  # fmt: skip
    for n, (name, what, example, cause, tone) in enumerate(panels):
        x = 14 + n * 248
        c.rect(x, 16, 236, 280, tone.line, "#fdfdfd", 8)
        c.text(x + 118, 40, name, bold=True)
        c.text(x + 118, 64, what, SMALL, colour=MUTED)
        seen = c.box(x + 14, 92, 92, 56, "X\n已观察", BLUE, head=True)
        unseen = c.box(x + 130, 92, 92, 56, "Y\n未观察的值", GREY, SMALL, head=True)
        missing = c.box(x + 72, 206, 92, 48, "是否缺失", tone, head=True)
        c.line([seen.right, unseen.left], MUTED, 1.3, "4 3")
        if cause == "x":
            c.arrow([seen.bottom, (seen.bottom[0], 230), missing.left], tone.line, 2.2)
        if cause == "y":
            c.arrow([unseen.bottom, (unseen.bottom[0], 230), missing.right], tone.line, 2.2)
        c.text(x + 118, 276, example, SMALL)
    c.box(
        14, 314, 484, 70, "主要分析（MAR假设）\nMMRM或多重填补；MAR与MNAR不能用现有数据区分", BLUE,
        head=True,
    )  # fmt: skip
    c.box(510, 314, 236, 70, "敏感性分析（MNAR假设）\ndelta校正、参照法、临界点", RED, head=True)
    return c


def survival_curves() -> Canvas:
    """Anatomy of Kaplan-Meier curves, on simulated data."""
    c = Canvas(760, 500)
    axes = Axes(c, Rect(96, 68, 560, 360), (0, _CUT), (0, 1.0))
    axes.frame(
        [(t, str(t)) for t in range(0, 31, 6)], [(p / 100, f"{p}%") for p in range(0, 101, 25)],
        "自随机化起的时间（月）", "生存率", grid=False,
    )  # fmt: skip
    c.text(560, 26, "合成数据（每组60例）", anchor="end", bold=True, colour=RED.line)
    axes.level(0.5, MUTED)
    arms = simulated()
    for name, tone, dash, side, label in (
        ("试验组", BLUE, "", 6, (10.5, 0.80)), ("对照组", AMBER, "8 4", -48, (4.4, 0.60)),
    ):  # fmt: skip
        times, died = arms[name]
        steps = product_limit(times, died)
        corners: list[Point] = [(0.0, 1.0)]
        for time, survival in steps:
            corners += [(time, corners[-1][1]), (time, survival)]
        axes.curve([*corners, (float(times.max()), corners[-1][1])], tone.line, dash, 0.8)
        for time in times[~died]:
            x, y = axes.at(float(time), at_time(steps, float(time)))
            c.circle(x, y, 2.8, tone.line, "#ffffff")
        half = median(steps)
        x, y = axes.at(half, 0.5)
        c.dots((x, y), (x, 360), tone.line)
        c.text(x + side, 346, f"{half:.1f}月", SMALL, "start", tone.line, bold=True)
        c.text(*axes.at(*label), name, colour=tone.line, bold=True)
    for n, (words, tone) in enumerate((
        ("每一级台阶\n表示有事件发生", GREY), ("小圆圈是删失\n（也常画短竖线）", GREY),
        ("虚线50%处读出\n中位生存期", GREY), ("尾部人数少\n解读要谨慎", GREY),
    )):  # fmt: skip
        c.box(590, 68 + n * 74, 154, 60, words, tone)
    c.text(78, 414, "风险人数", SMALL, "end", bold=True)
    for row, (name, tone) in enumerate((("试验组", BLUE), ("对照组", AMBER))):
        y = 436 + row * 24
        c.text(78, y, name, SMALL, "end", tone.line, bold=True)
        for t in range(0, 31, 6):
            at_risk = int((arms[name][0] >= t).sum())
            c.text(axes.at(t, 0)[0], y, str(at_risk), SMALL)
    return c


def simulated() -> dict[str, tuple[Floats, NDArray[np.bool_]]]:
    """Times and whether the event was seen, in two invented arms."""
    chance = np.random.default_rng(_SEED)
    arms = {}
    for name, half in (("试验组", 19.0), ("对照组", 11.0)):
        # One draw from each sixtieth of the distribution: curves that look like their law.
        share = (np.arange(_ARM) + chance.random(_ARM)) / _ARM
        event = -half / np.log(2) * np.log1p(-share)
        lost = np.where(chance.random(_ARM) < 0.08, chance.uniform(2, 15, _ARM),
                        chance.uniform(16, _CUT, _ARM))  # fmt: skip
        arms[name] = (np.minimum(event, lost), event <= lost)
    return arms


def product_limit(times: Floats, died: NDArray[np.bool_]) -> list[Point]:
    """Kaplan-Meier estimate: the survival after each time of an event."""
    survival, steps = 1.0, []
    for time in np.unique(times[died]):
        at_risk = int((times >= time).sum())
        events = int(((times == time) & died).sum())
        survival *= 1 - events / at_risk
        steps.append((float(time), survival))
    return steps


def at_time(steps: list[Point], time: float) -> float:
    """The survival at a time."""
    return min((s for t, s in steps if t <= time), default=1.0)


def median(steps: list[Point]) -> float:
    """The first time at which the survival is one half or less."""
    return next(t for t, s in steps if s <= 0.5)
