"""The part of JSON Schema 2020-12 that the published schemas use. Unknown keywords are errors."""

import re
from typing import Any

TYPES: dict[str, tuple[type, ...]] = {
    **{"object": (dict,), "array": (list,), "string": (str,), "boolean": (bool,)},
    **{"integer": (int,), "null": (type(None),)},
}
SAID = {"$schema", "$defs", "title", "description", "properties"}  # keywords that demand nothing themselves


def faults(schema: dict[str, Any], value: Any, root: dict[str, Any] | None = None, at: str = "$") -> list[str]:
    """The places where the value does not fit the schema; empty if it fits."""
    root = schema if root is None else root
    return [fault for word in schema if word not in SAID for fault in _held(word, schema, value, root, at)]


def _held(word: str, schema: dict[str, Any], value: Any, root: dict[str, Any], at: str) -> list[str]:
    wanted = schema[word]
    match word:
        case "$ref":
            return faults(root["$defs"][wanted.removeprefix("#/$defs/")], value, root, at)
        case "type":
            return [] if _is(value, wanted) else [f"{at} is no {wanted}"]
        case "const" | "enum":
            return [] if value in (wanted if word == "enum" else [wanted]) else [f"{at} is {value!r}"]
        case "pattern":
            return [] if not isinstance(value, str) or re.search(wanted, value) else [f"{at} is {value!r}"]
        case "minimum":
            return [] if not isinstance(value, int) or value >= wanted else [f"{at} is {value}"]
        case "required":
            return [f"{at} lacks {name}" for name in wanted if isinstance(value, dict) and name not in value]
        case "additionalProperties":
            return _fields(schema, value, root, at)
        case "items":
            listed = value if isinstance(value, list) else []
            return [
                fault for place, one in enumerate(listed) for fault in faults(wanted, one, root, f"{at}[{place}]")
            ]
        case "anyOf":
            found = [faults(one, value, root, at) for one in wanted]
            return [] if not all(found) else [f"{at} is none of {len(found)}: {found}"]
    raise ValueError(f"{word} is not known here")


def _is(value: Any, wanted: str | list[str]) -> bool:
    names = [wanted] if isinstance(wanted, str) else wanted
    return any(
        isinstance(value, TYPES[name]) and (name == "boolean" or not isinstance(value, bool)) for name in names
    )


def _fields(schema: dict[str, Any], value: Any, root: dict[str, Any], at: str) -> list[str]:
    """The faults in an object's fields, named ones and others."""
    if not isinstance(value, dict):
        return []
    named, others = schema.get("properties", {}), schema["additionalProperties"]
    found = []
    for name, one in value.items():
        if name in named or others is not False:
            found += faults(named.get(name, others), one, root, f"{at}.{name}")
        else:
            found.append(f"{at} has {name}")
    return found
