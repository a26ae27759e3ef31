"""Fleming's two-stage test: stop early for futility or for efficacy, at sizes that are given."""

from __future__ import annotations

from scipy import special

from design.errors import BadDesign
from design.quantities import Alpha, Probability
from design.registry import calculator
from design.result import Outcome
from design.single_arm.inputs import checked_rates
from design.single_arm.two_stage import Treated
from design.single_arm.two_stage_rule import Rule


@calculator(
    reference="Fleming TR. One-sample multiple testing procedure for phase II clinical trials. "
    "Biometrics 1982;38:143-151",
    formula="reject p0 at stage g with r_g = [N_g p0 + z sqrt(N p0 q0)] + 1 or more; accept with "
    "a_g = [N_g pA - z sqrt(N pA qA)] or fewer, pA = (sqrt(N p0) + z sqrt(q0))^2 / (N + z^2); "
    "[] is the nearest whole number, z = z(1 - alpha)",
)
def fleming_two_stage(
    *,
    p0: Probability,
    p1: Probability,
    n1: Treated,
    n: Treated,
    alpha: Alpha = 0.05,
) -> Outcome:
    """Thresholds of Fleming's test in two stages of given size, with their exact error rates."""
    checked_rates(p0, p1)
    if n1 >= n:
        raise BadDesign(f"n1 = {n1} must be below n = {n}, which counts both stages", "n1")
    z = float(special.ndtri(1 - alpha))
    spread = z * (n * p0 * (1 - p0)) ** 0.5
    r = min(round(n * p0 + spread), n - 1)
    e1 = round(n1 * p0 + spread) + 1
    far = ((n * p0) ** 0.5 + z * (1 - p0) ** 0.5) ** 2 / (n + z * z)
    a1 = max(-1, round(n1 * far - z * (n * far * (1 - far)) ** 0.5))
    a1 = min(a1, n1 - 1, r)
    rule = Rule(a1, n1, r, n, e1 if a1 + 1 < e1 <= n1 else None)
    level = rule.declare(p0)
    outputs = {
        "design": rule.label,
        "accept1": rule.r1,
        "reject1": rule.e1,
        "accept": r,
        "reject": r + 1,
        "en0": rule.expected_n(p0),
        "en1": rule.expected_n(p1),
        "pet0": rule.stop_early(p0),
        "pet1": rule.stop_early(p1),
        "alpha_achieved": level,
        "power_achieved": rule.declare(p1),
    }
    warnings = ("level_exceeded",) if level > alpha else ()
    sentence = "design" if rule.e1 is not None else "no_efficacy_stop"
    return Outcome(outputs, sentence, ("one_sided", "fleming_normal"), warnings)
