"""The components as a plugin package serves them to every Pulumi language."""

import ast
import functools
import inspect
import json
import sys
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any, Final

from pulumi import ComponentResource
from pulumi.provider.experimental.analyzer import Analyzer
from pulumi.provider.experimental.component import ComponentProvider
from pulumi.provider.experimental.util import camel_case

from . import COMPONENTS
from .version import VERSION

PACKAGE: Final = "keyless"
"""The package's name, with which every type token begins."""


class ServedComponents(ComponentProvider):
    """Serves components under this package's name and version, with the documentation of inherited fields.

    Pulumi's analyzer reads the documentation of a field in the class that uses it, not where it is declared:
    https://github.com/pulumi/pulumi/blob/master/sdk/python/lib/pulumi/provider/experimental/analyzer.py
    """

    def __init__(self, components: Sequence[type[ComponentResource]] = COMPONENTS) -> None:
        super().__init__(list(components), PACKAGE, version=VERSION)
        schema: dict[str, Any] = json.loads(str(self.schema))
        for component in components:
            resource = schema["resources"][f"{PACKAGE}:index:{component.__name__}"]
            arguments: type = inspect.get_annotations(component.__init__)["args"]
            _document(resource["inputProperties"], arguments)
            _document(resource["properties"], component)
        for described in (*schema["resources"].values(), *schema["types"].values()):
            if "description" in described:
                described["description"] = inspect.cleandoc(described["description"])
        self.schema = json.dumps(schema)


def _document(properties: dict[str, dict[str, Any]], of: type) -> None:
    """Give each property that has no description the one that the field has in a base class."""
    for declaring in _bases(of):
        analyzer = Analyzer(PACKAGE)
        for field in inspect.get_annotations(declaring):
            found = analyzer.get_docstring(declaring, field)
            if found and camel_case(field) in properties:
                properties[camel_case(field)].setdefault("description", found)


def _bases(of: type) -> Iterator[type]:
    """The classes that `of` inherits from and that have source, nearest first.

    They are read from the source because Python 3.11 forgets those of a TypedDict.
    """
    try:
        (definition,) = ast.parse(textwrap.dedent(inspect.getsource(of))).body
    except (OSError, TypeError):
        return
    assert isinstance(definition, ast.ClassDef)
    for base in definition.bases:
        first, *rest = ast.unparse(base).split(".")
        found: object = functools.reduce(getattr, rest, vars(sys.modules[of.__module__])[first])
        if isinstance(found, type) and found.__module__.partition(".")[0] not in ("pulumi", "typing"):
            yield found
            yield from _bases(found)


def schema_text() -> str:
    """What `schema.json` holds: `python -m components.served > components/schema.json` writes it anew."""
    return json.dumps(json.loads(str(ServedComponents().schema)), ensure_ascii=False, indent=2)


if __name__ == "__main__":
    print(schema_text())
