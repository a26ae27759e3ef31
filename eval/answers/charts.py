"""The drawings of the report: plain SVG, styled by class, with no script and nothing fetched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from api.reports.html import Html, element

_BAR = (120.0, 14.0)
_PLOT = (460.0, 260.0)
_MARGIN = (48.0, 12.0, 16.0, 40.0)  # left, right, top, bottom
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


def interval_bar(value: float, interval: Sequence[float] | None) -> Html:
    """A share between 0 and 1 as a dot, with its interval as a line."""
    width, height = _BAR
    middle, inner = height / 2, width - 8
    low, high = interval or (value, value)
    parts = [
        _line(4, middle, 4 + inner, middle, "track"),
        _line(4 + inner * low, middle, 4 + inner * high, middle, "span"),
        element("circle", cx=_n(4 + inner * value), cy=_n(middle), r="3.5", class_="dot"),
    ]
    return _svg(width, height, f"{value:.3f}", parts, "bar")


def risk_coverage_plot(curve: Mapping[str, Any]) -> Html:
    """Risk over coverage, with the target and the chosen threshold."""
    width, height = _PLOT
    left, right, top, bottom = _MARGIN
    points = curve["points"]
    most: float = 1.1 * max([0.1, curve["target_risk"], *(point["risk"] for point in points)])

    def x(coverage: float) -> float:
        return left + (width - left - right) * coverage

    def y(risk: float) -> float:
        return height - bottom - (height - top - bottom) * risk / most

    parts = [
        _line(left, y(0), width - right, y(0), "axis"),
        _line(left, y(0), left, top, "axis"),
        _line(left, y(curve["target_risk"]), width - right, y(curve["target_risk"]), "target"),
        *(_text(x(tick), height - bottom + 16, f"{tick:g}", "middle") for tick in _TICKS),
        *(_text(left - 6, y(most * tick) + 4, f"{most * tick:.2f}", "end") for tick in _TICKS),
        _text((left + width) / 2, height - 6, "覆盖率 coverage", "middle"),
        _text(left + 4, top + 4, "风险 risk", "start"),
        element(
            "path", d=_steps([(x(p["coverage"]), y(p["risk"])) for p in points]), class_="curve"
        ),
    ]
    chosen = curve["chosen"]
    if chosen is not None:
        parts.append(
            element(
                "circle", cx=_n(x(chosen["coverage"])), cy=_n(y(chosen["risk"])), r="5",
                class_="dot",
            )
        )  # fmt: skip
    last = points[-1]
    label = f"risk {last['risk']:.3f} at coverage {last['coverage']:.3f}, AURC {curve['aurc']:.3f}"
    return _svg(width, height, label, parts, "plot")


def _steps(points: Sequence[tuple[float, float]]) -> str:
    return "M" + " L".join(f"{_n(x)} {_n(y)}" for x, y in points)


def _svg(width: float, height: float, label: str, parts: Sequence[Html], name: str) -> Html:
    # viewBox is spelled with a capital; element() writes attribute names as they are given.
    return element(
        "svg", *parts, viewBox=f"0 0 {_n(width)} {_n(height)}", width=_n(width), height=_n(height),
        role="img", aria_label=label, class_=name,
    )  # fmt: skip


def _line(x1: float, y1: float, x2: float, y2: float, name: str) -> Html:
    return element("line", x1=_n(x1), y1=_n(y1), x2=_n(x2), y2=_n(y2), class_=name)


def _text(x: float, y: float, told: str, anchor: str) -> Html:
    return element("text", told, x=_n(x), y=_n(y), text_anchor=anchor)


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
