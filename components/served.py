"""The components as a plugin package serves them to every Pulumi language."""

import ast
import functools
import inspect
import json
import re
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from pulumi import ComponentResource, InputPropertiesError, Inputs, ResourceOptions
from pulumi.provider import ConstructResult
from pulumi.provider.experimental.analyzer import Analyzer, ComponentDefinition
from pulumi.provider.experimental.component import ComponentProvider
from pulumi.provider.experimental.util import camel_case
from pulumi.provider.server import ComponentInitError

from . import COMPONENTS
from .errors import ConfigurationError
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

    @property
    def component_definitions(self) -> Mapping[str, ComponentDefinition]:
        """What was found out about each component, by the name of its class."""
        return self._component_defs

    def map_inputs(self, inputs: Inputs, component_def: ComponentDefinition) -> Inputs:
        """Hand the arguments over as they come: the components read values of enums, whole numbers that
        arrive as floats, and refuse Outputs and unknown keys themselves, all problems at once.
        """
        names = component_def.inputs_mapping
        return {names.get(key, key): value for key, value in inputs.items() if value is not None}

    def construct(
        self, name: str, resource_type: str, inputs: Inputs, options: ResourceOptions | None = None
    ) -> ConstructResult:
        try:
            return super().construct(name, resource_type, inputs, options)
        except ComponentInitError as error:
            if isinstance(error.inner, ConfigurationError):
                # As an error of the inputs it reaches the user without a traceback of this process.
                names = self.component_definitions[resource_type.rpartition(":")[2]].inputs_mapping
                raise InputPropertiesError(_in_camel_case(str(error.inner), names), []) from None
            raise


def _in_camel_case(text: str, names: Mapping[str, str]) -> str:
    """A message with its arguments in the spelling of the package's consumers, by camelCase."""
    spelt = {snake: camel for camel, snake in names.items()}
    return re.sub(r"(?<![\w-])[a-z_]+(?![\w-])", lambda word: spelt.get(word[0], word[0]), text)


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
    return json.dumps(
        json.loads(str(ServedComponents().schema)), ensure_ascii=False, indent=2, sort_keys=True
    )


if __name__ == "__main__":
    print(schema_text())
