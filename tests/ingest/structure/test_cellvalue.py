from __future__ import annotations

import datetime

import pytest

from ingest.structure.cellvalue import cell_text


@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        (0.1 + 0.2, "General", "0.3"),
        (3.0, "General", "3"),
        (0.256, "0.0%", "25.6%"),
        (0.5, "0%", "50%"),
        (0.5, '0.0"%"', "0.5"),
        (True, None, "TRUE"),
        (None, None, ""),
        (datetime.datetime(2024, 5, 9), "yyyy-mm-dd", "2024-05-09"),
        (datetime.datetime(2024, 5, 9, 14, 30), None, "2024-05-09 14:30"),
        (datetime.datetime(2024, 5, 9), "yyyy-mm-dd hh:mm:ss", "2024-05-09"),
        (datetime.time(8, 5), None, "08:05"),
        (datetime.timedelta(hours=26, minutes=3), None, "26:03:00"),
        (" a\n b ", None, "a b"),
        (1e22, None, "1e+22"),
    ],
)
def test_values_read_as_shown(value: object, number_format: str | None, expected: str) -> None:
    assert cell_text(value, number_format) == expected
