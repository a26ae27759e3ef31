"""Guard against office files that unpack to far more than they are worth."""

from __future__ import annotations

import io
import zipfile
import zlib

from ingest.errors import BadInput

MAX_TOTAL = 500_000_000
MAX_RATIO = 200
RATIO_COUNTS_FROM = 10_000_000
# What reading a damaged part may raise.
READ_ERRORS = (
    KeyError,
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def open_office_zip(data: bytes, what: str) -> zipfile.ZipFile:
    """Open the zip container of an office file after checking its sizes.

    ``what`` names the format in messages. Raises :class:`BadInput` for an empty, damaged or
    password-protected file and for an archive bomb: more than 500 MB in all, or a part above
    10 MB that was compressed more than 200 times.
    """
    if not data:
        raise BadInput("the file is empty (0 bytes); copy or export it again")
    if data.startswith(_OLE):
        raise BadInput(
            f"not an open {what} file: it is password-protected or in the old binary format; "
            f"save it without password as {what}"
        )
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        infos = archive.infolist()
    except READ_ERRORS as error:
        raise BadInput(f"the {what} file is damaged ({error}); export it again") from error
    total = sum(info.file_size for info in infos)
    if total > MAX_TOTAL:
        raise BadInput(
            f"the {what} file unpacks to {total // 1_000_000} MB (limit {MAX_TOTAL // 1_000_000}); "
            "refused as a possible archive bomb; split the document"
        )
    for info in infos:
        if info.flag_bits & 1:
            raise BadInput(f"the {what} file is encrypted; save it without a password")
        if info.file_size > RATIO_COUNTS_FROM and info.file_size > MAX_RATIO * max(
            1, info.compress_size
        ):
            raise BadInput(
                f"part {info.filename!r} of the {what} file was compressed more than {MAX_RATIO} "
                "times; refused as a possible archive bomb; remove empty pages, rows or images"
            )
    return archive
