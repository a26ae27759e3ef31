"""Inputs of published numbers on kappa, spelled as in irr, kappaSize and presize."""

from __future__ import annotations

from typing import Any

_NAMES = {
    "k0": "kappa0",
    "k1": "kappa1",
    "kappaH0": "kappa0",
    "rate1": "shares",
    "rate2": "shares2",
    "p1": "shares",
    "p2": "shares2",
    "props": "shares",
    "prev": "shares",
    "prevalence": "shares",
    "mrg": "shares",
    "conf_width": "ci_width",
    "width": "ci_width",
    "conf_level": "level",
    "N": "n",
}


def kappa(given: dict[str, Any]) -> dict[str, Any]:
    """Shares as a number or a list; 80% power where nothing is said."""
    ours = {_NAMES.get(name, name): value for name, value in given.items()}
    for name in ("shares", "shares2"):
        if isinstance(ours.get(name), (int, float)):
            ours[name] = [ours[name]]
    if "twosided" in ours:
        ours["sides"] = 2 if ours.pop("twosided") else 1
    if "beta" in ours:
        ours["power"] = round(1 - ours.pop("beta"), 12)
    if ours.get("raters") == 2:
        del ours["raters"]
    for name in ("n_category", "ncats"):
        categories = ours.pop(name, None)
        given_shares = ours.get("shares", ())
        if categories is not None and categories != max(len(given_shares), 2):
            raise ValueError(f"{name} {categories} beside {len(given_shares)} shares")
    if "kappa0" in ours and "kappa" in ours:
        ours["kappa1"] = ours.pop("kappa")
    return ours
