"""Numbers printed by a section of a number format, rounded half up as spreadsheets do."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from ingest.structure.numberformat import Section, Token

_CONTEXT = Context(prec=400, rounding=ROUND_HALF_UP)
_MOST_DECIMALS = 30


def general(value: float) -> str:
    """A number without a format: whole numbers in full, else 15 significant digits."""
    if isinstance(value, int):
        return str(value)
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    # Spreadsheets keep 15 significant digits; the rest is binary noise (0.1 + 0.2).
    return format(value, ".15g")


def printed(value: float, section: Section, unsigned: bool) -> str:
    """``value`` as a section prints it; ``unsigned`` when the section brings its own minus."""
    if "value" in section.kinds:
        return general(value)  # a format for text
    number = Decimal(general(value)).copy_abs()
    tokens = section.tokens
    if "general" in section.kinds or "digit" not in section.kinds:
        text = _around(tokens, general(abs(value)))
        shown = "general" in section.kinds
    elif "exponent" in section.kinds:
        text, shown = _scientific(number, tokens)
    elif "slash" in section.kinds and _is_fraction(tokens):
        text, shown = _fraction(number, tokens)
    else:
        text, shown = _fixed(number, tokens)
    return f"-{text.lstrip()}" if value < 0 and shown and not unsigned else text


def _around(tokens: Sequence[Token], number: str) -> str:
    """The section's own words with a number in its place."""
    return "".join(number if token.kind == "general" else token.text for token in tokens)


def _fixed(number: Decimal, tokens: Sequence[Token]) -> tuple[str, bool]:
    """A decimal number; also says whether any digit but 0 is shown, for -0 has no minus."""
    whole, decimals = _halves(tokens)
    number = number.scaleb(2 * sum(token.kind == "percent" for token in tokens), _CONTEXT)
    number = number.scaleb(-3 * _thousands(tokens), _CONTEXT)
    places = min(sum(token.kind == "digit" for token in decimals), _MOST_DECIMALS)
    rounded = number.quantize(Decimal(1).scaleb(-places), context=_CONTEXT)
    before, _, after = f"{rounded:f}".partition(".")
    text = _whole(before.lstrip("0"), whole, _grouped(whole)) + _decimals(after, decimals)
    return text, rounded != 0


def _halves(tokens: Sequence[Token]) -> tuple[list[Token], list[Token]]:
    """The tokens before the decimal point and those from it on."""
    kinds = [token.kind for token in tokens]
    point = kinds.index("point") if "point" in kinds else len(kinds)
    return list(tokens[:point]), list(tokens[point:])


def _thousands(tokens: Sequence[Token]) -> int:
    """Commas right behind the last digit of a number: each divides by a thousand."""
    for half in _halves(tokens):
        places = [place for place, token in enumerate(half) if token.kind == "digit"]
        count = 0
        for token in half[places[-1] + 1 :] if places else ():
            if token.kind != "comma":
                break
            count += 1
        if count:
            return count
    return 0


def _grouped(whole: Sequence[Token]) -> bool:
    """A comma between two digits asks for commas at the thousands."""
    kinds = [token.kind for token in whole]
    return any(
        kind == "comma" and kinds[place - 1 : place] == ["digit"] and "digit" in kinds[place:]
        for place, kind in enumerate(kinds)
    )


def _whole(digits: str, tokens: Sequence[Token], grouped: bool) -> str:
    """Digits filled into their places from the right; the first place takes what is left."""
    places = [place for place, token in enumerate(tokens) if token.kind == "digit"]
    pieces: list[str] = []
    used = 0
    for place in reversed(range(len(tokens))):
        token = tokens[place]
        if token.kind != "digit":
            pieces.append("" if token.kind == "comma" else token.text)
            continue
        wanted = 1 if place != places[0] else max(1, len(digits) - used)
        for _ in range(wanted):
            digit = digits[-used - 1] if used < len(digits) else _padding(token)
            if grouped and digit.isdigit() and used and used % 3 == 0:
                pieces.append(",")
            pieces.append(digit)
            used += 1
    if not places:
        pieces.append(digits)  # .00 prints what stands before the point all the same
    return "".join(reversed(pieces))


def _padding(token: Token) -> str:
    return {"0": "0", "?": " ", "#": ""}[token.text]


