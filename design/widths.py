"""The width of a confidence interval, in the three ways it is asked for."""

from __future__ import annotations

from design.errors import BadDesign


def half_width(
    *,
    abs_error: float | None,
    rel_error: float | None,
    estimate: float | None,
    ci_width: float | None = None,
) -> float | None:
    """Half the width asked for; ``None`` when none is.

    Args:
        abs_error: Half the width.
        rel_error: Half the width as a share of the estimate.
        estimate: What is expected, for a relative error.
        ci_width: The whole width.

    Raises:
        BadDesign: Several are given, or a relative one without what it is relative to.
    """
    given = [value for value in (abs_error, ci_width, rel_error) if value is not None]
    if len(given) > 1:
        raise BadDesign("give one of abs_error, ci_width and rel_error", "abs_error")
    if abs_error is not None:
        return abs_error
    if ci_width is not None:
        return ci_width / 2
    if rel_error is not None:
        if not estimate:
            raise BadDesign("a relative error needs an estimate other than 0", "rel_error")
        return rel_error * abs(estimate)
    return None


def allowed_error(
    *, abs_error: float | None, rel_error: float | None, estimate: float | None
) -> float:
    """The error allowed, half the width of the interval, of a method that needs one.

    Raises:
        BadDesign: Neither or both are given, or a relative one without an estimate.
    """
    if (abs_error is None) == (rel_error is None):
        raise BadDesign("give either abs_error or rel_error, the error allowed", "abs_error")
    half = half_width(abs_error=abs_error, rel_error=rel_error, estimate=estimate)
    assert half is not None
    return half


def width_or_size(width: float | None, n: float | None, name: str = "n") -> None:
    """Refuse unless exactly one of width and size is given.

    Raises:
        BadDesign: Both or neither are given.
    """
    if (width is None) == (n is None):
        raise BadDesign(
            f"give either the width (for the sample size) or {name} (for the width)", name
        )
