"""Values of spreadsheet cells as text: dates in ISO form, numbers as their format shows them."""

from __future__ import annotations

import datetime

from openpyxl.utils.datetime import WINDOWS_EPOCH, from_excel

from ingest.structure.numberformat import Section, section_for, section_for_text
from ingest.structure.numbertext import general, printed

_DAY = 86_400
_LAST_DAY = 2_958_466  # of the year 9999


def cell_text(
    value: object, number_format: str | None = None, epoch: datetime.datetime = WINDOWS_EPOCH
) -> str:
    """Return a cell's value as a reader sees it; ``""`` where its format shows nothing.

    Numbers are rounded half up and stand with the words and signs of their ``number_format``
    (``<0.5``, ``36例``, ``12.5%``). Dates and times are in ISO form, no more of them than the
    format shows: a number is a date when its format is one, counted from ``epoch``.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.datetime):
        return _moment(value, bool(value.second))
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, datetime.time):
        return value.isoformat(timespec="seconds" if value.second else "minutes")
    if isinstance(value, datetime.timedelta):
        return _duration(value.total_seconds(), None)
    if isinstance(value, (int, float)):
        return _number(value, number_format or "General", epoch)
    return _text(str(value), number_format or "")


def _text(value: str, code: str) -> str:
    section = section_for_text(code)
    if section is None or not value.strip():
        return " ".join(value.split())
    shown = "".join(value if token.kind == "value" else token.text for token in section.tokens)
    return " ".join(shown.split())


def _number(value: float, code: str, epoch: datetime.datetime) -> str:
    if code == "General":
        return general(value)
    section, unsigned = section_for(code, value)
    if unsigned and section.coloured and not section.marks_sign:
        unsigned = False  # red type does not survive as text
    try:
        if section.is_date:
            return _date(value, section, epoch)
        return " ".join(printed(value, section, unsigned).split())
    except (ValueError, ArithmeticError):
        return general(value)


def _date(value: float, section: Section, epoch: datetime.datetime) -> str:
    if "elapsed" in section.kinds:
        return _duration(value * _DAY, section)
    if not 0 <= value < _LAST_DAY:
        return general(value)
    units = _units(section)
    places = _second_places(section)
    found = from_excel(value, epoch)
    is_time = isinstance(found, datetime.time)
    moment: datetime.datetime = datetime.datetime.combine(epoch, found) if is_time else found
    if not places:
        # 14:29:59.9996 is how a double keeps 14:30.
        moment = (moment + datetime.timedelta(milliseconds=500)).replace(microsecond=0)
    if not units & set("ymd"):
        return _time(moment, "s" in units, places)
    if units & set("Hs"):
        return _moment(moment, "s" in units, places)
    if "d" not in units and "y" in units:
        return f"{moment:%Y-%m}" if "m" in units else f"{moment:%Y}"
    return moment.date().isoformat()


def _units(section: Section) -> set[str]:
    """What a format shows: ``y``, ``m`` (months), ``d``, ``H`` (hours and minutes) and ``s``."""
    letters = [token.text[0] for token in section.tokens if token.kind == "date"]
    units: set[str] = set()
    for place, letter in enumerate(letters):
        before, after = letters[place - 1 : place], letters[place + 1 : place + 2]
        if letter in "hc" or (letter == "m" and (before == ["h"] or after == ["s"])):
            units.add("H")
        else:
            units.add(letter)
    return units


def _second_places(section: Section) -> int:
    """Decimals of the seconds that a format shows."""
    return min(sum(token.kind == "digit" for token in section.tokens), 3)


def _time(moment: datetime.datetime, seconds: bool, places: int = 0) -> str:
    if places:
        return moment.isoformat(timespec="milliseconds")[11 : 20 + places]
    return moment.strftime("%H:%M:%S" if seconds else "%H:%M")


def _moment(value: datetime.datetime, seconds: bool, places: int = 0) -> str:
    """The date; with the time unless it is midnight, which exports add to plain dates."""
    if value.time() == datetime.time(0):
        return value.date().isoformat()
    return f"{value.date().isoformat()} {_time(value, seconds, places)}"


def _duration(seconds: float, section: Section | None) -> str:
    """Hours, minutes and seconds; without the seconds where the format ends with minutes."""
    places = 0 if section is None else _second_places(section)
    whole, rest = divmod(round(abs(seconds) * 10**places), 10**places)
    sign = "-" if seconds < 0 and (whole or rest) else ""
    text = f"{sign}{whole // 3600}:{whole % 3600 // 60:02d}"
    units = {t.text[0] for t in section.tokens if t.kind in {"date", "elapsed"}} if section else {}
    if units == {"h", "m"}:
        return text
    text += f":{whole % 60:02d}"
    return f"{text}.{rest:0{places}d}" if places else text
