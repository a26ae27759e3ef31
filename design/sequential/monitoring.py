"""Bounds at the information actually reached, with the past looks kept."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field
from scipy import special

from design.conventions import sides_key
from design.errors import BadDesign
from design.quantities import Positive, Sides
from design.registry import calculator
from design.result import Outcome
from design.sequential import saying
from design.sequential.boundaries import spending_bounds
from design.sequential.inputs import AlphaOrNot, Boundary, Shape, Spent, ZValues
from design.sequential.options import CLASSICAL, information_fractions, options
from design.sequential.spending import Spending, spent
from design.sequential.walk import exits

Information = Annotated[
    list[float],
    Field(
        min_length=1,
        max_length=20,
        description="Information (events, patients) of the analyses so far. 实际信息量",
    ),
]
Further = Annotated[
    list[float],
    Field(max_length=19, description="Information at the analyses still to come, as now planned."),
]


@calculator(
    reference="Lan KKG, DeMets DL. Biometrika 1983;70:659-63; Lan KKG, DeMets DL. Biometrics "
    "1989;45:1017-20; Jennison C, Turnbull BW. Group Sequential Methods with Applications to "
    "Clinical Trials. 2000, chapter 7",
    formula="P0(Z_1 < c_1, …, Z_k >= c_k) = alpha(I_k / I_max) - alpha spent before; the final "
    "analysis spends what is left",
)
def group_sequential_update(
    *,
    information: Information,
    planned: Positive,
    boundary: Boundary = "lan_demets_obf",
    shape: Shape | None = None,
    alpha_spent: Spent | None = None,
    alpha: AlphaOrNot | None = None,
    sides: Sides = 1,
    final: Annotated[
        bool, Field(description="Whether this is the final analysis. 最终分析")
    ] = False,
    past_bounds: ZValues | None = None,
    further: Further | None = None,
    z: Annotated[float, Field(ge=-50, le=50, description="Observed z of this analysis.")]
    | None = None,
) -> Outcome:
    """The bound of this analysis at the information it has, past bounds kept.

    ``planned`` is the largest information of the design. The final analysis spends all alpha that
    is left, whether it has less (under-running) or more (over-running) than planned.
    ``user_spending`` takes the alpha spent up to each analysis in ``alpha_spent``.
    """
    past = [] if past_bounds is None else list(past_bounds)
    if len(past) not in (0, len(information) - 1):
        raise BadDesign(
            f"past_bounds has {len(past)} values for {len(information) - 1} past analyses",
            "past_bounds",
        )
    if final and further:
        raise BadDesign("after the final analysis there are no further ones", "further")
    fractions = information_fractions(
        None, [i / planned for i in (*information, *(further or ()))], whole=False
    )
    now, look = fractions[len(information) - 1], len(information)
    if now >= 1 and not final:
        raise BadDesign(
            f"information has reached {now:.3g} of the plan: set final, or raise planned", "final"
        )
    level, errors = _errors(fractions, look, boundary, shape, alpha_spent, alpha, sides, final)
    bounds = spending_bounds(fractions, errors, sides, past=past)
    floors = [-c for c in bounds] if sides == 2 else None
    used = sides * exits(fractions, bounds, floors).above.cumsum()
    before = float(used[look - 2]) if look > 1 else 0.0
    if before >= level and final:
        raise BadDesign(
            f"past_bounds have used {before:.4g}, all of alpha {level:g}: nothing is left",
            "past_bounds",
        )
    bound = bounds[look - 1]
    outputs: dict[str, Any] = {
        "look": look,
        "fraction": now,
        "timing": list(fractions),
        "z_bound": bound,
        "z_bounds": bounds,
        "nominal_p": [sides * float(special.ndtr(-c)) for c in bounds],
        "cum_alpha": [float(p) for p in used],
        "alpha_planned": list(errors),
    }
    if z is not None:
        crossed = (abs(z) if sides == 2 else z) >= bound
        outputs["decision"] = "reject" if crossed else "continue"
    return Outcome(
        outputs,
        "final" if final else "interim",
        (
            sides_key(sides),
            "past_kept",
            *(("symmetric",) if sides == 2 else ()),
            *(("all_spent",) if final else ()),
        ),
        _warned(now, final, before > errors[look - 1] + 1e-9),
        values={
            "alpha": level,
            "nominal": f"{outputs['nominal_p'][look - 1]:.3g}",
            "spent_now": f"{used[look - 1]:.4g}",
            **saying.tails(sides),
            **saying.named("boundary", "boundary", boundary, shape=shape),
        },
    )


def _errors(
    fractions: tuple[float, ...],
    look: int,
    boundary: str,
    shape: float | None,
    given: list[float] | None,
    alpha: float | None,
    sides: int,
    final: bool,
) -> tuple[float, list[float]]:
    """Alpha in all tails, and what of it is spent by each analysis."""
    if boundary in CLASSICAL:
        raise BadDesign(
            f"{boundary} fixes its bounds for planned analyses: use a spending function "
            "(lan_demets_obf, lan_demets_pocock, kim_demets, hwang_shih_decani, user_spending)",
            "boundary",
        )
    # A design of one look checks shape and alpha as for a planned one.
    level = options(
        looks=1,
        timing=None,
        alpha=alpha,
        sides=sides,
        power=0.999,
        boundary="lan_demets_obf" if boundary == "user_spending" else boundary,
        shape=shape,
        alpha_spent=None,
        futility="none",
        futility_shape=None,
        futility_bounds=None,
        beta_spent=None,
        binding=False,
    ).alpha
    if boundary == "user_spending":
        errors = list(given or ())
        if len(errors) != len(fractions) or errors != sorted(errors) or errors[0] < 0:
            raise BadDesign(
                f"give alpha_spent: {len(fractions)} values that do not fall, one an analysis",
                "alpha_spent",
            )
        if errors[-1] > level * (1 + 1e-9):
            raise BadDesign(f"alpha_spent exceeds alpha = {level:g}", "alpha_spent")
    else:
        if given is not None:
            raise BadDesign("alpha_spent is for user_spending; leave it out", "alpha_spent")
        kind: Spending = boundary  # type: ignore[assignment]
        errors = [sides * spent(kind, t, level / sides, shape) for t in fractions]
    if final:
        errors[look - 1] = level
    return level, errors


def _warned(fraction: float, final: bool, overspent: bool) -> tuple[str, ...]:
    keys = []
    if final and fraction > 1 + 1e-6:
        keys.append("overrun")
    if final and fraction < 1 - 1e-6:
        keys.append("underrun")
    if overspent and not final:
        keys.append("overspent")
    return tuple(keys)
