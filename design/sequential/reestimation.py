"""Sample size re-estimation from interim results by conditional power."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import Field
from scipy import special

from design.errors import BadDesign
from design.quantities import Count, Probability
from design.registry import calculator
from design.result import Outcome
from design.sizes import round_up
from design.solving import root

FinalTest = Annotated[
    Literal["conventional", "weighted"],
    Field(description="Final test: the usual one, or Cui-Hung-Wang with weights fixed in advance."),
]


@calculator(
    reference="Mehta CR, Pocock SJ. Stat Med 2011;30:3267-84; Chen YHJ, DeMets DL, Lan KKG. Stat "
    "Med 2004;23:1023-38; Cui L, Hung HMJ, Wang SJ. Biometrics 1999;55:853-7",
    formula="n2' = n1 + (n1 / z1^2) ((z_a sqrt(n2) - z1 sqrt(n1)) / sqrt(n2 - n1) + z_cp)^2, at "
    "most max_n; raised only where b(z1, n2') <= z_a",
)
def sample_size_reestimation(
    *,
    z1: Annotated[float, Field(ge=-20, le=20, description="Interim z, positive in favour.")],
    n1: Count,
    n2: Count,
    max_n: Count,
    alpha: Annotated[
        float, Field(gt=0, lt=0.5, description="One-sided type I error. 单侧显著性水平")
    ] = 0.025,
    target: Annotated[
        float, Field(gt=0, lt=1, description="Conditional power to restore. 目标条件把握度")
    ] = 0.9,
    cp_min: Probability | None = None,
    final_test: FinalTest = "conventional",
) -> Outcome:
    """The new total size for an interim result, by the zones of Mehta and Pocock.

    ``n1`` and ``n2`` are the interim and planned totals (or events), ``max_n`` the largest total.
    ``cp_min``, the lower end of the promising zone, is the smallest that keeps alpha with the
    conventional test when left out.
    """
    if not n1 < n2 <= max_n:
        raise BadDesign("the totals must ascend: n1 < n2 <= max_n", "n2")
    z_alpha = -float(special.ndtri(alpha))
    plan = _Zones(n1, n2, max_n, z_alpha, target)
    safe = plan.lowest_safe()
    lower = safe if cp_min is None else cp_min
    if lower >= target:
        raise BadDesign(
            f"the promising zone is empty: it starts at {lower:.3f}, not below target {target:g}",
            "cp_min" if cp_min is not None else "target",
        )
    power = plan.conditional(z1, n2)
    zone = "favourable" if power >= target else "promising" if power >= lower else "unfavourable"
    raw = min(float(max_n), plan.wanted(z1)) if zone == "promising" else float(n2)
    total = max(n2, round_up(raw))
    outputs: dict[str, Any] = {
        "zone": zone,
        "cp": power,
        "cp_min_used": lower,
        "cp_min_safe": safe,
        "n_new": total,
        "n_new_raw": raw,
        "cp_new": plan.conditional(z1, total, weighted=final_test == "weighted"),
        "z_final": z_alpha,
        "b_value_bound": plan.b(z1, total),
        "weight1": math.sqrt(n1 / n2),
        "weight2": math.sqrt(1 - n1 / n2),
    }
    conventional = final_test == "conventional"
    return Outcome(
        outputs,
        zone,
        ("one_sided", "conventional_test" if conventional else "weighted_test"),
        ("zone_ignored",) if conventional and lower < safe - 1e-6 else (),
        values={"safe": safe},
    )


class _Zones:
    """Formulas of Mehta and Pocock for one plan; conditional power is under the current trend."""

    def __init__(self, n1: int, n2: int, max_n: int, z_alpha: float, target: float) -> None:
        self.n1, self.n2, self.max_n = n1, n2, max_n
        self.z_alpha = z_alpha
        self.z_target = float(special.ndtri(target))

    def conditional(self, z1: float, total: float, weighted: bool = False) -> float:
        """Conditional power of ``total`` patients under the current trend."""
        left = total - self.n1
        if weighted:
            lacking = self._lacking(z1)
        else:
            lacking = (self.z_alpha * math.sqrt(total) - z1 * math.sqrt(self.n1)) / math.sqrt(left)
        return float(special.ndtr(z1 * math.sqrt(left / self.n1) - lacking))

    def wanted(self, z1: float) -> float:
        """Total that restores the target (with the z that the planned total would need)."""
        if z1 < 1e-6:
            return math.inf
        distance = self._lacking(z1) + self.z_target
        return self.n1 + self.n1 / z1**2 * max(distance, 0.0) ** 2

    def b(self, z1: float, total: float) -> float:
        """The final bound for ``total`` that would keep the conditional error of the plan."""
        stretched = math.sqrt((total - self.n1) / (self.n2 - self.n1))
        planned = self.z_alpha * math.sqrt(self.n2) - z1 * math.sqrt(self.n1)
        return (stretched * planned + z1 * math.sqrt(self.n1)) / math.sqrt(total)

    def lowest_safe(self) -> float:
        """Least conditional power from which raising the size keeps alpha (b <= z_alpha)."""
        if self.max_n == self.n2:
            return 0.0

        def excess(z1: float) -> float:
            raised = min(float(self.max_n), max(self.wanted(z1), self.n2 + 1e-6))
            return self.b(z1, raised) - self.z_alpha

        low, high = 1e-6, self.z_alpha * math.sqrt(self.n2 / self.n1)
        if high <= low:
            raise BadDesign("alpha is too near 0.5 for a test", "alpha")
        if excess(low) <= 0:
            return 0.0
        z1 = root(excess, low, high, xtol=1e-10)
        return self.conditional(z1, self.n2)

    def _lacking(self, z1: float) -> float:
        planned = self.z_alpha * math.sqrt(self.n2) - z1 * math.sqrt(self.n1)
        return planned / math.sqrt(self.n2 - self.n1)
