"""Checks of identity and card numbers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

_RESIDENT_CHECK = "10X98765432"
_CONTROL_BASE = 11
_OLDEST_BIRTH = 1900


def is_resident_id(number: str, provinces: Collection[int], *, checked: bool = True) -> bool:
    """Tell whether 18 or 15 characters are a resident identity number of China.

    18: region, birth date ``YYYYMMDD``, sequence, check character after ISO 7064 MOD 11-2, as in
    GB 11643-1999. The card for foreign permanent residents begins with 9, followed by the
    province. 15: the form of before 1999, birth date ``YYMMDD``, no check character. With
    ``checked`` false a wrong check character is let pass: a mistyped number still tells who it is.
    """
    if not (number.isascii() and number[:-1].isdigit()):
        return False
    region = number[1:3] if number.startswith("9") else number[:2]
    if int(region) not in provinces:
        return False
    if len(number) == 15:
        return number.isdigit() and _is_date("19" + number[6:12])
    return (
        len(number) == 18
        and _is_date(number[6:14])
        and number[-1] in "0123456789Xx"
        and (not checked or number[-1].upper() == resident_check(number[:17]))
    )


def resident_check(digits: str) -> str:
    """Return the check character of the first 17 digits (ISO 7064 MOD 11-2)."""
    total = sum(
        int(digit) * pow(2, 17 - place, _CONTROL_BASE) for place, digit in enumerate(digits)
    )
    return _RESIDENT_CHECK[total % _CONTROL_BASE]


def is_luhn(digits: str) -> bool:
    """Tell whether the last digit checks the others (Luhn, ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _is_date(digits: str) -> bool:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return born.year >= _OLDEST_BIRTH and born <= date.today()
