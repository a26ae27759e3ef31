"""A feasibility report as one HTML page: no script, nothing from outside, fit to print."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import count
from pathlib import Path

from api.reports.html import Html, element, join, text
from assistant.feasibility.model import Basis, Figure, Line, Part, Report, Section, Table
from assistant.feasibility.work import said
from assistant.model import Citation
from design import Text

_STYLE = Path(__file__).with_name("feasibility.css")
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""What the page may load: nothing but its own styles."""


def feasibility_html(report: Report, language: str) -> str:
    """The page.

    Args:
        report: What to show.
        language: ``zh`` or ``en``.
    """
    return _Page(report, language).page()


class _Page:
    def __init__(self, report: Report, language: str) -> None:
        self.report, self.language = report, language
        self.figures, self.tables = count(1), count(1)

    def page(self) -> str:
        report = self.report
        head = join(
            [
                Html('<meta charset="utf-8">'),
                Html(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'),
                Html('<meta name="viewport" content="width=device-width, initial-scale=1">'),
                element("title", f"{self.say('page', 'report')}: {report.title}"),
                element("style", Html(_style())),
            ]
        )
        body = [
            element("p", self.say("page", "report"), class_="soft"),
            element("h1", report.title),
            element("p", f"{self.say('record', 'as_of')} {report.record.as_of}", class_="soft"),
            element("p", self.say("page", "legend"), class_="note"),
            self.contents(),
            *(self.section(section) for section in report.sections),
            self.sources(),
            self.record(),
            element("p", self.say("page", "advice"), class_="note"),
        ]
        language = "zh-CN" if self.language == "zh" else "en"
        whole = element(
            "html",
            element("head", head),
            element("body", element("main", *body)),
            lang=language,
        )
        return f"<!doctype html>\n{whole}\n"

    def say(self, *keys: str) -> str:
        return self.told(said(*keys))

    def told(self, words: Text) -> str:
        return words.zh if self.language == "zh" else words.en

    def contents(self) -> Html:
        links = [(s.key, self.told(s.title)) for s in self.report.sections]
        links += [(key, self.say("title", key)) for key in ("sources", "record")]
        items = (element("li", element("a", title, href=f"#{key}")) for key, title in links)
        return element("nav", element("ol", *items))

    def section(self, section: Section) -> Html:
        parts = join(self.part(part) for part in section.parts)
        if section.state == "absent":
            parts = element("div", parts, class_="missing")
        return element("section", element("h2", self.told(section.title)), parts, id=section.key)

    def part(self, part: Part) -> Html:
        if isinstance(part, Line):
            return self.line(part)
        return self.table(part) if isinstance(part, Table) else self.figure(part)

    def line(self, line: Line) -> Html:
        classes = " ".join(
            name for name, on in (("note", line.kind == "note"), ("warns", line.warns)) if on
        )
        words = [self.basis(line.basis), self.told(line.text), self.numbers(line.citations)]
        shown = element("p", *words, **({"class_": classes} if classes else {}))
        return join([shown, self.again(line.call)])

    def basis(self, basis: Basis) -> Html:
        return element("span", self.say("basis", basis), class_=f"basis {basis}")

    def numbers(self, citations: tuple[int, ...]) -> Html:
        return join(element("a", f" [{n}]", href=f"#source-{n}") for n in citations)

    def again(self, call: str | None) -> Html:
        if call is None:
            return Html("")
        summary = element("summary", self.say("page", "again"))
        return element("details", summary, element("code", call), class_="again")

    def table(self, table: Table) -> Html:
        title = f"{self.say('page', 'table')} {next(self.tables)}　{self.told(table.title)}"
        head = element("tr", *(element("th", self.told(each), scope="col") for each in table.head))
        rows = (
            element(
                "tr",
                *(
                    element(
                        "td",
                        self.basis(cell.basis) if cell.basis == "absent" else "",
                        self.told(cell.text),
                        self.numbers(cell.citations),
                    )
                    for cell in row
                ),
            )
            for row in table.rows
        )
        caption = element("caption", self.basis(table.basis), title)
        whole = element("table", caption, element("thead", head), element("tbody", *rows))
        return join([element("div", whole, class_="wide"), self.again(table.call)])

    def figure(self, figure: Figure) -> Html:
        title = f"{self.say('page', 'figure')} {next(self.figures)}　{self.told(figure.title)}"
        caption = element("figcaption", self.basis(figure.basis), title)
        drawn = Html(figure.svg(self.language))  # escaped where it is drawn
        return join([element("figure", drawn, caption), self.again(figure.call)])

    def sources(self) -> Html:
        items = [self.source(citation) for citation in self.report.citations]
        listed = element("ol", *items) if items else element("p", self.say("page", "no_sources"))
        title = element("h2", self.say("title", "sources"))
        return element("section", title, listed, id="sources")

    def source(self, citation: Citation) -> Html:
        said_of = " · ".join(source_facts(citation, self.language))
        parts: list[object] = [
            element("strong", citation.title),
            element("blockquote", citation.quote),
            element("span", said_of, class_="note"),
        ]
        if citation.notice:
            parts.append(element("p", citation.notice, class_="warns"))
        return element("li", *parts, id=f"source-{citation.id}")

    def record(self) -> Html:
        rows = (
            element("tr", element("th", key, scope="row"), element("td", value))
            for key, value in record_rows(self.report, self.language)
        )
        calls = (element("li", element("code", call)) for call in self.report.record.calls)
        return element(
            "section",
            element("h2", self.say("title", "record")),
            element("div", element("table", element("tbody", *rows)), class_="wide"),
            element("h3", self.say("record", "calls")),
            element("ul", *calls),
            id="record",
        )


def source_facts(citation: Citation, language: str) -> Iterator[str]:
    """Place, status, date and document of a citation, in words."""

    def say(*keys: str) -> str:
        return str(getattr(said(*keys), language))

    section, page = citation.locator.get("section"), citation.locator.get("page")
    if section:
        yield f"{say('citation', 'place')}: {section}"
    if page:
        yield f"p. {page}"
    yield f"{say('citation', 'status')}: {say('status', citation.status)}"
    if citation.effective_from:
        yield f"{say('citation', 'from')} {citation.effective_from}"
    if citation.source:
        yield citation.source
    yield f"{citation.path} #{citation.block}"


def record_rows(report: Report, language: str) -> Iterator[tuple[str, str]]:
    """The record in words."""
    record = report.record
    none = str(getattr(said("record", "none"), language))
    for key in (
        "as_of", "made", "version", "snapshot", "documents", "synopsis", "cohort", "directory",
    ):  # fmt: skip
        value = getattr(record, key)
        yield str(getattr(said("record", key), language)), none if value is None else str(value)


@cache
def _style() -> str:
    return str(text(Html(_STYLE.read_text(encoding="utf-8"))))
