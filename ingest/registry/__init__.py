"""Trial registries: files of one or many registered trials, each a document of its own.

:func:`recognise` tells an export of a registry from any other JSON, XML or CSV by its content;
:func:`members` gives its trials one by one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ingest.encoding import decode
from ingest.errors import BadInput
from ingest.loaders.base import Member, Source
from ingest.registry import chictr, ctgov_flat, ctgov_v2, ictrp
from ingest.registry.whofields import slot_name

FORMATS: dict[str, Callable[[Source], Iterator[Member]]] = {
    "ctgov_v2": ctgov_v2.members,
    "ctgov_flat": ctgov_flat.members,
    "chictr_xml": chictr.members,
    "chictr_json": chictr.json_members,
    "ictrp_xml": ictrp.members,
    "ictrp_json": ictrp.json_members,
    "ictrp_csv": ictrp.csv_members,
}
_HEAD = 65_536
_V2 = re.compile(r'"(?:protocolSection|identificationModule)"\s*:\s*\{')
_V2_OPENING = re.compile(
    r'\s*[\[{](?:\s*\{)?\s*"(?:protocolSection|studies|totalCount|nextPageToken'
    r'|hasResults|derivedSection|resultsSection|documentSection)"'
)
_FLAT = re.compile(r'\s*\[?\s*\{\s*"nct"\s*:\s*"NCT\d{8}"')
_WHO = re.compile(r'"(?:TrialID|Trial_ID|注册号)"\s*:\s*"(?P<id>[^"]+)"')
_WHO_TITLE = re.compile(r'"(?:Public[ _]title|Scientific[ _]title|注册题目)"\s*:', re.I)
_CHICTR_XML = re.compile(r"<trials\b[^>]*>\s*<trial+\b[^>]*>\s*<main>", re.I)
_ICTRP_XML = re.compile(r"<Trials_downloaded_from_ICTRP\b", re.I)


def recognise(name: str, head: bytes) -> str | None:
    """Tell which registry a file comes from, by its content.

    Args:
        name: File name; its ending is not believed.
        head: The first bytes of the file, some thousand at least.

    Returns:
        A key of :data:`FORMATS`, or ``None`` for any other file.
    """
    text = decode(head[:_HEAD])[0]
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith("<"):
        return "ictrp_xml" if _ICTRP_XML.search(text) else _chictr_xml(text)
    if start.startswith(("{", "[")):
        return _json_kind(start)
    header = {slot_name(cell) for cell in re.split(r"[,;\t|]", start.split("\n", 1)[0])}
    named = header & {"trialid", "注册号"} and header & {
        "publictitle",
        "scientifictitle",
        "注册题目",
    }
    return "ictrp_csv" if named else None


def members(name: str, source: Source) -> Iterator[Member]:
    """Yield ``(registry number, document)`` for the trials of a file of format ``name``.

    A record that cannot be used comes as ``("line 12", BadInput)``; the others are not touched.

    Raises:
        BadInput: The file holds no record at all.
    """
    found = False
    for member in FORMATS[name](source):
        found = True
        yield member
    if not found:
        raise BadInput("no trial record was found in the file; check the export")


def _chictr_xml(text: str) -> str | None:
    return "chictr_xml" if _CHICTR_XML.search(text) else None


def _json_kind(start: str) -> str | None:
    if _V2_OPENING.match(start) and (_V2.search(start) or '"protocolSection"' in start):
        return "ctgov_v2"
    if _FLAT.match(start):
        return "ctgov_flat"
    opening = start[:20_000]
    number = _WHO.search(opening)
    if number is None or not _WHO_TITLE.search(opening):
        return None
    return "chictr_json" if number["id"].startswith("ChiCTR") else "ictrp_json"
