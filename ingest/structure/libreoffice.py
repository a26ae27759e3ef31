"""Run LibreOffice to turn an old office file into its open format, bounded in every way.

One call uses a profile of its own, made in a temporary folder and removed afterwards: no macros,
no links followed, no proxy but a dead one. The whole process group is killed when time is up, and
when the process that asked is.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from xml.sax.saxutils import quoteattr

from ingest.errors import BadInput
from ingest.structure.officefolder import Workplace, workplace

TIMEOUT_S = 150
MEMORY_MB = 4096
OUTPUT_MB = 500
# Limits are set by the process itself before it becomes LibreOffice: what it starts inherits them.
_LIMITED = """
import os, sys
try:
    import resource
except ImportError:
    pass
else:
    for name, limit in (("AS", 0), ("CPU", 1), ("FSIZE", 2), ("CORE", 3)):
        number = getattr(resource, "RLIMIT_" + name)
        soft, hard = resource.getrlimit(number)
        wanted = int(sys.argv[1 + limit])
        for bound in (soft, hard):
            if bound != resource.RLIM_INFINITY:
                wanted = min(wanted, bound)
        resource.setrlimit(number, (wanted, hard))
os.execv(sys.argv[5], sys.argv[5:])
"""
# Names of the settings: officecfg, org/openoffice/Office/Common.xcs, Calc.xcs, Writer.xcs, Inet.xcs
_SETTINGS: tuple[tuple[str, str, str], ...] = (
    ("/org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Calc/Content/Update", "Link", "2"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("/org.openoffice.Inet/Settings", "ooInetProxyType", "1"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items '
    'xmlns:oor="http://openoffice.org/2001/registry" '
    'xmlns:xs="http://www.w3.org/2001/XMLSchema">\n'
)


def find_libreoffice() -> str | None:
    """Path of LibreOffice's program, or ``None`` where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def convert(data: bytes, ending: str, wanted: str, timeout_s: float = TIMEOUT_S) -> bytes:
    """Return ``data``, a file of the kind ``ending``, saved as ``wanted``: ``docx``, ``pptx`` …

    Raises :class:`BadInput` when LibreOffice is absent, fails, takes longer than ``timeout_s``
    seconds or writes nothing.
    """
    program = find_libreoffice()
    if program is None:
        raise BadInput(
            f"a file in the old format .{ending} needs LibreOffice, which is not installed; "
            f"install LibreOffice or save the file as .{wanted}"
        )
    with workplace() as place:
        folder = place.folder
        (folder / f"in.{ending}").write_bytes(data)
        _write_settings(folder / "profile" / "user")
        output = folder / "out"
        _run(program, place, f"in.{ending}", wanted, output, timeout_s)
        written = output / f"in.{wanted}"
        if not written.is_file() or not written.stat().st_size:
            raise BadInput(
                f"LibreOffice could not read the .{ending} file: it is damaged or under a "
                f"password; open it in a word processor and save it as .{wanted}"
            )
        return written.read_bytes()


def _write_settings(folder: Path) -> None:
    folder.mkdir(parents=True)
    items = "".join(
        f"<item oor:path={quoteattr(path)}><prop oor:name={quoteattr(name)} "
        f'oor:op="fuse"><value>{value}</value></prop></item>\n'
        for path, name, value in _SETTINGS
    )
    text = f"{_HEAD}{items}</oor:items>\n"
    (folder / "registrymodifications.xcu").write_text(text, encoding="utf-8")


def _run(
    program: str, place: Workplace, name: str, wanted: str, output: Path, timeout_s: float
) -> None:
    folder = place.folder
    limits = (MEMORY_MB << 20, int(timeout_s), OUTPUT_MB << 20, 0)
    command = [
        *(sys.executable, "-I", "-S", "-c", _LIMITED, *map(str, limits), program),
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard"),
        *("--convert-to", wanted, "--outdir", str(output), str(folder / name)),
    ]
    known = {key: os.environ[key] for key in ("PATH", "LANG", "LC_ALL") if key in os.environ}
    process = subprocess.Popen(  # noqa: S603 - no shell; every argument is ours
        command,
        cwd=folder,
        env=known | {"HOME": str(folder), "TMPDIR": str(folder), "SAL_USE_VCLPLUGIN": "svp"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        place.runs(process.pid)
        process.wait(timeout_s)
    except subprocess.TimeoutExpired:
        raise BadInput(
            f"LibreOffice took longer than {timeout_s:g} s to convert the file and was stopped; "
            f"split the file or save it as .{wanted}"
        ) from None
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End what is left of the process group, LibreOffice's helpers included."""
    try:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    except ProcessLookupError:
        pass
    process.wait()
