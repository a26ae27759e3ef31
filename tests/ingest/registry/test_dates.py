from __future__ import annotations

import pytest

from ingest.registry.dates import read_date


@pytest.mark.parametrize(
    ("text", "iso", "precision"),
    [
        ("2031-02-03", "2031-02-03", "day"),
        ("2031-02-03 00:00:00", "2031-02-03", "day"),
        ("2031-02", "2031-02", "month"),
        ("2031", "2031", "year"),
        ("20310203", "2031-02-03", "day"),
        ("August 23, 2018", "2018-08-23", "day"),
        ("October 2015", "2015-10", "month"),
        ("17 February 2031", "2031-02-17", "day"),
        ("03/10/2030", "2030-10-03", "day"),
        ("8/28/2026 5:53:51 PM", "2026-08-28", "day"),
        ("2031年2月3日", "2031-02-03", "day"),
        ("2031-02-30", None, None),
        ("soon", None, None),
    ],
)
def test_dates(text: str, iso: str | None, precision: str | None) -> None:
    found = read_date(text, "/x")
    assert (found.text, found.iso, found.precision) == (text, iso, precision)
