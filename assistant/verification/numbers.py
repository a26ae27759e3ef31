"""Whether every number of a statement stands in its quotes, of the same thing and bounded alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.verification.comparators import written
from assistant.verification.dates import less_precise
from assistant.verification.failures import Finding, language_of
from assistant.verification.quantities import DATE, NAME, Quantity, find_quantities, tables

_FEWEST_COUNTED = 13  # 54/120 counts people, 1/3 does not


def numbers_stand(statement: str, *quotes: str) -> bool:
    """Whether every number of the statement stands in one of the quotes with the same unit."""
    offered = [quantity for quote in quotes for quantity in find_quantities(quote)]
    return all(_standing(quantity, offered) for quantity in find_quantities(statement))


def number_findings(
    statement: str, quotes: Sequence[str], context: Sequence[str] = ()
) -> Iterator[Finding]:
    """Numbers that are not in the quotes, or stand there bounded otherwise.

    Args:
        statement: What would be shown.
        quotes: The quoted texts.
        context: What stands around them; numbers there count as well.
    """
    language = language_of(statement)
    texts = [*quotes, *context]
    offered = [quantity for text in texts for quantity in find_quantities(text)]
    limited = _speaks_of_a_limit(texts)
    for said in find_quantities(statement):
        standing = _standing(said, offered)
        if not standing:
            yield Finding("number_not_in_quote", said.written, _nearest(said, offered))
        elif not any(_bounded_alike(said, quantity, limited) for quantity in standing):
            yield Finding(
                "bound_changed", _in_words(said, language), _in_words(standing[0], language)
            )


def same_number(said: Quantity, quantity: Quantity) -> bool:
    """Whether two numbers have the same value and unit."""
    if quantity.unit == DATE == said.unit:
        return said.value in less_precise(quantity.value)
    if said.unit == DATE and len(said.value) == 4:
        return quantity.value == said.value and quantity.unit in {"", "年"}
    if quantity.unit == DATE and len(said.value) == 4 and said.unit in {"", "年"}:
        return said.value in less_precise(quantity.value)
    if NAME in (said.unit, quantity.unit):
        return (said.value, said.unit) == (quantity.value, quantity.unit)
    if "/" in quantity.value and _parts_counted(said, quantity):
        return True
    return said.value == quantity.value and _same_unit(said, quantity)


def _standing(said: Quantity, offered: Sequence[Quantity]) -> list[Quantity]:
    return [quantity for quantity in offered if same_number(said, quantity)]


def _same_unit(said: Quantity, quantity: Quantity) -> bool:
    if said.unit in ("", quantity.unit) or (said.loose and quantity.unit == ""):
        return True
    pairs: dict[str, list[str]] = tables()["together"]
    for one, other in ((said, quantity), (quantity, said)):
        if other.unit in pairs.get(one.word.strip(), []):
            return one.unit in pairs[one.word.strip()]
    return False


def _parts_counted(said: Quantity, quantity: Quantity) -> bool:
    """54/120 says that there were 120 and 54 of them."""
    above, below = quantity.value.split("/")[:2]
    return (
        said.unit in {"", "例"}
        and said.value in {above, below}
        and below.isdigit()
        and int(below) >= _FEWEST_COUNTED
    )


def _bounded_alike(said: Quantity, quantity: Quantity, limited: bool) -> bool:
    one, other = said.bound, quantity.bound
    if one.time and other.time and one.time != other.time:
        return False
    time_units: list[str] = tables()["time"]["units"]
    timed = quantity.unit in time_units
    if one.side == other.side:
        return True
    if {one.side, other.side} in ({"ge", "from"}, {"le", "to"}):
        return True
    if one.side == "":
        # A deadline may be given as such (时限60个工作日), the end of an interval by itself.
        return (other.side == "le" and timed) or (
            other.side in {"from", "to"} and quantity.unit == ""
        )
    if other.side == "":
        return one.side == "about" or (one.side == "le" and timed and limited)
    return False


def _speaks_of_a_limit(texts: Sequence[str]) -> bool:
    words: list[str] = tables()["time"]["limit_words"]
    return any(word in text.lower() for word in words for text in texts)


def _nearest(said: Quantity, offered: Sequence[Quantity]) -> str:
    """What the quote has instead: the same number of another unit, or another of the same."""
    for alike in (
        lambda q: q.value == said.value,
        lambda q: bool(said.unit) and q.unit == said.unit,
    ):
        for quantity in offered:
            if alike(quantity):
                return quantity.written
    return ""


def _in_words(quantity: Quantity, language: str) -> str:
    names = [written(name, language) for name in (quantity.bound.side, quantity.bound.time)]
    gap = "" if language == "zh" else " "
    return gap.join([*filter(None, names), quantity.written])
