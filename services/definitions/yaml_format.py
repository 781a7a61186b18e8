"""The one way in which a definition is written down, so that two versions differ only where they differ."""

import io
from decimal import Decimal
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from services.definitions.schema import Definition

WIDTH = 4096
"""One sentence is one line, so that a changed sentence is one changed line."""
FLOW_WIDTH = 80


def dump(definition: Definition) -> str:
    data = definition.model_dump(by_alias=True, exclude_defaults=True)
    data["fee"] = {"model": definition.fee.model} | data["fee"]
    return dump_data(data)


def dump_data(data: Any) -> str:
    buffer = io.StringIO()
    _yaml().dump(_styled(data), buffer)
    return buffer.getvalue()


def _yaml() -> YAML:
    yaml = YAML()
    yaml.width = WIDTH
    yaml.indent(mapping=2, sequence=2, offset=0)
    return yaml


def _styled(value: Any) -> Any:
    """Short mappings and lists of plain values stand on one line; words in two languages never do."""
    if isinstance(value, dict):
        styled: Any = CommentedMap((key, _styled(item)) for key, item in value.items())
        is_flat = "sw" not in value and all(_fits_in_flow(item) for item in value.values())
    elif isinstance(value, list | tuple):
        styled = CommentedSeq(_styled(item) for item in value)
        is_flat = all(_is_plain(item) for item in value)
    else:
        return _plain(value)
    if is_flat and len(str(value)) <= FLOW_WIDTH:
        styled.fa.set_flow_style()
    return styled


def _fits_in_flow(value: Any) -> bool:
    return _is_plain(value) or (isinstance(value, list | tuple) and all(_is_plain(item) for item in value))


def _is_plain(value: Any) -> bool:
    """Sentences stay out of flow style: their commas would need quotes."""
    return not isinstance(value, dict | list | tuple) and (not isinstance(value, str) or len(value) <= 40)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else str(value)
    return value
