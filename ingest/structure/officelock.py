"""Open office files that are under a password, with the passwords set for the corpus."""

from __future__ import annotations

import io
from collections.abc import Sequence

import msoffcrypto
from msoffcrypto.exceptions import DecryptionError, InvalidKeyError

from ingest.errors import BadInput


def unlock(data: bytes, passwords: Sequence[str]) -> tuple[bytes, bool]:
    """Return the bytes of the open file, and whether a password had to be used.

    Follows [MS-OFFCRYPTO] through msoffcrypto-tool, for new and for old office formats. Raises
    :class:`BadInput` when none of the passwords opens the file.
    """
    try:
        file = msoffcrypto.OfficeFile(io.BytesIO(data))
        if not file.is_encrypted():
            return data, False
    except MemoryError:
        raise
    except Exception:  # it lets whatever it meets in a damaged file through; its reader says why
        return data, False
    for password in passwords:
        opened = io.BytesIO()
        try:
            file.load_key(password=password)
            file.decrypt(opened)
        except (InvalidKeyError, DecryptionError):
            continue
        return opened.getvalue(), True
    raise BadInput(
        "the file is under a password and none of those set for the corpus opens it; "
        "save it without one"
        if passwords
        else "the file is under a password; set it for the corpus (ingest.passwords), or save the "
        "file without one"
    )
