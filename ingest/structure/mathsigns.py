"""The signs of LaTeX, and how raised and lowered parts of a formula are written on one line."""

from __future__ import annotations

import re

BLANK = "\x00"
"""A blank that is meant; all others of a formula are layout."""
SYMBOLS = {
    "pm": "±", "times": "×", "cdot": "·", "sim": "~", "circ": "°", "geq": "≥", "geqslant": "≥",
    "ge": "≥", "leq": "≤", "leqslant": "≤", "le": "≤", "neq": "≠", "ne": "≠", "approx": "≈",
    "chi": "χ", "mu": "μ", "sigma": "σ", "Sigma": "Σ", "alpha": "α", "beta": "β", "gamma": "γ",
    "Gamma": "Γ", "delta": "δ", "Delta": "Δ", "kappa": "κ", "lambda": "λ", "theta": "θ", "rho": "ρ",
    "nu": "ν", "tau": "τ", "phi": "φ", "Phi": "Φ", "omega": "ω", "Omega": "Ω", "pi": "π", "Pi": "Π",
    "eta": "η", "epsilon": "ε", "varepsilon": "ε", "parallel": "∥", "prime": "′", "langle": "<",
    "rangle": ">", "cdots": "…", "dots": "…", "ldots": "…", "infty": "∞", "sum": "∑",
    "rightarrow": "→", "longrightarrow": "→", "Rightarrow": "⇒", "to": "→", "uparrow": "↑",
    "downarrow": "↓", "bullet": "•", "colon": ":", "div": "÷", "perp": "⊥", "nabla": "∇",
    "setminus": "\\", "lt": "<", "gt": ">", "therefore": "∴", "because": "∵", "ll": "≪", "gg": "≫",
    "mp": "∓", "propto": "∝", "ast": "*", "dagger": "†", "ddagger": "‡", "degree": "°",
    "leftarrow": "←", "leftrightarrow": "↔", "simeq": "≃", "cong": "≅", "equiv": "≡", "int": "∫",
    "prod": "∏", "partial": "∂", "psi": "ψ", "Psi": "Ψ", "xi": "ξ", "zeta": "ζ", "Lambda": "Λ",
    "Theta": "Θ", "varphi": "φ", "in": "∈", "triangle": "△",
    "odot": "⊙", "angle": "∠", "vartheta": "ϑ", "textdegree": "°", "textregistered": "®",
    "circledR": "®", "texttrademark": "™", "textmu": "μ", "textpm": "±", "textless": "<",
    "textgreater": ">", "textbar": "|", "backslash": "\\", "mid": "|",
}  # fmt: skip
FUNCTIONS = frozenset(
    ["log", "ln", "lg", "exp", "max", "min", "lim", "sup", "inf", "sin", "cos", "tan", "arg", "det"]
)
STYLES = frozenset(
    ["mathrm", "mathbf", "mathsf", "mathit", "mathtt", "mathcal", "mathbb", "mathfrak", "mathord",
     "mathop", "boldsymbol", "bf", "it", "rm", "cal", "scriptstyle", "textstyle", "displaystyle",
     "scriptscriptstyle", "textup", "textbf", "textit", "operatorname", "underline", "overline",
     "bar", "dot", "hat", "tilde", "vec", "smash", "left", "right", "phantom", "overbrace",
     "underbrace", "big", "Big", "bigl", "bigr", "limits", "nolimits", "sf", "tt", "sc", "em",
     "tiny", "scriptsize", "footnotesize", "small", "normalsize", "large", "Large", "LARGE", "hbox"]
)  # fmt: skip
_RAISED = str.maketrans("0123456789+-−–n()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻ⁿ⁽⁾")
_LETTERS = str.maketrans("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")
_LOWERED = str.maketrans("0123456789+-−–()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₍₎")
_REFERENCES = re.compile(r"[1-9]\d{0,2}(?:[,;~][1-9]\d{0,2})+")


def above(inner: str, before: str, alone: bool = False) -> str:
    """A raised part: in Unicode when all of it exists there, else behind ``^``.

    References and signs stand as they are printed: ``[3]``, ``*``. ``before`` is what the part is
    raised above. ``alone`` tells that it stands above nothing, neither in the formula nor in the
    text: recognition took words such as ``2 h`` for raised ones.
    """
    text = re.sub(r"[\s{}]", "", inner)
    bare = text.replace(BLANK, "")
    if re.search(r"[\d+\-−n]", bare) and all(ord(sign) in _RAISED for sign in bare):
        return bare.translate(_RAISED)
    if re.fullmatch(r"[a-z]", text) and ord(text) in _LETTERS:
        return text.translate(_LETTERS)
    if before[-1:].isdecimal() and text in {"st", "nd", "rd", "th"}:
        return text
    if _REFERENCES.fullmatch(bare):
        return f"[{bare}]"
    if not re.search(r"\w", text) or re.fullmatch(r"[\[(][^(]*\]|[①-⑳]", text):
        return text
    if alone and re.fullmatch(r"[\d.]+\W?[A-Za-z]+\W?", text):
        return text
    simple = len(text) == 1 or not before or re.fullmatch(r"\([^()]*\)", text)
    return f"^{text}" if simple else f"^({text})"


def below(inner: str, before: str) -> str:
    """A lowered part: ``₂``, ``C_max``; a letter stands behind its letter, ``xi``."""
    text = re.sub(r"[\s{}]", "", inner)
    if re.search(r"\d", text) and all(ord(sign) in _LOWERED for sign in text):
        return text.translate(_LOWERED)
    if len(text) <= 1 or text.startswith(("[", "(", "*")):
        return text
    simple = not before or re.fullmatch(r"\\?[^\W\d]*", text)
    return f"_{text}" if simple else f"_({text})"
