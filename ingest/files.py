"""Find the files to ingest and say clearly why one cannot be."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_SKIPPED = {"__pycache__", "node_modules"}
_OURS = frozenset({"store.sqlite", "answers.sqlite"})  # an index folder, a state folder


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file to ingest: where it is, and its path below the root the user named."""

    source: Path
    path: str


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A path that cannot be read, and why, in one sentence."""

    path: str
    reason: str


def find_files(
    paths: Iterable[str | Path], follow_links: bool = False
) -> Iterator[FileRef | Unreachable]:
    """Walk the given files and folders in a stable order.

    Hidden files and folders (``.git``, ``~$lock.docx``) are passed over, and so is any index of
    ours: the copies it keeps are old versions of the very files around it. A symbolic link that
    leads out of the folder the user named is reported instead of followed, so that a shared
    folder cannot pull in what its owner did not mean to publish. A file reached twice (two
    arguments that overlap) is returned once.
    """
    seen: set[Path] = set()
    for given in paths:
        for found in _below(Path(given), follow_links):
            if isinstance(found, Unreachable):
                yield Unreachable(_printable(found.path), found.reason)
            elif found.source not in seen:
                seen.add(found.source)
                yield found


def _below(root: Path, follow_links: bool) -> Iterator[FileRef | Unreachable]:
    try:
        root = root.expanduser()
        if not root.exists():
            yield Unreachable(str(root), "no such file or folder; check the path")
            return
        resolved = root.resolve()
        if not root.is_dir():
            yield _file(resolved, root.name)
            return
    except (OSError, RuntimeError, ValueError) as error:
        yield Unreachable(str(root), _reason(error))
        return
    errors: list[Unreachable] = []

    def remember(error: OSError) -> None:
        errors.append(Unreachable(str(error.filename), _reason(error)))

    entered = {resolved}
    for folder, subfolders, names in os.walk(resolved, onerror=remember, followlinks=follow_links):
        here = [name for name in subfolders if not _hidden(name) and name not in _SKIPPED]
        subfolders.clear()
        if not _OURS.isdisjoint(names):
            continue
        for name in sorted(here):
            path = Path(folder) / name
            if not path.is_symlink():
                subfolders.append(name)
            elif not follow_links:
                if not path.resolve().is_relative_to(resolved):
                    yield _leads_out(path, resolved)
            # A link back to a folder above would be walked for ever.
            elif (target := path.resolve()) not in entered:
                entered.add(target)
                subfolders.append(name)
        for name in sorted(names):
            if not _hidden(name):
                yield _member(Path(folder) / name, resolved, follow_links)
        yield from errors
        errors.clear()
    yield from errors


def _member(path: Path, root: Path, follow_links: bool) -> FileRef | Unreachable:
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        return Unreachable(_shown(path, root), _reason(error))
    if path.is_symlink() and not follow_links and not target.is_relative_to(root):
        return _leads_out(path, root)
    return _file(target, _shown(path, root))


def _leads_out(path: Path, root: Path) -> Unreachable:
    return Unreachable(
        _shown(path, root),
        "a link that leads out of the folder; not followed (set ingest.follow_links to allow)",
    )


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root.parent).as_posix()


def _file(source: Path, shown: str) -> FileRef | Unreachable:
    if _printable(str(source)) != str(source) or _printable(shown) != shown:
        # Such as a GBK name unpacked from an old archive; it can neither be shown nor stored.
        return Unreachable(shown, "a name in its path is not valid UTF-8; rename it")
    if not source.is_file():
        return Unreachable(shown, "not a regular file (a device, socket or pipe); left out")
    if not os.access(source, os.R_OK):
        return Unreachable(shown, "permission denied; make the file readable for this user")
    return FileRef(source, shown)


def _printable(path: str) -> str:
    return os.fsencode(path).decode("utf-8", errors="replace")


def _hidden(name: str) -> bool:
    return name.startswith((".", "~$"))


def _reason(error: Exception) -> str:
    if isinstance(error, PermissionError):
        return "permission denied; make it readable for this user"
    if isinstance(error, FileNotFoundError):
        return "a broken link; the file it names does not exist"
    return str(error)


def hash_file(path: Path) -> str:
    """SHA-256 of a file's bytes, read in pieces of 1 MiB."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def document_id(sha256: str, path: str) -> str:
    """Sixteen hex digits from the content hash and the path below the ingested root."""
    return hashlib.sha256(f"{sha256}\0{path}".encode()).hexdigest()[:16]
