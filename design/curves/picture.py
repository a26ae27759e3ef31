"""Draws a curve as SVG: the same bytes on every machine, with text as text.

Matplotlib measures text by the font it ships, whatever fonts a machine has; the font named in the
file is replaced by a list in which every system finds one with Chinese characters.
"""

from __future__ import annotations

import hashlib
import io
import re
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

from design.curves.curve import Curve, Line, said
from design.curves.labels import input_label, labels, output_label
from design.wording import shortest

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_FONTS = (
    "'Noto Sans CJK SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', "
    "'WenQuanYi Micro Hei', SimHei, 'DejaVu Sans', Arial, sans-serif"
)
_FAMILIES = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei",
    "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "SimHei", "Noto Serif CJK SC", "Noto Serif CJK JP",
)  # fmt: skip
_NO_METADATA: dict[str, Any] = dict.fromkeys(("Date", "Creator", "Format", "Type"))
_SETTINGS: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "svg.fonttype": "none",
    "svg.hashsalt": "xinglin",
    "axes.unicode_minus": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.alpha": 0.3,
    "path.simplify": False,
}
# Okabe and Ito's colours, and as many dashes and markers, for those who do not see colours.
_COLOURS = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#E69F00",
    "#56B4E9",
    "#000000",
    "#7F7F7F",
)
_DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)), (0, (8, 2)))
_MARKERS = "osD^vPX*"
_FEW = 25  # points of a line up to which each gets a marker
_LOCK = threading.Lock()  # Matplotlib's settings are one for the whole process


def draw(curve: Curve, language: str, mark: float | None) -> str:
    """The picture, from ``<svg`` on, so that it can stand in a page."""
    sheet = io.StringIO()
    with _figure(curve, language, mark) as figure:
        figure.savefig(sheet, format="svg", metadata=_NO_METADATA)
    return _accessible(curve, sheet.getvalue(), language)


def draw_png(curve: Curve, language: str, mark: float | None = None) -> bytes:
    """The picture as a PNG, for documents that take no SVG.

    Needs a font of the system with Chinese characters for Chinese; without one it is in English.
    """
    sheet = io.BytesIO()
    font = chinese_font()
    with _figure(curve, language if font else "en", mark, font) as figure:
        figure.savefig(sheet, format="png", dpi=160, metadata={"Software": None})
    return sheet.getvalue()


@cache
def chinese_font() -> str | None:
    """The family of a font of this system that has Chinese characters, if there is one."""
    from matplotlib import font_manager

    known = {entry.name for entry in font_manager.fontManager.ttflist}
    return next((name for name in _FAMILIES if name in known), None)


@contextmanager
def _figure(
    curve: Curve, language: str, mark: float | None, font: str | None = None
) -> Iterator[Figure]:
    import matplotlib
    from matplotlib.figure import Figure

    families = {"font.family": [font, "DejaVu Sans"]} if font else {}
    with _LOCK, matplotlib.rc_context(_SETTINGS | families), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = Figure(figsize=(7.2, 4.5))
        axes = figure.add_axes((0.11, 0.13, 0.66 if curve.by else 0.85, 0.75))
        _plot(curve, axes, mark)
        axes.set_title(_title(curve, language), fontsize=11)
        axes.set_xlabel(input_label(curve.method, curve.vary, language))
        axes.set_ylabel(output_label(curve.output, language), rotation_mode="anchor")
        if curve.by:
            axes.legend(
                title=input_label(curve.method, curve.by, language),
                loc="upper left",
                bbox_to_anchor=(1.01, 1.0),
                frameon=False,
            )
        yield figure


def describe(curve: Curve, language: str) -> str:
    """What the picture shows, in words, for those who hear it."""
    texts = labels()["describe"][language]
    parts = [
        texts["axes"].format(
            x=input_label(curve.method, curve.vary, language),
            low=shortest(curve.values[0]),
            high=shortest(curve.values[-1]),
            y=output_label(curve.output, language),
        )
    ]
    for line in curve.lines:
        found = [point for point in line.points if point is not None]
        if not found:
            parts.append(texts["empty"].format(name=_line_name(curve, line)))
            continue
        parts.append(
            texts["line"].format(
                name=_line_name(curve, line), first=shortest(found[0]), last=shortest(found[-1])
            )
        )
    if curve.refused:
        parts.append(texts["gaps"].format(count=len(curve.refused)))
    return str(texts["join"].join(parts))


def _plot(curve: Curve, axes: Axes, mark: float | None) -> None:
    for place, line in enumerate(curve.lines):
        marked = len(curve.values) <= _FEW or _alone(line)
        axes.plot(
            curve.values,
            [float("nan") if point is None else point for point in line.points],
            color=_COLOURS[place],
            linestyle=_DASHES[place],
            marker=_MARKERS[place] if marked else None,
            markersize=4,
            label=said(line.by),
        )
    if mark is not None:
        axes.axhline(mark, color="#555555", linewidth=0.8, linestyle=(0, (2, 2)))


def _alone(line: Line) -> bool:
    """Whether some point stands between two gaps, where a line without markers shows nothing."""
    padded = (None, *line.points, None)
    return any(
        point is not None and before is None and after is None
        for before, point, after in zip(padded, line.points, padded[2:], strict=False)
    )


def _accessible(curve: Curve, svg: str, language: str) -> str:
    """Title and description first, fonts of every system, and nothing of the prologue."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"\s*<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"'?DejaVu Sans'?(?:, [^;\"]*)?(?=[;\"])", _FONTS, svg)
    title = escape(_title(curve, language))
    about = escape(describe(curve, language))
    start, rest = svg.split(">", 1)
    lang = "zh-CN" if language == "zh" else "en"
    name = "curve-" + hashlib.sha256(svg.encode()).hexdigest()[:10]  # several may share a page
    return (
        f'{start} role="img" aria-labelledby="{name}-title {name}-desc" lang="{lang}">\n'
        f' <title id="{name}-title">{title}</title>\n <desc id="{name}-desc">{about}</desc>{rest}'
    )


def _title(curve: Curve, language: str) -> str:
    return curve.title.zh if language == "zh" else curve.title.en


def _line_name(curve: Curve, line: Line) -> str:
    return "" if curve.by is None else f"{curve.by} = {said(line.by)}"
