"""A forecast as an SVG: the curve expected, its prediction band, the target and the plan."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from functools import cache
from html import escape
from pathlib import Path

from design.enrolment.forecast import Forecast
from design.wording import shortest

_TEXTS = Path(__file__).with_name("chart.toml")
_WIDTH, _HEIGHT = 1000, 460
_LEFT, _RIGHT, _TOP, _BOTTOM = 80, 970, 60, 390
_FONT = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, sans-serif"
_INK, _SOFT, _GRID = "#1a1a1a", "#5a6472", "#d9dee5"
_CURVE, _BAND, _TARGET = "#2f6f9f", "#cfe0ee", "#a33127"


def draw(found: Forecast, language: str = "zh") -> str:
    """A drawing that stands alone: no script, no font or image from outside."""
    said = _texts()[language]
    widest = max(found.months[-1], 1e-9)
    highest = _nice(max(1.0, *found.high, (found.target or 0) * 1.08))

    def x(month: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * month / widest

    def y(count: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * min(count, highest) / highest

    def points(pairs: Sequence[tuple[float, float]]) -> str:
        return " ".join(f"{x(month):.1f},{y(count):.1f}" for month, count in pairs)

    upper = list(zip(found.months, found.high, strict=True))
    lower = list(zip(found.months, found.low, strict=True))
    across = said["x_now" if found.enrolled else "x"]
    level = f"{shortest(found.level * 100)}%"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'width="{_WIDTH}" height="{_HEIGHT}" role="img" font-family="{_FONT}">',
        f"<title>{escape(said['title'])}</title>",
        f"<desc>{escape(_described(found, language))}</desc>",
        f'<rect x="0" y="0" width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
        f'<text x="20" y="30" font-size="18" fill="{_INK}">{escape(said["title"])}</text>',
    ]
    for count in _ticks(highest):
        parts += [
            f'<line x1="{_LEFT}" y1="{y(count):.1f}" x2="{_RIGHT}" y2="{y(count):.1f}" '
            f'stroke="{_GRID}"/>',
            f'<text x="{_LEFT - 8}" y="{y(count) + 4:.1f}" font-size="12" text-anchor="end" '
            f'fill="{_SOFT}">{shortest(count)}</text>',
        ]
    for month in _ticks(widest):
        parts.append(
            f'<text x="{x(month):.1f}" y="{_BOTTOM + 20}" font-size="12" text-anchor="middle" '
            f'fill="{_SOFT}">{shortest(month)}</text>'
        )
    parts += [
        f'<polygon points="{points(upper + lower[::-1])}" fill="{_BAND}"/>',
        f'<polyline points="{points(list(zip(found.months, found.mean, strict=True)))}" '
        f'fill="none" stroke="{_CURVE}" stroke-width="2.5"/>',
        f'<line x1="{_LEFT}" y1="{_BOTTOM}" x2="{_RIGHT}" y2="{_BOTTOM}" stroke="{_SOFT}"/>',
    ]
    if found.target is not None:
        parts += [
            f'<line x1="{_LEFT}" y1="{y(found.target):.1f}" x2="{_RIGHT}" '
            f'y2="{y(found.target):.1f}" stroke="{_TARGET}" stroke-width="1.5" '
            'stroke-dasharray="7 4"/>',
            f'<text x="{_LEFT + 8}" y="{y(found.target) - 6:.1f}" font-size="13" '
            f'fill="{_TARGET}">{escape(said["target"].format(target=found.target))}</text>',
        ]
    if found.planned is not None and found.planned <= widest:
        low_end = x(found.planned) > _RIGHT - 160
        label = said["planned"].format(months=shortest(round(found.planned, 1)))
        parts += [
            f'<line x1="{x(found.planned):.1f}" y1="{_TOP}" x2="{x(found.planned):.1f}" '
            f'y2="{_BOTTOM}" stroke="{_SOFT}" stroke-width="1.2" stroke-dasharray="3 3"/>',
            f'<text x="{x(found.planned) + (-6 if low_end else 6):.1f}" y="{_BOTTOM - 8}" '
            f'font-size="13" text-anchor="{"end" if low_end else "start"}" '
            f'fill="{_SOFT}">{escape(label)}</text>',
        ]
    parts += [
        f'<text x="{(_LEFT + _RIGHT) / 2:.1f}" y="{_BOTTOM + 42}" font-size="13" '
        f'text-anchor="middle" fill="{_INK}">{escape(across)}</text>',
        f'<text x="20" y="{_TOP - 10}" font-size="13" fill="{_INK}">{escape(said["y"])}</text>',
        f'<line x1="{_RIGHT - 330}" y1="26" x2="{_RIGHT - 300}" y2="26" stroke="{_CURVE}" '
        'stroke-width="2.5"/>',
        f'<text x="{_RIGHT - 292}" y="30" font-size="13" fill="{_INK}">'
        f"{escape(said['mean'])}</text>",
        f'<rect x="{_RIGHT - 190}" y="18" width="30" height="16" fill="{_BAND}"/>',
        f'<text x="{_RIGHT - 152}" y="30" font-size="13" fill="{_INK}">'
        f"{escape(said['band'].format(level=level))}</text>",
        "</svg>\n",
    ]
    return "\n".join(parts)


def _described(found: Forecast, language: str) -> str:
    """What the picture shows, in words."""
    said = _texts()[language]
    text = said["desc"].format(
        until=shortest(round(found.months[-1], 1)),
        mean=shortest(round(found.mean[-1], 1)),
        low=found.low[-1],
        high=found.high[-1],
    )
    if found.probability is not None and found.target is not None and found.planned is not None:
        text += said["desc_target"].format(
            months=shortest(round(found.planned, 1)),
            target=found.target,
            probability=f"{found.probability:.3f}",
        )
    return str(text)


def _nice(value: float) -> float:
    """The next round number above."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if step * power >= value)


def _ticks(most: float) -> list[float]:
    """Round numbers from 0, six or so."""
    rough = most / 6
    power = 10 ** math.floor(math.log10(rough))
    step = next(unit * power for unit in (1, 2, 2.5, 5, 10) if unit * power >= rough)
    return [float(f"{step * number:.10g}") for number in range(int(most / step + 1e-9) + 1)]


@cache
def _texts() -> dict[str, dict[str, str]]:
    return tomllib.loads(_TEXTS.read_text(encoding="utf-8"))
