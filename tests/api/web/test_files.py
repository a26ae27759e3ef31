"""Rules that the files of the chat page keep."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[3] / "api" / "web"
MODULES = sorted((WEB / "js").rglob("*.js"))
STYLES = sorted((WEB / "css").rglob("*.css"))
MARKUP = sorted(WEB.rglob("*.html")) + sorted(WEB.rglob("*.svg"))
SVG_NAMESPACE = "http://www.w3.org/2000/svg"


def _strings(language: str) -> dict[str, str]:
    text = (WEB / "js" / "strings" / f"{language}.js").read_text(encoding="utf-8")
    pairs = re.findall(r'^\s*"([\w.]+)":\s*"((?:[^"\\]|\\.)*)",$', text, flags=re.M)
    # Every line of the table must be of the form read here, or a key could hide.
    entries = [line for line in text.splitlines() if line.strip().startswith('"')]
    assert len(pairs) == len(entries)
    keys = [key for key, _ in pairs]
    assert len(keys) == len(set(keys)), "a key is defined twice"
    return dict(pairs)


@pytest.mark.parametrize("path", MARKUP, ids=lambda path: path.name)
def test_markup_has_no_inline_code_or_style(path: Path) -> None:
    """A strict content security policy would block them."""
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\son\w+\s*=", text)
    assert not re.search(r"\sstyle\s*=", text)
    assert "<style" not in text
    assert "javascript:" not in text
    for attributes, body in re.findall(r"<script([^>]*)>(.*?)</script>", text, flags=re.S):
        assert "src=" in attributes
        assert body.strip() == ""


@pytest.mark.parametrize(
    "path", MARKUP + MODULES + STYLES, ids=lambda path: str(path.relative_to(WEB))
)
def test_nothing_points_outside(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace(SVG_NAMESPACE, "")
    assert not re.search(r"\b(?:https?|wss?):|['\"(]//\w", text)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(WEB)))
def test_modules_make_no_markup_from_strings(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for banned in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "DOMParser",
        "createContextualFragment",
        "eval(",
        "new Function",
        'setAttribute("style"',
    ):
        assert banned not in text


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(WEB)))
def test_only_the_client_fetches(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    calls = re.search(r"\bfetch\(|XMLHttpRequest|EventSource|WebSocket|sendBeacon", text)
    assert bool(calls) == (path.name == "api.js")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(WEB)))
def test_imports_exist(path: Path) -> None:
    """Every imported module exists and exports the names taken from it."""
    text = path.read_text(encoding="utf-8")
    for names, source in re.findall(
        r'^import\s+(.*?)\s+from\s+"([^"]+)";', text, flags=re.M | re.S
    ):
        assert source.startswith("."), f"{source}: bare imports need a build step"
        target = (path.parent / source).resolve()
        assert target.is_file(), f"{path.name} imports {source}"
        exported = target.read_text(encoding="utf-8")
        if not names.startswith("{"):
            assert "export default" in exported
            continue
        for name in (part.strip() for part in names.strip("{} \n").split(",")):
            if name:
                assert re.search(
                    rf"^export (?:async )?(?:function\*?|const|class) {name}\b",
                    exported,
                    flags=re.M,
                ), f"{source} does not export {name}"


def test_assets_named_by_markup_and_styles_exist() -> None:
    index = (WEB / "index.html").read_text(encoding="utf-8")
    assets = re.findall(r'(?:href|src)="assets/([^"]+)"', index)
    assert {"css/app.css", "js/app.js", "favicon.svg"} <= set(assets)
    for asset in assets:
        assert (WEB / asset).is_file(), asset
    for style in STYLES:
        for source in re.findall(r'@import url\("([^"]+)"\)', style.read_text(encoding="utf-8")):
            assert (style.parent / source).is_file(), source


def test_languages_have_the_same_keys_and_values_to_fill() -> None:
    zh, en = _strings("zh"), _strings("en")
    assert set(zh) == set(en)
    for key in zh:
        holes = set(re.findall(r"\{(\w+)\}", zh[key])), set(re.findall(r"\{(\w+)\}", en[key]))
        assert holes[0] == holes[1], key
        assert zh[key].strip() and en[key].strip(), key


def test_every_key_in_use_exists_and_every_key_is_used() -> None:
    zh = _strings("zh")
    sources = [path for path in MODULES if path.parent.name != "strings"]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    counted = set(re.findall(r'\btn\(\s*"([\w.]+)"', text))
    quoted = set(re.findall(r'"([a-z]\w*(?:\.\w+)+)"', text)) - counted
    used = {key for key in quoted if not key.endswith((".js", ".css"))}
    used |= {f"{key}.{form}" for key in counted for form in ("one", "other")}
    index = (WEB / "index.html").read_text(encoding="utf-8")
    used |= set(re.findall(r'data-i18n="([\w.]+)"', index))
    used -= {"xinglin.language"}  # the name under which the choice is stored
    assert used - set(zh) == set(), "used but not defined"
    assert set(zh) - used == set(), "defined but not used"
