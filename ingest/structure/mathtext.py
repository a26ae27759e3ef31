r"""Turn the simple LaTeX of papers into the text a reader sees: ``$7 2 . 8 7 \%$`` → ``72.87%``.

Text recognition writes numbers of Chinese papers as spaced-out LaTeX; left alone, nobody finds
them. Anything this does not know stays as it is, without the dollar signs.
"""

from __future__ import annotations

import re

_SYMBOLS = {
    "pm": "±", "times": "×", "cdot": "·", "sim": "~", "circ": "°", "geq": "≥", "geqslant": "≥",
    "ge": "≥", "leq": "≤", "leqslant": "≤", "le": "≤", "neq": "≠", "approx": "≈", "chi": "χ",
    "mu": "μ", "sigma": "σ", "Sigma": "Σ", "alpha": "α", "beta": "β", "gamma": "γ", "Gamma": "Γ",
    "delta": "δ", "Delta": "Δ", "kappa": "κ", "lambda": "λ", "theta": "θ", "rho": "ρ", "nu": "ν",
    "tau": "τ", "phi": "φ", "Phi": "Φ", "omega": "ω", "Omega": "Ω", "pi": "π", "Pi": "Π",
    "eta": "η", "epsilon": "ε", "varepsilon": "ε", "parallel": "∥", "prime": "′", "langle": "<",
    "rangle": ">", "cdots": "…", "dots": "…", "ldots": "…", "infty": "∞", "sum": "∑",
    "rightarrow": "→", "longrightarrow": "→", "Rightarrow": "⇒", "to": "→", "uparrow": "↑",
    "downarrow": "↓", "bullet": "•", "colon": ":", "div": "÷", "perp": "⊥", "nabla": "∇",
    "setminus": "\\", "lt": "<", "gt": ">", "sqrt": "√", "therefore": "∴", "because": "∵",
}  # fmt: skip
_STYLES = (
    "mathrm|mathbf|mathsf|mathit|mathtt|mathcal|mathbb|mathfrak|mathord|mathop|boldsymbol|bf|it|rm|cal|"
    "scriptstyle|textstyle|displaystyle|scriptscriptstyle|textup|textrm|textbf|textit|text|"
    "operatorname|underline|overline|bar|dot|hat|tilde|vec|smash|left|right|phantom|stackrel|"
    "overbrace|underbrace|overset|underset|big|Big|bigl|bigr|limits|nolimits|quad|qquad|textcircled"
)
_STYLE = re.compile(rf"\\(?:{_STYLES})(?![A-Za-z])\*?")
_FRACTION = re.compile(r"\\d?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
_WORDS = re.compile(r"\\(?:text|textrm|mbox)\s*\{([^{}]*)\}")
_SUPERSCRIPTS = str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ")
_SUBSCRIPTS = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")
_RAISED = re.compile(r"\^\s*(?:\{([^{}]*)\}|(\S))")
_LOWERED = re.compile(r"_\s*(?:\{([^{}]*)\}|(\S))")


def math_to_text(source: str) -> str:
    """Return the visible text of a LaTeX formula given without its dollar signs."""
    text = _WORDS.sub(_keep_words, source)
    text = re.sub(r"\\[,;:!> ]|~", "\x00", text)
    text = re.sub(r"\\([%$&#_{}])", r"\1", text) if "\\{" not in text else text
    text = _STYLE.sub(" ", text)
    for _ in range(3):
        text = _FRACTION.sub(_fraction, text)
    text = re.sub(r"\\([A-Za-z]+)", lambda m: f"{_SYMBOLS.get(m.group(1), m.group(0))} ", text)
    text = _RAISED.sub(lambda m: _shift(m.group(1) or m.group(2), _SUPERSCRIPTS, "^"), text)
    text = _LOWERED.sub(lambda m: _shift(m.group(1) or m.group(2), _SUBSCRIPTS, "_"), text)
    text = re.sub(r"[{}]|\\(?=\s|$)", "", text)
    # All blanks of a formula are layout; the explicit ones (now NUL) stand between words.
    text = re.sub(r"\s+", "", text)
    return re.sub("\x00+", " ", text).strip()


def _fraction(match: re.Match[str]) -> str:
    above, below = match.group(1).strip(), match.group(2).strip()
    return f"({above})/({below})" if above or below else ""


def _keep_words(match: re.Match[str]) -> str:
    """Protect the blanks between words, but not those between single recognised letters."""
    words = match.group(1).split()
    return ("\x00" if any(len(word) > 1 for word in words) else "").join(words)


def _shift(inner: str, letters: dict[int, int], mark: str) -> str:
    """Write a raised or lowered part in Unicode when all of it exists there."""
    compact = re.sub(r"[\s{}]", "", inner).strip("\x00")
    if compact in {"°", "′"}:
        return compact
    if compact and all(ord(character) in letters for character in compact):
        return compact.translate(letters)
    if len(compact) <= 1 or compact.startswith(("[", "(", "*")):
        return compact
    return mark + compact
