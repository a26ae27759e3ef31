r"""Turn the simple LaTeX of papers into the text a reader sees: ``$7 2 . 8 7 \%$`` → ``72.87%``.

Text recognition writes numbers of Chinese papers as spaced-out LaTeX; left alone, nobody finds
them. Commands this does not know stay as they are, without the dollar signs.
"""

from __future__ import annotations

import re

from ingest.structure.mathsigns import BLANK, FUNCTIONS, STYLES, SYMBOLS, above, below

_COMMAND = re.compile(r"\\([A-Za-z]+)\*?|\\(.)", re.S)
_DEEPEST = 30
_LONGEST = 600
_WORDS = frozenset(["text", "textrm", "mbox"])
_FRACTIONS = frozenset(["frac", "dfrac", "tfrac", "cfrac"])
_STACKED = frozenset(["overset", "stackrel", "underset"])
_CROSSED = frozenset(["cancel", "bcancel", "xcancel", "sout", "st"])
_GAPS = frozenset(["quad", "qquad", "enspace", "thinspace", "newline", "hfill"])
_UNSEEN = frozenset(["hspace", "vspace", "label", "color", "textcolor", "hphantom", "vphantom"])
_CIRCLED = {str(number): chr(0x245F + number) for number in range(1, 21)}


def math_to_text(source: str, *, apart: bool = False) -> str:
    """Return the visible text of a LaTeX formula given without its dollar signs.

    ``apart`` tells that no letter or digit stands right before it.
    """
    text = re.sub(r"\s+", "", _Formula(source.lstrip(), apart).read())
    text = re.sub(f"{BLANK}+", " ", text)
    return re.sub(r"^(?:; ?)+|(?: ?;)+$", "", text.strip()) if r"\\" in source else text.strip()


