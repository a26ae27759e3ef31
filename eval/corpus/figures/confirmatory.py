"""Interim looks, power and the reading of confidence intervals."""

from __future__ import annotations

from functools import cache
from statistics import NormalDist

from eval.corpus.figures.axes import Axes
from eval.corpus.figures.canvas import (
    AMBER,
    BLUE,
    GREEN,
    GREY,
    INK,
    MUTED,
    RED,
    SMALL,
    VIOLET,
    Canvas,
    Rect,
    Tone,
)
from eval.corpus.figures.numbers import sequential
from eval.corpus.figures.numbers.sizes import proportions_power, proportions_size

ALPHA = 0.025
LOOKS = (1 / 3, 2 / 3, 1.0)
_TICKS = [(1 / 3, "1/3"), (2 / 3, "2/3"), (1.0, "1")]
PAIRS = ((0.60, 0.40), (0.85, 0.70), (0.90, 0.80), (0.10, 0.05))


@cache
def boundaries() -> dict[str, list[float]]:
    """Bounds of three equal looks at one-sided 0.025."""
    return {
        "OBF": sequential.obrien_fleming(LOOKS, ALPHA),
        "Pocock": sequential.pocock(LOOKS, ALPHA),
        "HP": sequential.haybittle_peto(LOOKS, ALPHA),
    }


def group_sequential() -> Canvas:
    """Bounds of O'Brien and Fleming, Pocock, and Haybittle and Peto."""
    c = Canvas(760, 420)
    axes = Axes(c, Rect(76, 62, 560, 352), (0.2, 1.06), (1.7, 3.8))
    axes.frame(
        _TICKS, [(z / 10, f"{z / 10:.1f}") for z in (20, 25, 30, 35)],
        "信息比例（三次等间隔分析）", "Z界值",
    )  # fmt: skip
    found = boundaries()
    for name, tone, dash in (("OBF", BLUE, ""), ("Pocock", GREEN, "7 4"), ("HP", AMBER, "2 3")):
        axes.curve(list(zip(LOOKS, found[name], strict=True)), tone.line, dash=dash)
        for look, bound in zip(LOOKS, found[name], strict=True):
            axes.mark(look, bound, tone.line)
    shifts = {
        "OBF": [(0, -14), (28, -8), (27, -7)], "Pocock": [(0, 15), (0, 15), (27, 0)],
        "HP": [(-27, 0), (27, -8), (27, 8)],
    }  # fmt: skip
    for (name, moves), tone in zip(shifts.items(), (BLUE, GREEN, AMBER), strict=True):
        for look, bound, (dx, dy) in zip(LOOKS, found[name], moves, strict=True):
            x, y = axes.at(look, bound)
            c.text(x + dx, y + dy, f"{bound:.3f}", SMALL, colour=tone.line, bold=True)
    for n, (words, tone) in enumerate((
        ("O'Brien–Fleming\n早期很严，最后一次\n接近1.960", BLUE),
        ("Pocock\n每次相同", GREEN),
        ("Haybittle–Peto\n期中用3.000，最后一次\n为保持总α取1.975", AMBER),
    )):  # fmt: skip
        c.box(588, 70 + n * 92, 160, 78, words, tone, SMALL, head=True)
    c.text(560, 28, "总单侧α=0.025", anchor="end", bold=True)
    return c


def spending() -> Canvas:
    """Spending functions of Lan and DeMets."""
    c = Canvas(760, 420)
    axes = Axes(c, Rect(90, 62, 560, 352), (0, 1), (0, 0.026))
    axes.frame(
        [(0, "0"), *_TICKS], [(n / 1000, f"{n / 1000:.3f}") for n in (0, 5, 10, 15, 20, 25)],
        "信息比例t", "累积消耗的单侧α",
    )  # fmt: skip
    kinds = (
        (sequential.spent_pocock, GREEN, "7 4", (-32, -12)),
        (sequential.spent_obrien_fleming, BLUE, "", (-30, -12)),
    )
    for spent, tone, dash, (dx, dy) in kinds:
        steps = [n / 100 for n in range(101)]
        axes.curve([(t, spent(t, ALPHA)) for t in steps], tone.line, dash=dash)
        for look in LOOKS[:2]:
            x, y = axes.mark(look, spent(look, ALPHA), tone.line)
            c.text(x + dx, y + dy, f"{spent(look, ALPHA):.4f}", SMALL, colour=tone.line, bold=True)
    axes.mark(1, ALPHA, INK)
    x, y = axes.at(1, ALPHA)
    c.text(x, y - 14, "0.0250", SMALL, bold=True)
    half = NormalDist().inv_cdf(1 - ALPHA / 2)
    c.box(582, 90, 168, 96, "Pocock型\nα·ln[1+(e-1)t]\n早期消耗多", GREEN, SMALL, head=True)
    c.box(
        582, 206, 168, 96, f"O'Brien–Fleming型\n2-2Φ({half:.3f}÷√t)\n早期消耗很少", BLUE, SMALL,
        head=True,
    )  # fmt: skip
    c.text(560, 26, "总单侧α=0.025", anchor="end", bold=True)
    return c


