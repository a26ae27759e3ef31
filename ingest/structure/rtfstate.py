"""What is known while an RTF file is read: the formatting of groups and the tables of the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from ingest.structure.ooxml import Element
from ingest.structure.raised import LEAST_LIFT, Shift
from ingest.structure.rtfcodec import Decoder, Font
from ingest.structure.rtfstory import Story
from ingest.structure.rtftable import CellShape, RowShape


@dataclass(slots=True)
class Field:
    """A field: its instruction, and how much its story had said before it."""

    said: int
    instruction: str = ""


@dataclass(slots=True)
class State:
    """Formatting and destination that a group may change and that end with it."""

    story: Story | None = None
    capture: list[str] | None = None
    table: str = ""  # "font", "color" or "style" inside these tables
    math: Element | None = None
    font: int = 0
    far_east: int | None = None
    skip: int = 1  # what a reader of \u passes over
    hidden: bool = False
    deleted: bool = False
    moved: bool = False
    revised: bool = False
    struck: bool = False
    doubly_struck: bool = False
    bold: bool = False
    script: Shift = Shift.LEVEL
    lift: int = 0  # half points above the line
    size: int = 24
    colour: int = 0
    backed: bool = False
    style: int = 0
    outline: int | None = None
    centred: bool = False
    depth: int = 0  # of tables
    field: Field | None = None
    fresh: bool = False
    starred: bool = False
    at_end: Callable[[], None] | None = None
    aside: tuple[Story | None, list[str] | None] | None = None

    @property
    def shift(self) -> Shift:
        """Where text of the group stands to its line."""
        if self.struck or self.doubly_struck:
            return Shift.GONE
        if self.script is not Shift.LEVEL or abs(self.lift) < LEAST_LIFT:
            return self.script
        return Shift.NUDGED if self.lift > 0 else Shift.LOWERED

    @property
    def is_gone(self) -> bool:
        """Whether the text of the group was deleted or moved away by a tracked change."""
        return self.deleted or self.moved


@dataclass(slots=True)
class Rtf:
    """What was read."""

    body: Story = field(default_factory=Story)
    notes: list[Story] = field(default_factory=list)
    styles: dict[int, tuple[str, int | None]] = field(default_factory=dict)
    info: dict[str, str] = field(default_factory=dict)
    furniture: list[str] = field(default_factory=list)
    unseen: list[tuple[str, str, str]] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    open_groups: int = 0
    lost: int = 0


class Context:
    """What the words of a file share: the current group, the tables at its head, the open row."""

    def __init__(self) -> None:
        self.rtf = Rtf()
        self.state = State(story=self.rtf.body)
        self.stack: list[State] = []
        self.decoder = Decoder()
        self.fonts: dict[int, Font] = {}
        self.default_font = 0
        self.colours: list[list[int]] = [[-1, 0, 0]]
        self.style = 0
        self.row = RowShape()
        self.cell = CellShape(0)
        self.last_unseen = ""
        self.last_change = ""

    def silence(self) -> None:
        """Let the text of the current group go nowhere."""
        self.state.story = self.state.capture = self.state.math = None
        self.state.table = ""

    def start(self, story: Story) -> Story:
        """Let the text of the current group go into a story of its own."""
        self.silence()
        self.state.story = story
        self.state.depth = 0
        return story

    def capture(self) -> list[str]:
        """Let the text of the current group go into a list of pieces."""
        self.silence()
        self.state.capture = []
        return self.state.capture
