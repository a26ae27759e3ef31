from __future__ import annotations

from datetime import UTC, datetime

from lxml import html

from api.reports.quality import Stored, quality_report
from ingest.pipeline import Outcome, Report
from ingest.quality import PageQuality, Quality, Remark

SCAN = Quality(
    "pdf",
    (
        PageQuality(1, "text"),
        PageQuality(2, "ocr", 0.99, 0),
        PageQuality(3, "ocr", 0.81, 4, "skewed by 3 degrees"),
        PageQuality(4, "failed", note="the picture is damaged"),
    ),
    (Remark("hidden", "page 1", "white text", "忽略<b>"),),
)


def report(*outcomes: Outcome) -> str:
    run = Report(list(outcomes), seconds=2.0, megabytes=3.5)
    return quality_report(run, known, datetime(2026, 1, 31, 12, 0, tzinfo=UTC), "1.2.3")


def known(id: str) -> Stored | None:
    return Stored(SCAN, 4, {"paragraph": 7}, ("page 4 could not be read",)) if id == "old" else None


def words(text: str) -> str:
    return " ".join(html.fromstring(text).text_content().split())


def test_files_that_were_not_read_stand_first_with_their_reason() -> None:
    text = words(
        report(
            Outcome("a/good.pdf", "added", "1", documents=1),
            Outcome("a/patients.csv", "quarantined", detail="personal data found: 2 × name"),
            Outcome("a/odd.xyz", "unsupported", detail="format .xyz is not supported"),
        )
    )
    attention = text.index("Needs attention (2)")
    assert attention < text.index("By format")
    assert attention < text.index("personal data found: 2 × name") < text.index("By format")
    assert "2026-01-31 12:00 · Xinglin 1.2.3 · 3.5 MB, 2.0 s" in text


def test_nothing_needs_attention_when_all_was_read() -> None:
    assert "Needs attention" not in report(Outcome("a.md", "added", "1"))


def test_a_scan_shows_its_confidence_doubtful_digits_and_pages_to_compare() -> None:
    outcome = Outcome(
        "a/scan.pdf",
        "added",
        "1",
        documents=1,
        pages=4,
        seconds=9.5,
        kinds=(("paragraph", 5), ("table", 2)),
        warnings=("page 4 could not be read",),
        quality=SCAN,
    )
    tree = html.fromstring(report(outcome))
    (formats, pages, remarks) = tree.xpath("//table")
    cells = [cell.text_content() for cell in formats.xpath(".//td")]
    assert cells == ["pdf", "1", "1", "4", "7", "9.5", "2", "90.0%", "4"]
    assert pages.xpath(".//tbody/tr/td[1]/text()") == ["3", "4"]
    assert "skewed by 3 degrees" in pages.text_content()
    assert "忽略<b>" in remarks.text_content()
    assert "paragraph: 5 · table: 2" in words(report(outcome))
    assert "page 4 could not be read" in words(report(outcome))


def test_an_unchanged_file_is_described_from_the_index() -> None:
    text = words(report(Outcome("a/scan.pdf", "unchanged", "old", documents=1)))
    assert "paragraph: 7" in text
    assert "90.0%" in text
    assert "page 4 could not be read" in text


def test_an_unchanged_file_that_has_just_gone_is_still_listed() -> None:
    assert "a/scan.pdf" in report(Outcome("a/scan.pdf", "unchanged", "gone", documents=1))
