"""The steps of a trial as an SVG on a calendar; what is assumed is hatched by its outline."""

from __future__ import annotations

from datetime import date, timedelta
from html import escape

from assistant.feasibility.schedule import Schedule, Step
from assistant.feasibility.work import said

_WIDTH, _ROW, _TOP, _LEFT, _RIGHT = 1000, 34, 84, 300, 890
_FONT = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, sans-serif"
_INK, _SOFT, _GRID = "#1a1a1a", "#5a6472", "#d9dee5"
_FILL = {"cited": "#2f6f9f", "directory": "#5f9c86", "synopsis": "#d9a441", "assumed": "#ffffff"}


def draw(plan: Schedule, language: str = "zh") -> str:
    """A drawing that stands alone: no script, no font or image from outside."""
    last = max([step.end for step in plan.steps] or [plan.start])
    days = max(1, (last - plan.start).days)
    height = _TOP + _ROW * len(plan.steps) + 24
    title = _in(language, "gantt", "title")

    def x(day: date) -> float:
        return _LEFT + (_RIGHT - _LEFT) * (day - plan.start).days / days

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}" role="img" font-family="{_FONT}">',
        f"<title>{escape(title)}</title>",
        f"<desc>{escape(_described(plan, language))}</desc>",
        f'<rect x="0" y="0" width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="20" y="28" font-size="18" fill="{_INK}">{escape(title)}</text>',
        *_legend(language),
    ]
    for day in _marks(plan.start, last):
        parts += [
            f'<line x1="{x(day):.1f}" y1="{_TOP - 8}" x2="{x(day):.1f}" y2="{height - 16}" '
            f'stroke="{_GRID}"/>',
            f'<text x="{x(day):.1f}" y="{_TOP - 14}" font-size="11" text-anchor="middle" '
            f'fill="{_SOFT}">{day:%Y-%m}</text>',
        ]
    for row, step in enumerate(plan.steps):
        parts += _bar(step, _TOP + _ROW * row, x(step.start), x(step.end), language)
    return "\n".join([*parts, "</svg>\n"])


def _bar(step: Step, y: int, start: float, end: float, language: str) -> list[str]:
    ground = step.duration.ground
    fill = _FILL[ground]
    outline = f'stroke="{_SOFT}" stroke-dasharray="4 3"' if ground == "assumed" else ""
    drawn = [
        f'<text x="{_LEFT - 14}" y="{y + 17}" font-size="13" text-anchor="end" fill="{_INK}">'
        f"{escape(getattr(step.name, language))}</text>",
        f'<rect x="{start:.1f}" y="{y + 4}" width="{max(2.0, end - start):.1f}" height="17" '
        f'rx="2" fill="{fill}" {outline}/>',
    ]
    if step.milestone:
        drawn.append(
            f'<polygon points="{end:.1f},{y + 3} {end + 9:.1f},{y + 12.5:.1f} {end:.1f},{y + 22} '
            f'{end - 9:.1f},{y + 12.5:.1f}" fill="{_INK}"/>'
        )
    drawn.append(
        f'<text x="{end + 13:.1f}" y="{y + 17}" font-size="12" fill="{_SOFT}">'
        f"{step.end.isoformat()}</text>"
    )
    return drawn


def _legend(language: str) -> list[str]:
    drawn, left = [], 330
    for ground, fill in _FILL.items():
        outline = f'stroke="{_SOFT}" stroke-dasharray="4 3"' if ground == "assumed" else ""
        drawn += [
            f'<rect x="{left}" y="38" width="22" height="13" rx="2" fill="{fill}" {outline}/>',
            f'<text x="{left + 29}" y="49" font-size="12" fill="{_SOFT}">'
            f"{escape(_in(language, 'gantt', ground))}</text>",
        ]
        left += 165
    return drawn


def _marks(start: date, end: date) -> list[date]:
    """First days of months, at most twelve."""
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    step = next(n for n in (1, 2, 3, 6, 12, 24, 60, 120, 600, 2400) if months / n <= 12)
    marks, day = [], (start.replace(day=1) + timedelta(days=31)).replace(day=1)
    while day <= end:
        if (day.year * 12 + day.month - 1) % step == 0:
            marks.append(day)
        day = (day + timedelta(days=31)).replace(day=1)
    return marks


def _described(plan: Schedule, language: str) -> str:
    separator = "；" if language == "zh" else "; "
    return separator.join(
        f"{getattr(step.name, language)} {step.start} – {step.end}" for step in plan.steps
    )


def _in(language: str, *keys: str) -> str:
    return str(getattr(said(*keys), language))
