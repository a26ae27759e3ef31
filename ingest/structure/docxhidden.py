"""Text of a Word file that no reader sees: marked hidden, white on white, too small to read."""

from __future__ import annotations

import re

from ingest.structure.docxpackage import Element, W, child, integer, is_on, value
from ingest.structure.docxstyles import Style, Styles, fill_of

HIDDEN, WHITE, TINY = "hidden text", "white text", "text too small to read"
_TINY = 4  # half points: type of 2 pt or less
_NEARLY_WHITE = re.compile(r"f[a-f]f[a-f]f[a-f]", re.I)


def unseen(run: Element, paragraph: Style, styles: Styles) -> str:
    """Why a reader does not see a run, or ``""``; what the run says outdoes its styles."""
    own = styles.get(value(run, "rPr/rStyle"))
    hidden = is_on(run, "rPr/vanish")
    if own.hidden if hidden is None else hidden:
        return HIDDEN
    size = integer(value(run, "rPr/sz")) or own.size or paragraph.size or styles.size
    if size is not None and size <= _TINY:
        return TINY
    colour = value(run, "rPr/color") or own.colour or paragraph.colour or ""
    if _NEARLY_WHITE.fullmatch(colour) and not _has_backdrop(run, own, paragraph, styles):
        return WHITE
    return ""


def _has_backdrop(run: Element, own: Style, paragraph: Style, styles: Styles) -> bool:
    """Tell whether anything dark may lie behind a run; in doubt it does, and the text is read."""
    if own.shaded or paragraph.shaded:
        return True
    if child(run, "rPr/highlight") is not None or fill_of(child(run, "rPr/shd")):
        return True
    for above in run.iterancestors():
        if above.tag in {f"{W}txbxContent", f"{W}hdr", f"{W}ftr"}:
            return True  # the shape's filling is written in many ways
        for path in ("pPr/shd", "tcPr/shd", "tblPr/shd"):
            if fill_of(child(above, path)):
                return True
        if above.tag == f"{W}tbl" and styles.paints_cells(value(above, "tblPr/tblStyle")):
            return True
        background = child(above, "background") if above.tag == f"{W}document" else None
        if background is not None and not _NEARLY_WHITE.fullmatch(
            background.get(f"{W}color", "auto")
        ):
            return True
    return False
