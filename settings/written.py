"""What the stack's file says, letter by letter.

The engine hands over what YAML takes a text for: 0012345 as 5349, 1.10 as 1.1, 2024-01-01 with a time of day.
And of entries of which one is a secret it says that all of them are.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, Self

import pulumi
import yaml

_CHOSEN_FILE: Final = "PULUMI_OPTION_CONFIG_FILE"
"""The variable that does what `--config-file` does."""


@dataclass(frozen=True)
class Written:
    """One value as the file has it; None where no file was found that has it: somebody else gave it."""

    node: yaml.Node | None

    @classmethod
    def of(cls, full_key: str) -> Self:
        committed = Path(pulumi.get_root_directory() or ".", f"Pulumi.{pulumi.get_stack()}.yaml")
        path = Path(os.environ.get(_CHOSEN_FILE) or committed)
        config = cls(_document(path)).entry("config") if path.is_file() else cls(None)
        return config.entry(full_key)

    def entry(self, name: str) -> Self:
        return type(self)(self._entries().get(name))

    @property
    def is_there(self) -> bool:
        return self.node is not None

    @property
    def names(self) -> list[str]:
        """Names of the entries."""
        return [*self._entries()]

    @property
    def secrets(self) -> list[str]:
        """Names of the entries that are secret."""
        return [name for name in self._entries() if self.entry(name).is_secret]

    @property
    def is_secret(self) -> bool:
        """https://www.pulumi.com/docs/iac/concepts/secrets/#how-secrets-relate-to-values"""
        return [*self._entries()] == ["secure"]

    def is_text(self, value: Any) -> bool:
        """Whether a text, number or switch is, as a text, what was written. A text from elsewhere is."""
        if self._gives(value):
            return self._text == (value if isinstance(value, str) else json.dumps(value))
        return isinstance(value, str)

    def is_number(self, text: str) -> bool:
        """Whether a whole number is the one that was written: YAML reads 010 as eight."""
        return not self._gives(int(text)) or re.fullmatch(r"0|[-+]?[1-9][0-9]*", self._text) is not None

    @property
    def _text(self) -> str:
        return self.node.value if isinstance(self.node, yaml.ScalarNode) else ""

    def _gives(self, value: Any) -> bool:
        """Whether the engine has a value from here: `--config-file` can have named another file."""
        return any(_is(read, value) for read in self._readings())

    def _readings(self) -> Iterator[object]:
        """What a value may be read as: by YAML 1.1, and as the numbers that only the engine finds there."""
        if not isinstance(self.node, yaml.ScalarNode):
            return
        # What cannot be read is the engine's to read; an error would repeat it.
        with suppress(yaml.YAMLError, ValueError):
            yield yaml.safe_load(yaml.serialize(self.node))  # pyright: ignore[reportUnknownMemberType]
        with suppress(ValueError):
            yield int(self._text, base=0)
        with suppress(ValueError):
            yield float(self._text)

    def _entries(self) -> Mapping[str, yaml.Node]:
        if not isinstance(self.node, yaml.MappingNode):
            return {}
        return {key.value: value for key, value in self.node.value if isinstance(key, yaml.ScalarNode)}


def _is(read: object, value: Any) -> bool:
    """The engine hands a value of its own over as a text, whatever it is; a date with its time of day."""
    if isinstance(read, date):
        # Without a zone, which both write in their own way.
        begins = str(read)[: len("2024-01-01 00:00:00")]
        return str(value).startswith(begins)
    if isinstance(read, bytes):
        return read.decode(errors="replace") == value
    if isinstance(value, str) and isinstance(read, int | float) and not isinstance(read, bool):
        with suppress(ValueError):
            return float(value) == read
    return read == value or (isinstance(value, str) and json.dumps(read) == value)


@cache
def _document(path: Path) -> yaml.Node | None:
    """None also for what only the engine can read. A file's encoding is found as YAML says."""
    with suppress(yaml.YAMLError):
        return yaml.SafeLoader(path.read_bytes()).get_single_node()
    return None
