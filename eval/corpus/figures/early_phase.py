"""Dose escalation and the single-arm phase II trial."""

from __future__ import annotations

from collections.abc import Callable

from eval.corpus.figures.axes import Axes
from eval.corpus.figures.canvas import (
    AMBER,
    BLUE,
    GREEN,
    GREY,
    MUTED,
    PLAIN,
    RED,
    SMALL,
    Canvas,
    Point,
    Rect,
    Tone,
)
from eval.corpus.figures.numbers.doses import BoinRow, boin_boundaries, boin_row
from eval.corpus.figures.numbers.simon import Simon

TARGET = 0.30
SIMON, P0, P1 = Simon(1, 10, 5, 29), 0.10, 0.30
_PATIENTS = range(1, 16)
_MOST_EVENTS = 9


def three_plus_three() -> Canvas:
    """The decisions of the 3+3 rule."""
    c = Canvas(760, 470)
    start = c.box(296, 22, 168, 46, "当前剂量入3例", BLUE, head=True)
    first = c.diamond(380, 122, 190, 50, "3例中有几例DLT？")
    more = c.box(286, 186, 188, 50, "同一剂量再入3例\n（共6例）", BLUE)
    second = c.diamond(380, 296, 190, 50, "6例中有几例DLT？")
    up = c.box(30, 180, 168, 62, "递增\n进入下一个剂量", GREEN, head=True)
    over = c.box(562, 180, 180, 62, "停止递增\n当前剂量超过MTD", RED, head=True)
    back = c.box(
        480, 350, 262, 86, "回到低一个剂量水平\n只入过3例的补足到6例\n再判断能否作为MTD", PLAIN,
        head=True,
    )  # fmt: skip
    mtd = c.box(
        110, 350, 300, 86,
        "MTD（常用定义）\n6例中不超过1例DLT的最高剂量\n不等于II期推荐剂量（RP2D）",
        GREEN, head=True,
    )  # fmt: skip
    c.arrow([start.bottom, first.top])
    c.arrow([first.bottom, more.top])
    c.arrow([more.bottom, second.top])
    c.arrow([first.left, (up.top[0], first.left[1]), up.top])
    c.arrow([first.right, (over.top[0], first.right[1]), over.top])
    c.arrow([second.left, (up.bottom[0], second.left[1]), up.bottom])
    c.arrow([second.right, (over.bottom[0] - 30, second.right[1]), (over.bottom[0] - 30, over.y1)])
    c.arrow([(over.x1 - 30, over.y1), (over.x1 - 30, back.y0)])
    c.arrow([back.left, mtd.right])
    for x, y, words in (
        (200, 110, "0例"), (408, 166, "1例"), (560, 110, "2例及以上"), (200, 284, "1例"),
        (548, 284, "2例及以上"),
    ):  # fmt: skip
        c.text(x, y, words, SMALL, colour=AMBER.line, bold=True)
    return c


