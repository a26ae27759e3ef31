"""The width of a confidence interval, in the three ways it is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from design.errors import BadDesign


@dataclass(frozen=True, slots=True)
class AllowedError:
    """Half the width of an interval, itself or as a share of the estimate.

    Attributes:
        value: Half the width, or the share.
        relative: Whether it is the share.
    """

    value: float
    relative: bool

    @property
    def field(self) -> str:
        """The input it was given by."""
        return "rel_error" if self.relative else "abs_error"

    @property
    def convention(self) -> str:
        """Key of the text that says which of the two it is."""
        return "relative_error" if self.relative else "absolute_error"

    def half_width(self, estimate: float | None) -> float:
        """Half the width about an estimate.

        Raises:
            BadDesign: It is relative and there is no estimate, or one of 0.
        """
        if not self.relative:
            return self.value
        if not estimate:
            raise BadDesign("a relative error needs an estimate other than 0", self.field)
        return self.value * abs(estimate)


def allowed_error(abs_error: float | None, rel_error: float | None) -> AllowedError:
    """The error allowed, of a method that needs one.

    Raises:
        BadDesign: Neither or both are given.
    """
    if abs_error is not None and rel_error is None:
        return AllowedError(abs_error, relative=False)
    if rel_error is not None and abs_error is None:
        return AllowedError(rel_error, relative=True)
    raise BadDesign("give either abs_error or rel_error, the error allowed", "abs_error")


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
    if not given:
        return None
    if ci_width is not None:
        return ci_width / 2
    return allowed_error(abs_error, rel_error).half_width(estimate)


def width_or_size(width: float | None, n: float | None, name: str = "n") -> None:
    """Refuse unless exactly one of width and size is given.

    Raises:
        BadDesign: Both or neither are given.
    """
    if (width is None) == (n is None):
        raise BadDesign(
            f"give either the width (for the sample size) or {name} (for the width)", name
        )
