"""A Pulumi program in YAML: https://www.pulumi.com/docs/iac/languages-sdks/yaml/yaml-language-reference/"""

from typing import Any, Final, cast

from pulumi.provider.experimental.util import camel_case

from audit.suggest.changes import Change, Declared, Line, NotEditableError, Path, Put, spelt
from audit.suggest.yaml_text import Keys, YamlText

RESOURCES: Final = "resources"
_MAPS: Final = frozenset({"links", "secrets"})


class YamlProgram:
    """`file` is its path from the program's folder. Raises NotEditableError."""

    def __init__(self, file: str, text: str) -> None:
        self.file, self._before = file, YamlText(text)
        self._now = self._before

    def declares(self, one: Declared) -> bool:
        return self._key(one) is not None

    def apply(self, change: Change) -> Line:
        key = self._key(change.of)
        if key is None:
            raise NotEditableError(f"{self.file} declares no {change.of}")
        own: Keys = (RESOURCES, key)
        keys: Keys = (*own, "properties", *_keys(change.path)) if change.path else own
        number = self._before.at(keys) or self._before.at(own)
        line = Line(self.file, number or 1)
        try:
            changed = _changed(self._now, keys, change)
        except NotEditableError as error:
            raise type(error)(f"{spelt(change.path)} {error.why}", line) from None
        if not change.path and f"${{{key}" in changed.text:
            raise NotEditableError("what it gives is used by other lines", line)
        self._now = changed
        return line

    def texts(self) -> dict[str, str]:
        return {} if self._now.text == self._before.text else {self.file: self._now.text}

    def _key(self, one: Declared) -> str | None:
        """Under which name the file has it: its own, unless `name` says another."""
        found: Any = self._before.value((RESOURCES,))
        for key, declared in cast(dict[str, Any], found).items() if isinstance(found, dict) else ():
            given = cast(dict[str, Any], declared) if isinstance(declared, dict) else {}
            if given.get("type") == one.token and given.get("name", key) == one.name:
                return str(key)
        return None


def _changed(text: YamlText, keys: Keys, change: Change) -> YamlText:
    if isinstance(change, Put):
        return text.with_value(keys, str(change.value))
    return text.without(keys)


def _keys(path: Path) -> Keys:
    """As arguments are spelt on the wire; names of the user's stay as they are."""
    return tuple(
        part if before in _MAPS else camel_case(part) for before, part in zip(("", *path), path, strict=False)
    )
