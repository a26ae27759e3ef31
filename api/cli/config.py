"""``xinglin config``: the settings in force and where each comes from."""

from __future__ import annotations

from functools import reduce

import typer

from api.cli.common import IndexOption, JsonOption, print_json


def config(index: IndexOption = None, json: JsonOption = False) -> None:
    """Print every setting with its value, where it comes from and what it does."""
    from api.settings import config_path, load_settings, origins, walk_fields

    overrides = {"index_dir": index}
    settings = load_settings(**overrides)
    found = origins(overrides)
    rows = [
        {
            "key": name,
            "value": _plain(reduce(getattr, name.split("."), settings)),
            "from": found.get(name, "default"),
            "description": field.description,
        }
        for name, field in walk_fields()
    ]
    if json:
        print_json({"file": str(config_path() or ""), "settings": rows})
        return
    for row in rows:
        typer.echo(f"{row['key']} = {row['value']}  ({row['from']})\n    {row['description']}")


def _plain(value: object) -> object:
    return value if isinstance(value, (int, float, bool, str, list)) else str(value)