def power_curves() -> Canvas:
    """Power for two proportions by patients in each arm."""
    c = Canvas(760, 440)
    axes = Axes(c, Rect(76, 62, 736, 372), (0, 620), (0, 1.0))
    axes.frame(
        [(n, str(n)) for n in range(0, 601, 100)],
        [(p / 100, f"{p}%") for p in (0, 20, 40, 60, 80, 90, 100)], "每组例数", "把握度",
    )  # fmt: skip
    axes.level(0.8, MUTED)
    axes.level(0.9, MUTED)
    tones: tuple[Tone, ...] = (BLUE, GREEN, AMBER, RED)
    dashes = ("", "8 4", "3 3", "10 3 2 3")
    c.rect(392, 214, 332, 146, MUTED, "#ffffff")
    c.text(450, 232, "两组率", SMALL, "start", bold=True)
    c.text(614, 232, "把握度80%", SMALL, bold=True)
    c.text(688, 232, "把握度90%", SMALL, bold=True)
    for row, ((p1, p2), tone, dash) in enumerate(zip(PAIRS, tones, dashes, strict=True)):
        sizes = range(2, 619, 4)
        axes.curve([(n, proportions_power(p1, p2, n)) for n in sizes], tone.line, dash=dash)
        y = 258 + row * 27
        c.line([(402, y), (440, y)], tone.line, 2.2, dash)
        c.text(450, y, f"{p1:.0%}比{p2:.0%}", SMALL, "start", tone.line, bold=True)
        for x, power in ((614, 0.8), (688, 0.9)):
            needed = proportions_size(p1, p2, power)
            axes.mark(needed, power, tone.line, 3.2)
            c.text(x, y, f"每组{needed}例", SMALL)
    c.text(736, 26, "双侧α=0.05，1:1，合并方差公式", anchor="end", bold=True)
    return c


def noninferiority() -> Canvas:
    """Five confidence intervals against a margin."""
    c = Canvas(760, 400)
    margin, zero, unit = 196.0, 296.0, 100.0  # one margin is a hundred units wide
    c.rect(margin, 58, zero - margin, 272, "none", GREEN.fill, 0)
    c.line([(margin, 48), (margin, 334)], RED.line, 1.6, "6 4")
    c.line([(zero, 48), (zero, 334)], INK, 1.4)
    c.text(margin, 34, "-Δ（界值）", bold=True, colour=RED.line)
    c.text(zero, 34, "0", bold=True)
    cases: tuple[tuple[float, float, Tone, str], ...] = (
        (0.25, 1.15, GREEN, "下限大于0\n非劣效成立，并显示优效"),
        (-0.55, 0.65, GREEN, "下限大于-Δ，区间含0\n非劣效成立"),
        (-0.85, -0.15, GREEN, "下限大于-Δ，上限小于0\n非劣效成立，但差于对照"),
        (-1.35, 0.35, AMBER, "区间跨过-Δ\n未能证明非劣效"),
        (-1.85, -1.15, RED, "上限小于-Δ\n劣于对照"),
    )  # fmt: skip
    for n, (low, high, tone, words) in enumerate(cases):
        y = 84 + n * 55
        x0, x1 = zero + low * unit, zero + high * unit
        c.line([(x0, y), (x1, y)], tone.line, 2.6)
        for x in (x0, x1):
            c.line([(x, y - 7), (x, y + 7)], tone.line, 2.2)
        c.circle((x0 + x1) / 2, y, 5, tone.line, tone.line)
        c.text(40, y, f"情形{n + 1}", bold=True)
        c.box(440, y - 24, 302, 48, words, tone)
    c.arrow([(zero - 8, 350), (90, 350)], MUTED)
    c.arrow([(zero + 8, 350), (420, 350)], MUTED)
    c.text(186, 368, "对照组较好", SMALL, colour=MUTED)
    c.text(360, 368, "试验组较好", SMALL, colour=MUTED)
    c.text(590, 368, "横线为组间差异的双侧95%置信区间", SMALL, colour=MUTED)
    return c


def seamless() -> Canvas:
    """Operationally and inferentially seamless phase II/III."""
    c = Canvas(760, 450)
    for x, words in ((146, "第一阶段（选剂量）"), (366, "期中决策"), (548, "第二阶段（确证）")):
        c.text(x, 28, words, bold=True)
    _seamless_row(c, 46, "操作无缝", "终末确证分析\n只含第二阶段\n不需调整\nI类错误率", GREY, False)
    c.line([(18, 236), (742, 236)], MUTED, 1, "4 4")
    _seamless_row(
        c, 250, "推断无缝", "终末确证分析\n合并两个阶段\n合并检验加\n闭合检验", VIOLET, True
    )
    return c


def _seamless_row(c: Canvas, y: float, name: str, end: str, tone: Tone, pooled: bool) -> None:
    c.box(14, y + 40, 40, 92, "\n".join((name[:2], name[2:])), tone, SMALL, head=True)
    arms = ("低剂量", "中剂量", "高剂量", "对照")
    first = [
        c.box(74, y + n * 42, 144, 34, f"{arm}", GREY if arm == "对照" else BLUE)
        for n, arm in enumerate(arms)
    ]
    chosen = c.box(
        296, y + 40, 140, 82, "独立数据监查\n委员会（DMC）\n按预设规则选剂量", AMBER, SMALL
    )
    for arm in first:
        c.arrow([arm.right, (256, arm.right[1]), (256, chosen.left[1]), chosen.left])
    last = [
        c.box(478, y + 30, 140, 42, "入选的剂量", BLUE),
        c.box(478, y + 92, 140, 42, "对照", GREY),
    ]
    ended = c.box(644, y + 26, 106, 112, end, tone, SMALL)
    for arm in last:
        c.arrow([chosen.right, (457, chosen.right[1]), (457, arm.left[1]), arm.left])
        c.arrow([arm.right, (631, arm.right[1]), (631, ended.left[1]), ended.left])
    if pooled:
        c.arrow(
            [(146, y + 160), (146, y + 172), (697, y + 172), (697, ended.y1)], VIOLET.line, 1.6,
            "5 4",
        )  # fmt: skip
        c.text(400, y + 158, "第一阶段的数据进入终末分析", SMALL, colour=VIOLET.line)