def boin_chart() -> Canvas:
    """Decisions of BOIN by number of patients, for a target of 0.30."""
    c = Canvas(760, 452)
    area = Rect(110, 64, 736, 300)
    axes = Axes(c, area, (0.5, len(_PATIENTS) + 0.5), (-0.5, _MOST_EVENTS + 0.5))
    rows = [boin_row(n, TARGET) for n in _PATIENTS]
    top = _MOST_EVENTS + 0.5

    def toxic(row: BoinRow) -> float:
        return min(row.eliminate - 0.5, top) if row.eliminate is not None else top

    steps: list[tuple[Callable[[BoinRow], float], Tone]] = [
        (toxic, RED), (lambda row: min(row.deescalate - 0.5, top), AMBER),
        (lambda row: row.escalate + 0.5, GREY),
    ]  # fmt: skip
    c.polygon(
        [axes.at(0.5, -0.5), axes.at(15.5, -0.5), axes.at(15.5, top), axes.at(0.5, top)],
        RED.line, RED.fill,
    )  # fmt: skip
    tones = [AMBER, GREY, GREEN]
    for (edge, _), tone in zip(steps, tones, strict=True):
        points: list[Point] = [axes.at(0.5, -0.5)]
        for row in rows:
            points += [axes.at(row.n - 0.5, edge(row)), axes.at(row.n + 0.5, edge(row))]
        c.polygon([*points, axes.at(15.5, -0.5)], tone.line, tone.fill)
    axes.frame(
        [(n, str(n)) for n in _PATIENTS], [(y, str(y)) for y in range(_MOST_EVENTS + 1)],
        "", "累计DLT例数",
    )  # fmt: skip
    up, down = boin_boundaries(TARGET)
    c.text(
        area.x1, 24, f"目标DLT率0.30：递增边界λe={up:.3f}，递减边界λd={down:.3f}", anchor="end",
        bold=True,
    )  # fmt: skip
    for x, y, words, tone in (
        (13.0, 0.7, "递增", GREEN), (14.5, 4.5, "留在原剂量", GREY),
        (11.0, 5.0, "递减", AMBER), (5.0, 7.0, "剔除当前及更高剂量", RED),
    ):  # fmt: skip
        c.text(*axes.at(x, y), words, colour=tone.line, bold=True)
    c.text(area.x0 - 12, area.y1 + 15, "累计例数n", SMALL, "end")
    counts: list[tuple[str, Tone, list[int | None]]] = [
        ("递增：DLT≤", GREEN, [row.escalate for row in rows]),
        ("递减：DLT≥", AMBER, [row.deescalate for row in rows]),
        ("剔除：DLT≥", RED, [row.eliminate for row in rows]),
    ]
    for line, (words, tone, told) in enumerate(counts):
        y = area.y1 + 46 + line * 26
        c.text(area.x0 - 12, y, words, SMALL, "end", tone.line, bold=True)
        for row, value in zip(rows, told, strict=True):
            c.text(axes.at(row.n, 0)[0], y, "—" if value is None else str(value), SMALL)
    c.text(
        (area.x0 + area.x1) / 2, 432,
        "剔除：累计至少3例且DLT率超过0.30的后验概率大于0.95（均匀先验）", SMALL, colour=MUTED,
    )  # fmt: skip
    return c


def simon_two_stage() -> Canvas:
    """Simon's optimal design for 10% against 30%."""
    c = Canvas(760, 360)
    first = c.box(18, 54, 100, 64, f"第一阶段\n入{SIMON.n1}例", BLUE, head=True)
    asked = c.diamond(216, 86, 142, 56, "前10例中\n有效几例？", size=13)
    second = c.box(356, 48, 110, 76, f"第二阶段\n再入{SIMON.n - SIMON.n1}例\n共{SIMON.n}例", BLUE,
                   head=True)  # fmt: skip
    again = c.diamond(560, 86, 142, 56, "29例中\n有效几例？", size=13)
    stop = c.box(152, 172, 128, 58, "停止入组\n判为无效", RED, head=True)
    failed = c.box(496, 172, 128, 58, "判为无效", RED, head=True)
    c.box(656, 172, 92, 58, "值得继续\n研究", GREEN, head=True)
    c.arrow([first.right, asked.left])
    c.arrow([asked.right, second.left])
    c.arrow([second.right, again.left])
    c.arrow([asked.bottom, stop.top])
    c.arrow([again.bottom, failed.top])
    c.arrow([again.right, (702, 86), (702, 172)])
    for x, y, words in (
        (254, 144, "不超过1例"), (321, 70, "2例及以上"), (598, 144, "不超过5例"),
        (676, 70, "6例及以上"),
    ):  # fmt: skip
        c.text(x, y, words, SMALL, colour=AMBER.line, bold=True)
    c.box(
        18, 258, 350, 84,
        f"真实有效率为10%（p0）时\n第一阶段停止的概率{SIMON.stops(P0):.3f}\n"
        f"期望例数{SIMON.expected(P0):.2f}例，错判有效的概率{SIMON.succeeds(P0):.3f}",
        PLAIN, head=True,
    )  # fmt: skip
    c.box(
        392, 258, 350, 84,
        f"真实有效率为30%（p1）时\n判为值得继续的概率（把握度）{SIMON.succeeds(P1):.3f}\n"
        f"第一阶段误停的概率{SIMON.stops(P1):.3f}",
        PLAIN, head=True,
    )  # fmt: skip
    return c