def _decimals(digits: str, tokens: Sequence[Token]) -> str:
    """Digits behind the point; zeros at the end fall where the format does not ask for them."""
    kept = len(digits.rstrip("0"))
    asked = [token for token in tokens if token.kind == "digit"]
    for position, token in enumerate(asked, start=1):
        if token.text == "0":
            kept = max(kept, position)
    pieces: list[str] = []
    position = 0
    for token in tokens:
        if token.kind == "point":
            pieces.append("." if kept or position else "")
        elif token.kind == "digit":
            filled = position < min(kept, len(digits))
            pieces.append(digits[position] if filled else _padding(token))
            position += 1
        elif token.kind != "comma":
            pieces.append(token.text)
    return "".join(pieces)


def _scientific(number: Decimal, tokens: Sequence[Token]) -> tuple[str, bool]:
    """``1.23E-05``; with several places before the point the exponent is a multiple of them."""
    place = next(i for i, token in enumerate(tokens) if token.kind == "exponent")
    mantissa, behind = tokens[:place], tokens[place + 1 :]
    whole, decimals = _halves(mantissa)
    step = max(1, sum(token.kind == "digit" for token in whole))
    places = min(sum(token.kind == "digit" for token in decimals), _MOST_DECIMALS)
    unit = Decimal(1).scaleb(-places)
    exponent = 0
    if number:
        exponent = number.adjusted() // step * step
        if (
            number.scaleb(-exponent, _CONTEXT).quantize(unit, context=_CONTEXT)
            >= Decimal(10) ** step
        ):
            exponent += step
    fixed, shown = _fixed(number.scaleb(-exponent, _CONTEXT), mantissa)
    sign = "-" if exponent < 0 else tokens[place].text[1].replace("-", "")
    width = sum(token.kind == "digit" for token in behind)
    rest = "".join(token.text for token in behind if token.kind not in {"digit", "comma"})
    return f"{fixed}E{sign}{abs(exponent):0{max(width, 1)}d}{rest}", shown


def _is_fraction(tokens: Sequence[Token]) -> bool:
    """``# ?/?`` and ``?/8``; a slash without places before and behind it is only printed."""
    kinds = [token.kind for token in tokens]
    if "point" in kinds:
        return False
    place = kinds.index("slash")
    return kinds[place - 1 : place] == ["digit"] and _denominator(tokens[place + 1 :]) != (0, 0)


def _denominator(behind: Sequence[Token]) -> tuple[int, int]:
    """A fixed denominator, or the number of its digits; and how many tokens they take."""
    fixed = ""
    places = 0
    for token in behind:
        if token.kind == "digit" and not fixed:
            places += 1
        elif (token.kind == "text" and token.text.isdigit()) or (fixed and token.text == "0"):
            fixed += token.text
        else:
            break
    return (int(fixed), 0) if fixed and int(fixed) else (0, places)


def _fraction(number: Decimal, tokens: Sequence[Token]) -> tuple[str, bool]:
    place = next(i for i, token in enumerate(tokens) if token.kind == "slash")
    start = place
    while start and tokens[start - 1].kind == "digit":
        start -= 1
    fixed, places = _denominator(tokens[place + 1 :])
    end = place + 1 + (places or len(str(fixed)))
    mixed = any(token.kind == "digit" for token in tokens[:start])
    value = Fraction(number)
    whole, rest = divmod(value, 1) if mixed else (0, value)
    if fixed:
        top, bottom = int(rest * fixed + Fraction(1, 2)), fixed
    else:
        near = rest.limit_denominator(10 ** min(places, 6) - 1)
        top, bottom = near.numerator, near.denominator
    if mixed and top == bottom:
        whole, top = whole + 1, 0
    shown = f"{top}/{bottom}" if top or not mixed else ""
    if mixed and (whole or not top):
        shown = f"{int(whole)} {shown}".strip()
    head = [token.text for token in tokens[:start] if token.kind in {"text", "blank"}]
    tail = [token.text for token in tokens[end:] if token.kind in {"text", "blank"}]
    prefix = "".join(head).rstrip() if mixed else "".join(head)
    return f"{prefix}{shown}{''.join(tail)}", bool(whole or top)
