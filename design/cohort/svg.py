"""The funnel as an SVG: a bar for each step, and beside it who is lost and who is not known."""

from __future__ import annotations

from html import escape

from design.cohort.outcome import Funnel, Step
from design.cohort.texts import words

_WIDTH, _ROW, _TOP, _LEFT, _BAR = 1000, 46, 64, 360, 420
_LOST = {"zh": "失去 {lost}", "en": "lost {lost}"}
_UNKNOWN = {"zh": "其中无法判断 {unknown}", "en": "of these not known {unknown}"}
_KEPT = {"zh": "另有无法判断而计入 {unknown}", "en": "not known but kept {unknown}"}
_NAME = 30  # characters of a name that fit beside a bar, counted in Chinese ones


def draw(found: Funnel, language: str = "zh") -> str:
    """A drawing that stands alone: no script, no font or image from outside."""
    word = words(language)
    kept = found.options.missing == "keep"
    rows = [
        (word["start"], found.persons, "", "start"),
        (word["base"], found.base, "", "start"),
        *(_row(step, language, word, _KEPT if kept else _UNKNOWN) for step in found.steps),
    ]
    height = _TOP + _ROW * len(rows) + 40
    widest = max([count for _, count, _, _ in rows if count is not None] or [1]) or 1
    title = found.title or word["title"]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}" role="img" '
        'font-family="Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, sans-serif">',
        f"<title>{escape(title)}</title>",
        f"<desc>{escape(getattr(found.sentence, language))}</desc>",
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        f'<text x="20" y="30" font-size="18" fill="#1a1a1a">{escape(_cut(title, 46))}</text>',
    ]
    known = widest
    for place, (name, count, aside, kind) in enumerate(rows):
        y = _TOP + _ROW * place
        known = count if count is not None else known
        width = max(_BAR * known / widest, 1.0)
        x = _LEFT + (_BAR - width) / 2
        fill = "#c9ced6" if kind == "off" else "#7a8da6" if kind == "start" else "#2f6f9f"
        # A hidden count is drawn as an outline as wide as the last one shown.
        look = (
            f'fill="{fill}"'
            if count is not None
            else f'fill="none" stroke="{fill}" stroke-dasharray="4 3"'
        )
        dark = count is None or width < 90
        label = word["hidden"] if count is None else f"{count:,}"
        parts += [
            f'<text x="{_LEFT - 16}" y="{y + 21}" font-size="13" text-anchor="end" '
            f'fill="#1a1a1a">{escape(_cut(name, _NAME))}</text>',
            f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{_ROW - 14}" rx="3" {look}/>',
            f'<text x="{_LEFT + _BAR / 2 if not dark else x + width + 8:.1f}" y="{y + 21}" '
            f'font-size="14" text-anchor="{"start" if dark else "middle"}" '
            f'fill="{"#1a1a1a" if dark else "#ffffff"}">{label}</text>',
            f'<text x="{_LEFT + _BAR + 16}" y="{y + 21}" font-size="12" fill="#5a6472">'
            f"{escape(aside)}</text>",
        ]
    notes = " · ".join(getattr(note, language) for note in found.notes)
    foot = f"{getattr(found.index, language)}{'  ·  ' + notes if notes else ''}"
    parts += [
        f'<text x="20" y="{height - 14}" font-size="12" fill="#5a6472">{escape(foot)}</text>',
        "</svg>\n",
    ]
    return "\n".join(parts)


def _row(
    step: Step, language: str, word: dict[str, str], unknown: dict[str, str]
) -> tuple[str, int | None, str, str]:
    name = f"{step.number}. {getattr(step.name, language)}"
    if step.status != "applied":
        aside = word["off"] if step.status == "off" else word["unusable"]
        return name, step.remaining, aside, "off"

    def spelled(count: int | None) -> str:
        return word["hidden"] if count is None else f"{count:,}"

    aside = _LOST[language].format(lost=spelled(step.lost))
    if step.unknown is None or step.unknown:
        aside += "，" if language == "zh" else ", "
        aside += unknown[language].format(unknown=spelled(step.unknown))
    return name, step.remaining, aside, "step"


def _cut(text: str, most: int) -> str:
    room, kept = most * 2, ""
    for char in text:
        room -= 2 if ord(char) > 0x2E7F else 1
        if room < 0:
            return kept + "…"
        kept += char
    return kept
