"""The program of a stack: its folder, and the files of it that can be changed.

Source: https://www.pulumi.com/docs/iac/concepts/projects/project-file/
"""

import ast
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self, cast

import libcst

import components
from access_report.resources import Resource, Snapshot, entries
from audit.suggest.changes import Declared, NotEditableError, Source
from audit.suggest.configuration import SECRETS, Configuration
from audit.suggest.python_program import PythonProgram
from audit.suggest.yaml_program import YamlProgram
from audit.suggest.yaml_text import YamlText

PROJECT: Final = "Pulumi.yaml"
CONFIG_FILE: Final = "PULUMI_OPTION_CONFIG_FILE"
"""The engine's variable for a stack's configuration that lies elsewhere."""
_ENTRY: Final = "__main__.py"
_COMPONENTS: Final = Path(components.__file__).parent


@dataclass(frozen=True)
class Project:
    """`folder` holds its `Pulumi.yaml`."""

    folder: Path
    name: str
    runtime: str
    """The language, as the engine calls it: python, yaml, nodejs, …"""
    keys: frozenset[str]
    """Of the configuration, those that it declares."""
    text: YamlText = field(repr=False)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Raises NotEditableError where there is none."""
        file = folder / PROJECT
        if not file.is_file():
            raise NotEditableError(f"no {PROJECT} in {folder}: give the program's folder with --program")
        text = YamlText(file.read_text(encoding="utf-8"))
        runtime = text.value(("runtime",))
        word = cast(dict[str, Any], runtime).get("name") if isinstance(runtime, dict) else runtime
        keys: Any = text.value(("config",))
        known = cast(dict[str, Any], keys) if isinstance(keys, dict) else {}
        return cls(folder, str(text.value(("name",))), str(word), frozenset(known), text)

    def sources(self, stack: str, snapshot: Snapshot) -> Sequence[Source]:
        """All that says how the stack's resources are, the program before its configuration. Raises
        NotEditableError for a file that cannot be read.
        """
        found: list[Source] = []
        if self.runtime == "python":
            found.append(self._python())
        elif self.runtime == "yaml":
            found.append(YamlProgram(PROJECT, self.text.text))
        if (own := self.configuration(stack, snapshot)) is not None:
            found.append(own)
        return found

    def configuration(self, stack: str, snapshot: Snapshot) -> Configuration | None:
        file = f"Pulumi.{stack.rpartition('/')[2]}.yaml"
        if SECRETS not in self.keys or not (self.folder / file).is_file():
            return None
        text = (self.folder / file).read_text(encoding="utf-8")
        given: Any = YamlText(text).value(("config", f"{self.name}:{SECRETS}"))
        follow = [_declared(one) for one in snapshot.values() if given and _secrets(one) == given]
        return Configuration(file, text, self.name, self.keys, follow)

    def _python(self) -> PythonProgram:
        files = {
            str(file.relative_to(self.folder)): file.read_text(encoding="utf-8") for file in self._files()
        }
        if not files:
            raise NotEditableError(f"no {_ENTRY} in {self._main()}")
        try:
            return PythonProgram(files)
        except (libcst.ParserSyntaxError, UnicodeDecodeError) as error:
            raise NotEditableError(f"a file of the program is no Python: {error}") from error

    def _main(self) -> Path:
        given = self.text.value(("main",))
        return self.folder / str(given) if given else self.folder

    def _files(self) -> Iterator[Path]:
        """The program and the modules of its own folder that it imports, however deep."""
        main = self._main()
        entry = main if main.suffix == ".py" else main / _ENTRY
        waiting, seen = [entry], set[Path]()
        while waiting:
            file = waiting.pop()
            if file in seen or not file.is_file() or not _is_own(file, self.folder):
                continue
            seen.add(file)
            yield file
            waiting += _imported(file, entry.parent)


def _is_own(file: Path, folder: Path) -> bool:
    """Whether a file is the program's, and neither the components' nor a package's."""
    inside = file.resolve()
    return (
        inside.is_relative_to(folder.resolve())
        and not inside.is_relative_to(_COMPONENTS)
        and "site-packages" not in inside.parts
    )


def _imported(file: Path, root: Path) -> Iterator[Path]:
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [(root, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = file.parent.joinpath(*[os.pardir] * (node.level - 1)) if node.level else root
            around = [node.module] if node.module else []
            names = [(base, ".".join([*around, alias.name])) for alias in node.names]
            names += [(base, node.module)] if node.module else []
        else:
            continue
        for base, name in names:
            place = base.joinpath(*name.split("."))
            yield from (place.with_suffix(".py"), place / "__init__.py")


def _secrets(resource: Resource) -> Any:
    return dict(entries(resource.inputs.get(SECRETS))) if resource.is_component else None


def _declared(resource: Resource) -> Declared:
    return Declared(resource.type.rpartition(":")[2], resource.name, resource.type)
