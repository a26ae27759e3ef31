"""Read an RTF file into stories: the state machine over its tokens.

Follows the Rich Text Format Specification 1.9.1. No recursion: groups are a stack, so that a file
cannot exhaust ours.
"""

from __future__ import annotations

from copy import copy

from ingest.errors import BadInput
from ingest.structure.rtfcodec import SYMBOL_CHARSET
from ingest.structure.rtfdestinations import enter
from ingest.structure.rtfstate import Context, Rtf
from ingest.structure.rtftexts import put, table_word
from ingest.structure.rtftokens import Token, tokens
from ingest.structure.rtfwords import CHARACTERS, WORDS
from ingest.structure.symbolfonts import symbol_text

_MAX_GROUPS = 2000


def read(data: bytes) -> Rtf:
    """Read a file. Raises :class:`BadInput` when it is none or nests groups without measure."""
    if not data.lstrip().startswith(b"{\\rtf"):
        raise BadInput("not an RTF file; check its ending or save it again")
    reader = _Reader()
    for token in tokens(data.lstrip()):
        reader.take(token)
        if reader.ended:
            break
    return reader.finish()


class _Reader:
    """The state machine: one method a kind of token."""

    def __init__(self) -> None:
        self.ended = False
        self._context = Context()
        self._bytes = bytearray()
        self._passing = 0
        self._high: int | None = None

    def take(self, token: Token) -> None:
        """Handle one token."""
        kind = token.kind
        if self._passing and kind in {"text", "byte", "symbol"}:
            token = self._pass(token)
            if not token.data:
                return
        if kind in {"text", "byte"}:
            self._bytes += token.data
            return
        self._flush()
        if kind == "open":
            self._passing = 0
            self._open()
        elif kind == "close":
            self._passing = 0
            self._close()
        elif kind == "symbol":
            self._symbol(token.name)
        elif self._passing and token.name != "u":
            self._passing -= 1
            if token.name == "par":
                self._word(token.name, token.number)
        else:
            self._word(token.name, token.number)

    def finish(self) -> Rtf:
        """Close what the file left open."""
        self._flush()
        self._context.rtf.open_groups = 0 if self.ended else len(self._context.stack)
        self._context.rtf.lost = self._context.decoder.lost
        return self._context.rtf

    def _pass(self, token: Token) -> Token:
        """Drop the characters that stand for a Unicode one in old readers."""
        if token.kind != "text":
            self._passing -= 1
            return Token(token.kind)
        dropped = min(self._passing, len(token.data))
        self._passing -= dropped
        return token._replace(data=token.data[dropped:])

    def _open(self) -> None:
        if len(self._context.stack) >= _MAX_GROUPS:
            raise BadInput(
                f"the RTF file nests more than {_MAX_GROUPS} groups and was refused; "
                "open it in a word processor and save it again"
            )
        self._context.stack.append(self._context.state)
        self._context.state = copy(self._context.state)
        state = self._context.state
        state.fresh, state.starred, state.at_end = True, False, None

    def _close(self) -> None:
        if self._context.state.at_end is not None:
            self._context.state.at_end()
        if self._context.stack:
            self._context.state = self._context.stack.pop()
        self.ended = not self._context.stack

    def _flush(self) -> None:
        if not self._bytes:
            return
        data, self._bytes = bytes(self._bytes), bytearray()
        state = self._context.state
        state.fresh = False
        if state.story is None and state.capture is None and not state.table:
            return
        font = self._context.fonts.get(state.font)
        is_text = not state.table and state.capture is None
        if is_text and font is not None and font.charset == SYMBOL_CHARSET:
            text, unknown = symbol_text(data, font.name)
            self._context.rtf.left_out["symbols"] += unknown
        else:
            other = self._context.fonts.get(-1 if state.far_east is None else state.far_east)
            lost = self._context.decoder.lost
            text = self._context.decoder.decode(data, font, other)
            if state.table:
                self._context.decoder.lost = lost  # the name of a font or style is no text
        put(self._context, text)

    def _symbol(self, name: str) -> None:
        if name == "*":
            self._context.state.starred = True
        elif name == "~":
            put(self._context, " ")
        elif name == "_":
            put(self._context, "-")
        elif name in "\\{}":
            self._bytes += name.encode()
        elif name == "\t":
            put(self._context, " ")

    def _word(self, name: str, number: int | None) -> None:
        state = self._context.state
        if name == "u":
            self._unicode(number or 0)
            return
        fresh, state.fresh = state.fresh, False
        if fresh and enter(self._context, name):
            return
        if state.table:
            table_word(self._context, name, number)
            return
        if state.story is None and state.capture is None:
            return
        if name in CHARACTERS:
            put(self._context, CHARACTERS[name])
            return
        handler = WORDS.get(name)
        if handler is not None:
            handler(self._context, state, number)

    def _unicode(self, number: int) -> None:
        self._context.state.fresh = False
        code = number & 0xFFFF
        self._passing = self._context.state.skip
        if 0xD800 <= code < 0xDC00:
            self._high = code
            return
        if 0xDC00 <= code < 0xE000:
            high, self._high = self._high, None
            if high is None:
                return
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)
        self._high = None
        font = self._context.fonts.get(self._context.state.font)
        if 0xF020 <= code <= 0xF0FF:
            name = font.name if font is not None and font.charset == SYMBOL_CHARSET else ""
            text, unknown = symbol_text(bytes([code & 0xFF]), name)
            self._context.rtf.left_out["symbols"] += unknown
        else:
            text = chr(code)
        put(self._context, text)
