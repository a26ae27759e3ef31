"""The little HTML that reports need; every text is escaped here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from pathlib import Path

_STYLE = Path(__file__).with_name("report.css")


class Html(str):
    """Markup that is safe to put into a page as it is."""

    __slots__ = ()


def text(value: object) -> Html:
    """``value`` as text; markup stays markup."""
    return value if isinstance(value, Html) else Html(escape(str(value)))


def element(name: str, *content: object, **attributes: str) -> Html:
    """An element; ``class_`` stands for ``class``."""
    named = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
    )
    return Html(f"<{name}{named}>{join(content)}</{name}>")


def join(parts: Iterable[object], between: str = "") -> Html:
    """Several parts one after the other."""
    return Html(between.join(text(part) for part in parts))


def table(
    head: Sequence[object], rows: Iterable[Sequence[object]], caption: str | None = None
) -> Html:
    """A table with one header row."""
    top = element("tr", *(element("th", cell, scope="col") for cell in head))
    body = (element("tr", *(element("td", cell) for cell in row)) for row in rows)
    parts = [element("caption", caption)] if caption else []
    parts += [element("thead", top), element("tbody", *body)]
    return element("div", element("table", *parts), class_="wide")


def bullets(items: Iterable[object]) -> Html:
    """A bulleted list; nothing for no items."""
    listed = [element("li", item) for item in items]
    return element("ul", *listed) if listed else Html("")


def page(title: str, *content: object, language: str = "zh-CN") -> str:
    """A whole page with the reports' style inside."""
    head = join(
        [
            Html('<meta charset="utf-8">'),
            Html('<meta name="viewport" content="width=device-width, initial-scale=1">'),
            element("title", title),
            element("style", Html(style())),
        ]
    )
    body = element("body", element("main", element("h1", title), *content))
    return f"<!doctype html>\n{element('html', element('head', head), body, lang=language)}\n"


@cache
def style() -> str:
    """The style sheet of all reports."""
    return _STYLE.read_text(encoding="utf-8")
