"""Office files of before 2007 (.doc, .ppt, .xls, .wps), and office files under a password.

Both come in the same container (MS-CFB), which says what is inside; the ending of the name does
not count. Old formats are converted by LibreOffice and read from the copy.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from importlib import import_module

import olefile

from ingest.archive import READ_ERRORS
from ingest.errors import BadInput
from ingest.loaders.base import Loaded, Source
from ingest.model import Block
from ingest.structure.libreoffice import convert
from ingest.structure.officelock import unlock

# The stream that tells the program, with its old and its open format.
_KINDS: tuple[tuple[str, str, str], ...] = (
    ("WordDocument", "doc", "docx"),
    ("PowerPoint Document", "ppt", "pptx"),
    ("Workbook", "xls", "xlsx"),
    ("Book", "xls", "xlsx"),
    ("MatOST", "wps", "docx"),
    ("CONTENTS", "wps", "docx"),
)
_FOLDERS = {"word": "docx", "ppt": "pptx", "xl": "xlsx"}


def load(source: Source) -> Loaded:
    """Read an old office file as its converted copy reads, with a warning that says so.

    Locators are places in the converted copy; pictures inside it cannot be shown. A file under a
    password is opened with ``source.passwords``. Raises :class:`BadInput` when LibreOffice is
    absent or fails, and for a file that no password opens.
    """
    data, was_locked = unlock(source.data, source.passwords)
    if data.startswith(b"PK"):
        loaded = _read(source, data, _open_format(data))
    else:
        old, wanted = _kind(data)
        loaded = _read(source, convert(data, old, wanted), wanted)
        loaded.warnings.insert(
            0, f"old format .{old}: converted by LibreOffice to .{wanted} and read from that copy"
        )
    # Parts of the copy are not in the stored original: nobody could cut them out.
    loaded.blocks = [_without_graphics(block) for block in loaded.blocks]
    if was_locked:
        loaded.warnings.insert(0, "the file was under a password and was opened with it")
    return loaded


def _read(source: Source, data: bytes, name: str) -> Loaded:
    loaded: Loaded = import_module(f"ingest.loaders.{name}").load(replace(source, data=data))
    return loaded


def _open_format(data: bytes) -> str:
    """The format of a file that was under a password."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            folders = {name.partition("/")[0] for name in archive.namelist()}
    except READ_ERRORS as error:
        raise BadInput(f"the file under the password is damaged ({error})") from error
    for folder, name in _FOLDERS.items():
        if folder in folders:
            return name
    raise BadInput("the file under the password is no Word, PowerPoint or Excel file")


def _kind(data: bytes) -> tuple[str, str]:
    """The old format and the open one."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            for stream, old, wanted in _KINDS:
                if container.exists(stream):
                    return old, wanted
    except (OSError, ValueError, IndexError) as error:
        raise BadInput(
            f"the old office file is damaged ({error}); open it in its program and save it again"
        ) from error
    raise BadInput(
        "the file is an OLE container without a Word, PowerPoint or Excel document in it; "
        "open it in its program and save it as .docx, .pptx, .xlsx or .pdf"
    )


def _without_graphics(block: Block) -> Block:
    kept = tuple(flag for flag in block.flags if not flag.startswith("graphic:"))
    return block if kept == block.flags else replace(block, flags=kept)
