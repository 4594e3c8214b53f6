"""A stack's configuration, where a program takes from it which secrets are read: `Pulumi.<stack>.yaml`."""

from collections.abc import Collection, Sequence
from typing import Final

from pulumi.provider.experimental.util import camel_case

from audit.suggest.changes import Change, Declared, Line, NotEditableError, Path, Put, spelt
from audit.suggest.yaml_text import Keys, YamlText

SECRETS: Final = "secrets"


class Configuration:
    """`keys` are those that the project declares, `follow` the components whose secrets are what this file
    says. Raises NotEditableError for a file that is no configuration.
    """

    def __init__(
        self, file: str, text: str, project: str, keys: Collection[str], follow: Collection[Declared]
    ) -> None:
        self.file, self._project, self._known = file, project, frozenset(keys)
        self._before = self._now = YamlText(text)
        self._follow = {(one.token, one.name) for one in follow}
        self._changes: Sequence[Change] = ()

    def declares(self, one: Declared) -> bool:
        return (one.token, one.name) in self._follow

    def apply(self, change: Change) -> Line:
        keys = self._keys(change.path)
        number = self._before.at(keys) or self._before.at(keys[:2]) or self._before.at(keys[:1])
        line = Line(self.file, number or 1)
        if not change.path or camel_case(change.path[0]) not in self._known:
            told = spelt(change.path)
            raise NotEditableError(f"the configuration of {self._project} has no key for {told}", line)
        try:
            self._now = self._changed(self._now, change)
        except NotEditableError as error:
            raise type(error)(f"{':'.join(keys[1:])} {error.why}", line) from None
        self._changes = (*self._changes, change)
        return line

    def texts(self) -> dict[str, str]:
        return {self.file: self._now.text} if self._changes else {}

    def changed_too(self, text: str) -> str:
        """Another file of the same configuration with the same changes. Raises NotEditableError."""
        other = YamlText(text)
        for change in self._changes:
            other = self._changed(other, change)
        return other.text

    def _changed(self, text: YamlText, change: Change) -> YamlText:
        keys = self._keys(change.path)
        return text.with_value(keys, str(change.value)) if isinstance(change, Put) else text.without(keys)

    def _keys(self, path: Path) -> Keys:
        head, *rest = (camel_case(path[0]), *path[1:]) if path else ("",)
        return ("config", f"{self._project}:{head}", *rest)
