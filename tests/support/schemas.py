"""JSON schemas, as far as a relay's description uses them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, TypeAlias

Schema: TypeAlias = dict[str, Any]

TYPES: dict[str, type | None] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
    "null": type(None),
}
ANNOTATIONS = {"description", "default"}


@dataclass(frozen=True)
class Description:
    """A description in OpenAPI.

    Attributes:
        whole: all of it, to which references lead.
    """

    whole: Any

    def fits(self, value: Any, schema: Schema) -> bool:
        """Whether a value is as a schema says."""
        return all(self._obeys(value, key, wanted) for key, wanted in schema.items())

    def _obeys(self, value: Any, key: str, wanted: Any) -> bool:
        match key:
            case "$ref":
                return self.fits(value, self._found(wanted))
            case "anyOf":
                return any(self.fits(value, each) for each in wanted)
            case "items":
                return all(self.fits(each, wanted) for each in value)
            case "properties":
                return all(self.fits(value[each], wanted[each]) for each in wanted if each in value)
            case _:
                return _is(value, key, wanted)

    def _found(self, reference: str) -> Schema:
        found = self.whole
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        return dict(found)


def _is(value: Any, key: str, wanted: Any) -> bool:
    match key:
        case "type":
            return type(value) is TYPES[wanted]
        case "required":
            return set(wanted) <= set(value)
        case "pattern":
            return re.search(wanted, value) is not None
        case "enum":
            return value in wanted
        case _:
            assert key in ANNOTATIONS, f"nothing is known of {key}"
            return True
