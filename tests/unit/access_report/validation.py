"""A report's document, held against the schema that is published with it."""

import json
from typing import Any, Final

from jsonschema import Draft202012Validator

from toolchain.paths import ROOT

SCHEMA: Final[dict[str, Any]] = json.loads(
    (ROOT / "access_report" / "schema.json").read_text(encoding="utf-8")
)


def problems(document: Any) -> list[str]:
    """What is wrong with it, each with the place where it is; none where it is as the schema says."""
    validator: Any = Draft202012Validator(SCHEMA)
    return sorted(f"{error.json_path}: {error.message}" for error in validator.iter_errors(document))
