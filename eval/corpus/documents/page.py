"""HTML pages in the common style of the documents."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eval.corpus.documents.imprint import IMPRINT

_SHORT = 26  # rows of a table that is kept on one page
STYLE = """
@page { size: A4; margin: 18mm 17mm 20mm;
  @bottom-left { content: FOOT; font: 7.5pt 'Noto Sans CJK SC'; color: #52606d }
  @bottom-right { content: counter(page) " / " counter(pages);
                  font: 7.5pt 'Noto Sans CJK SC'; color: #52606d } }
html { font: 10pt/1.62 'Noto Sans CJK SC', sans-serif; color: #1f2933; }
body { margin: 0; }
h1 { font-size: 19pt; line-height: 1.3; margin: 0 0 3mm; }
h2 { font-size: 13pt; line-height: 1.35; margin: 6mm 0 2mm; }
h3 { font-size: 10.5pt; line-height: 1.4; margin: 3mm 0 1mm; }
h2, h3 { break-after: avoid; break-inside: avoid; }
p { margin: 0 0 1.6mm; text-align: justify; }
ul { margin: 0 0 1.6mm; padding-left: 4.5mm; }
li { margin: 0 0 .8mm; }
.imprint { font-size: 8.5pt; color: #52606d; border-top: .4pt solid #9aa5b1; padding-top: 2mm;
  margin: 0 0 5mm; }
.meta { font-size: 8pt; line-height: 1.5; color: #52606d; text-align: left; }
.columns { column-count: 2; column-gap: 8mm; }
.columns h2 { margin-top: 4mm; }
figure { margin: 4mm 0 5mm; break-inside: avoid; }
figure svg { display: block; width: 100%; height: auto; }
figcaption { font-size: 9pt; font-weight: bold; margin-top: 1.6mm; text-align: left; }
table { border-collapse: collapse; width: calc(100% - 1px); font-size: 8.6pt; line-height: 1.45;
  margin: 1mm 0 5mm; }
caption { font-size: 9.5pt; font-weight: bold; text-align: left; padding: 2mm 0 1.4mm; }
th, td { text-align: left; vertical-align: top; padding: 1.1mm 1.6mm; }
tr { break-inside: avoid; }
thead { display: table-header-group; break-after: avoid; }
tbody tr:first-child { break-before: avoid; }
table.short { break-inside: avoid; }
table.long { break-before: page; }
table.ruled th, table.ruled td { border: .5pt solid #52606d; }
table.ruled th { background: #eef2f6; }
table.level { border-top: 1pt solid #1f2933; border-bottom: 1pt solid #1f2933; }
table.level thead th { border-bottom: .6pt solid #1f2933; }
table.open th { padding-bottom: 2mm; }
table.open td, table.open th { padding-right: 6mm; }
"""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: caption, header rows, rows; ``style`` is ruled, level (level rules only) or open."""

    caption: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    style: str = "ruled"
    widths: Sequence[int] = ()

    def html(self) -> str:
        """The table as HTML, its header repeated on every page."""
        columns = "".join(f'<col style="width:{w}%">' for w in self.widths)
        head = "".join(f"<th>{html.escape(cell)}</th>" for cell in self.header)
        rows = "\n".join(
            "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>"
            for row in self.rows
        )
        length = "short" if len(self.rows) <= _SHORT else "long"
        return (
            f'<table class="{self.style} {length}"><caption>{html.escape(self.caption)}</caption>'
            f"<colgroup>{columns}</colgroup><thead><tr>{head}</tr></thead>"
            f"<tbody>{rows}</tbody></table>"
        )


def page(
    title: str, parts: Iterable[str], style: str = "", imprint: str = IMPRINT, language: str = "zh",
    foot: str = "",
) -> str:  # fmt: skip
    """An HTML document with title, imprint and, on every page, ``foot`` and the page number."""
    css = STYLE.replace("FOOT", f'"{foot}"') + style
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        f"<title>{html.escape(title)}</title><style>{css}</style>"
        f"<h1>{html.escape(title)}</h1>"
        f'<p class="imprint">{html.escape(imprint)}</p>' + "\n".join(parts) + "</html>"
    )