class _Formula:
    """Reads a formula from left to right; braces that do not match do no harm."""

    def __init__(self, source: str, apart: bool) -> None:
        self._source = source
        self._apart = apart
        self._at = 0
        self._depth = 0
        self._tables = 0

    def read(self, closing: str = "") -> str:
        """The text up to a closing sign of this group, or to the end."""
        text = ""
        while self._at < len(self._source):
            sign = self._source[self._at]
            if sign == closing:
                self._at += 1
                break
            text += self._next(text)
        return text

    def _next(self, before: str) -> str:
        """One sign, group or command; ``before`` is what stands on its left."""
        sign = self._source[self._at]
        if sign == "\\":
            return self._command(before)
        self._at += 1
        if sign == "{":
            return self._group()
        if sign in "^_":
            base, alone = before.rstrip(), self._apart and self._at == 1
            inner = _bare(self._argument())
            return above(inner, base, alone) if sign == "^" else below(inner, base)
        if sign == "}" or (sign == "&" and self._tables):
            return BLANK if sign == "&" else ""
        return BLANK if sign == "~" else sign

    def _group(self, closing: str = "}") -> str:
        """What stands up to the closing sign, whose opening one has been read."""
        if self._depth >= _DEEPEST:
            return ""
        self._depth += 1
        text = self.read(closing)
        self._depth -= 1
        return text

    def _argument(self) -> str:
        """A group, or the one sign or command that stands for it."""
        sign = self._following()
        if not sign or self._depth >= _DEEPEST:
            self._at += 1
            return "" if sign in "{}\\" else sign
        self._depth += 1
        text = self._next("")
        self._depth -= 1
        return text

    def _option(self) -> str:
        """What stands in square brackets, if anything does."""
        if self._following() != "[":
            return ""
        self._at += 1
        return self._group("]")

    def _following(self) -> str:
        """Pass over layout and return the sign behind it, which is not read yet."""
        while self._source[self._at : self._at + 1].isspace():
            self._at += 1
        return self._source[self._at : self._at + 1]

    def _command(self, before: str) -> str:
        found = _COMMAND.match(self._source, self._at)
        if found is None:  # a backslash at the very end
            self._at += 1
            return ""
        self._at = found.end()
        if found[2]:
            return _escaped(found[2])
        name = found[1]
        if name in SYMBOLS:
            return SYMBOLS[name]
        if name in FUNCTIONS:
            return f"{BLANK if before[-1:].isalnum() else ''}{name}{self._gap()}"
        if name in _GAPS:
            return BLANK
        if name in STYLES:
            return self._style(name)
        return self._built(name, before)

    def _built(self, name: str, before: str) -> str:
        """A command with arguments of its own."""
        if name in _WORDS:
            return self._words()
        if name in _FRACTIONS:
            upper, lower = _bare(self._argument()), _bare(self._argument())
            apart = BLANK if before[-1:].isdecimal() else ""
            return f"{apart}({upper})/({lower})" if upper or lower else ""
        if name == "sqrt":
            return self._root(before)
        if name in {"binom", "dbinom", "tbinom"}:
            return f"binom({self._argument()},{self._argument()})"
        if name in _STACKED:
            beside, base = self._argument(), self._argument()
            return f"{base}[{beside}]" if re.search(r"\w", beside) else beside + base
        if name in _CROSSED:
            return f"~~{self._argument()}~~"
        if name in _UNSEEN:
            self._argument()
            return BLANK
        if name in {"begin", "end"}:
            return self._table(name)
        if name == "not":
            return {"=": "≠", "∈": "∉", "<": "≮", ">": "≯"}.get(
                sign := self._argument(), f"¬{sign}"
            )
        if name == "textcircled":
            inner = self._argument().replace(" ", "")
            return _CIRCLED.get(inner, f"({inner})")
        if name == "tag":
            return f"{BLANK}({self._argument()})"
        return self._unknown(name)

    def _style(self, name: str) -> str:
        """Type and size of letters; ``\\right.`` is a bracket that is not drawn."""
        if name in {"left", "right"}:
            self._at += self._following() == "."
        return ""

    def _words(self) -> str:
        """Protect the blanks between words, but not those between single recognised letters."""
        opening = self._following()
        end = self._source.find("}", self._at, self._at + _LONGEST)
        inner = self._source[self._at + 1 : end]
        if opening != "{" or end < 0 or re.search(r"[\\{]", inner):
            return self._argument()
        self._at = end + 1
        words = inner.split()
        return (BLANK if any(len(word) > 1 for word in words) else "").join(words)

    def _root(self, before: str) -> str:
        degree = self._option()
        inner = re.sub(r"\s", "", _bare(self._argument()))
        simple = re.fullmatch(r"\w*(?:\.\d+)?|\(.*\)", inner)
        apart = BLANK if degree and before[-1:].isdecimal() else ""
        raised = above(_bare(degree), "") if degree else ""
        return f"{apart}{raised.removeprefix('^')}√{inner if simple else f'({inner})'}{self._gap()}"

    def _table(self, name: str) -> str:
        kind = self._argument().strip()
        self._tables += 1 if name == "begin" else -1
        self._tables = max(0, self._tables)
        if name == "begin" and kind in {"array", "tabular"}:
            self._argument()  # how its columns are set
        return BLANK

    def _unknown(self, name: str) -> str:
        """A command as it is; its arguments must not become one number."""
        text = f"\\{name}"
        count = 0
        while self._following() == "{":
            text += (BLANK if count else "") + self._argument()
            count += 1
        return text if count else text + self._gap()

    def _gap(self) -> str:
        """A blank before a letter or digit that follows."""
        return BLANK if self._following().isalnum() else ""


def _bare(text: str) -> str:
    return text.strip(f"{BLANK} \t\n")


def _escaped(sign: str) -> str:
    if sign == "\\":
        return f";{BLANK}"
    if sign == "!":
        return ""
    return BLANK if sign in ",;:> \t\n" else sign
