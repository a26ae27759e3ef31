"""A folder for one run of LibreOffice, of which nothing stays, even when its owner is killed.

A document may hold what must not lie about. A killed process removes nothing and ends nobody, so a
small process of its own waits for its end, does both and ends too.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PREFIX = "xinglin-office-"
_STALE_S = 3600  # longer than any run; only a machine that stopped leaves such a folder
# The parent of an orphan is another process: that tells the end of the owner on every system.
_WATCH = """
import os, shutil, signal, sys, time
for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(name, signal.SIG_IGN)
owner, folder = int(sys.argv[1]), sys.argv[2]
while os.getppid() == owner:
    time.sleep(0.2)
os.set_blocking(0, False)
try:
    os.killpg(int(os.read(0, 32)), signal.SIGKILL)
except (OSError, ValueError):
    pass
for _ in range(100):
    shutil.rmtree(folder, ignore_errors=True)
    if not os.path.lexists(folder):
        break
    time.sleep(0.1)
"""


@dataclass(slots=True)
class Workplace:
    """A folder, and the process that watches over it where the system allows one."""

    folder: Path
    watcher: subprocess.Popen[bytes] | None = None

    def runs(self, group: int) -> None:
        """Say which group of processes is to end when the owner does."""
        if self.watcher is not None and self.watcher.stdin is not None:
            with contextlib.suppress(OSError):
                self.watcher.stdin.write(str(group).encode())
                self.watcher.stdin.flush()


@contextlib.contextmanager
def workplace() -> Iterator[Workplace]:
    """Make a folder for the time of a ``with`` block; folders left by a crash are removed."""
    _sweep()
    with tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as name:
        made = Workplace(Path(name), _watch(name))
        try:
            yield made
        finally:
            shutil.rmtree(name, ignore_errors=True)
            if made.watcher is not None:
                made.watcher.kill()
                made.watcher.communicate()


def _watch(folder: str) -> subprocess.Popen[bytes] | None:
    if not hasattr(os, "killpg"):
        return None
    return subprocess.Popen(  # noqa: S603 - no shell; every argument is ours
        [sys.executable, "-I", "-S", "-c", _WATCH, str(os.getpid()), folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _sweep() -> None:
    for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            known = path.lstat()
            ours = not hasattr(os, "getuid") or known.st_uid == os.getuid()
            if ours and time.time() - known.st_mtime > _STALE_S:
                shutil.rmtree(path, ignore_errors=True)
