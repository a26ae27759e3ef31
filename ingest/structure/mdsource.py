"""Mend Markdown as converters write it, before it is parsed, keeping the line numbers.

Three habits would otherwise lose structure: tables whose cells run over several lines, HTML
tables with blank lines inside or text right before them, and ``:::`` containers.
"""

from __future__ import annotations

import re

_DELIMITER_CELL = re.compile(r":?-+:?")
_PIPE = re.compile(r"(?<!\\)\|")
_CONTAINER = re.compile(r"^\s*:{3,}\s*(?:[A-Za-z][\w-]*)?\s*(.*)$")
_FENCE = re.compile(r"^\s{0,3}(```+|~~~+)")
_HTML_TABLE = re.compile(r"<(?:html|table)\b", re.I)
_HTML_TABLE_END = re.compile(r"</table\s*>(?:\s*</body\s*>)?(?:\s*</html\s*>)?", re.I)
Line = tuple[int, str]


def mend(lines: list[str], first: int) -> list[Line]:
    """Return mended lines, each with the number of the source line it comes from.

    ``first`` is the number of ``lines[0]`` in the file, counted from 1.
    """
    numbered = list(enumerate(lines, start=first))
    return _join_rows(_separate_html(_open_containers(numbered)))


def split_cells(line: str) -> list[str]:
    """Split a row of a pipe table at its unescaped pipes; escapes stay for the inline parser."""
    body = line.strip()
    if body.startswith("|"):
        body = body[1:]
    if body.endswith("|") and not body.endswith("\\|"):
        body = body[:-1]
    return [cell.strip() for cell in _PIPE.split(body)]


def is_delimiter(line: str) -> bool:
    """Tell whether a line is the ``---|---`` line below a table's header."""
    if "|" not in line or "-" not in line:
        return False
    cells = line.strip().removeprefix("|").removesuffix("|").split("|")
    return all(_DELIMITER_CELL.fullmatch(cell.strip()) for cell in cells)


def _open_containers(lines: list[Line]) -> list[Line]:
    """Replace the marks of ``:::`` containers by their titles."""
    done: list[Line] = []
    fence: str | None = None
    for number, line in lines:
        fence = _fence_after(line, fence)
        match = _CONTAINER.match(line) if fence is None else None
        done.append((number, match.group(1) if match else line))
    return done


def _fence_after(line: str, fence: str | None) -> str | None:
    """The fence of code that is open after a line."""
    match = _FENCE.match(line)
    if match is None:
        return fence
    mark = match.group(1)
    if fence is None:
        return mark
    return None if mark.startswith(fence) else fence


def _separate_html(lines: list[Line]) -> list[Line]:
    """Set HTML tables apart from the text around them and close the gaps inside them."""
    done: list[Line] = []
    inside = False
    fence: str | None = None
    for number, line in lines:
        fence = _fence_after(line, fence) if not inside else fence
        if fence is not None:
            done.append((number, line))
            continue
        rest = line
        while rest:
            found = (_HTML_TABLE_END if inside else _HTML_TABLE).search(rest)
            if found is None:
                break
            cut = found.end() if inside else found.start()
            if rest[:cut].strip():
                done.append((number, rest[:cut]))
            if inside or rest[:cut].strip():
                done.append((number, ""))
            rest = rest[cut:]
            inside = not inside
        if rest.strip() or not inside:
            done.append((number, rest))
    return done


def _join_rows(lines: list[Line]) -> list[Line]:
    """Join the lines of a table row whose cells were written over several lines.

    Only a line without any pipe shows that a row goes on; a short row alone may be what is left
    of a row under a cell that spans rows.
    """
    done: list[Line] = []
    position = 0
    while position < len(lines):
        if not is_delimiter(lines[position][1]):
            done.append(lines[position])
            position += 1
            continue
        wanted = len(_PIPE.findall(lines[position][1]))
        # Without outer pipes in the delimiter, a leading pipe means an empty first cell.
        outer = lines[position][1].lstrip().startswith("|")
        if done and not outer:
            done[-1] = (done[-1][0], _mark_empty_cell(done[-1][1]))
        done.append(lines[position])
        position += 1
        while position < len(lines) and lines[position][1].strip():
            number, row = lines[position]
            taken = _row_length(lines, position, wanted)
            joined = " ".join(line.strip() for _, line in lines[position : position + taken])
            whole = joined if taken > 1 else row
            done.append((number, whole if outer else _mark_empty_cell(whole)))
            position += taken
    return done


def _mark_empty_cell(row: str) -> str:
    return f"|{row.lstrip()}" if row.lstrip().startswith("|") else row


def _row_length(lines: list[Line], start: int, wanted: int) -> int:
    """How many lines the row at ``start`` takes; 1 when nothing shows that it goes on."""
    pipes = len(_PIPE.findall(lines[start][1]))
    if pipes == 0 or pipes >= wanted:
        return 1
    position = start + 1
    saw_plain = False
    while position < len(lines) and lines[position][1].strip() and pipes < wanted:
        more = len(_PIPE.findall(lines[position][1]))
        if (more and not saw_plain) or pipes + more > wanted:
            break
        saw_plain = saw_plain or more == 0
        pipes += more
        position += 1
    return position - start if saw_plain else 1
