"""Error spending: how much of alpha (or beta) is used up to an information fraction."""

from __future__ import annotations

import math
from typing import Literal

from scipy import special

Spending = Literal["lan_demets_obf", "lan_demets_pocock", "kim_demets", "hwang_shih_decani"]


def spent(kind: Spending, fraction: float, total: float, shape: float | None = None) -> float:
    """Error of one tail spent at an information fraction; all of ``total`` from 1 on.

    Args:
        kind: ``lan_demets_obf`` 2 - 2 Phi(z(total/2) / sqrt(t)); ``lan_demets_pocock``
            total * ln(1 + (e - 1) t); ``kim_demets`` total * t^shape; ``hwang_shih_decani``
            total * (1 - exp(-shape t)) / (1 - exp(-shape)).
        fraction: Information fraction t, above 0.
        total: Error to spend in this tail.
        shape: rho of ``kim_demets``, gamma of ``hwang_shih_decani``.

    Source: Lan & DeMets 1983; Kim & DeMets 1987; Hwang, Shih & DeCani 1990.
    """
    if fraction >= 1:
        return total
    if kind == "lan_demets_obf":
        return float(2 * special.ndtr(special.ndtri(total / 2) / math.sqrt(fraction)))
    if kind == "lan_demets_pocock":
        return total * math.log1p((math.e - 1) * fraction)
    assert shape is not None
    if kind == "kim_demets":
        return total * float(fraction**shape)
    if shape == 0:
        return total * fraction
    return total * math.expm1(-shape * fraction) / math.expm1(-shape)
