"""The components as a plugin package serves them to every Pulumi language."""

import ast
import functools
import inspect
import json
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, Final

from pulumi import ComponentResource, InputPropertiesError, Inputs, ResourceOptions
from pulumi.provider import ConstructResult
from pulumi.provider.experimental.analyzer import Analyzer, ComponentDefinition
from pulumi.provider.experimental.component import ComponentProvider
from pulumi.provider.experimental.schema import ComplexType
from pulumi.provider.experimental.util import camel_case
from pulumi.provider.server import ComponentInitError

from . import COMPONENTS
from .errors import SPELLING, ConfigurationError
from .options import OF_THE_COMPONENT_ALONE
from .roles import Role
from .version import VERSION
from .wire import in_camel_case, in_snake_case

PACKAGE: Final = "keyless"
"""The package's name, with which every type token begins."""

NAMESPACE: Final = "keyless-azure"
"""Whose it is, so that what is generated is `@keyless-azure/keyless` and not one of Pulumi's own packages."""

ABOUT: Final[Mapping[str, Any]] = {
    "description": "Apps on Azure that hold no secret: a vault, identities, each reference with its grant.",
    "displayName": "Keyless",
    "keywords": ["azure", "category/cloud", "keyvault", "kind/component", "managed-identity"],
    "license": "Apache-2.0",
}
"""What package registries show: https://www.pulumi.com/docs/iac/guides/building-extending/packages/schema/"""

WELL_KNOWN: Final[Mapping[str, type[Enum]]] = {"role": Role}
"""Arguments that take any text, to the enum of those that other languages can choose from by name."""


class ServedComponents(ComponentProvider):
    """Serves components under this package's name and version, with the documentation of inherited fields.

    Pulumi's analyzer reads the documentation of a field in the class that uses it, not where it is declared:
    https://github.com/pulumi/pulumi/blob/master/sdk/python/lib/pulumi/provider/experimental/analyzer.py
    """

    def __init__(self, components: Sequence[type[ComponentResource]] = COMPONENTS) -> None:
        super().__init__(list(components), PACKAGE, NAMESPACE, version=VERSION)
        schema: dict[str, Any] = {**json.loads(self._renamed(str(self.schema))), **ABOUT}
        types: dict[str, Any] = schema["types"]
        for record in self._type_defs.values():
            if record.properties:
                _document(types[_token_of(record.name)]["properties"], record.python_type)
        for component in components:
            resource = schema["resources"][f"{PACKAGE}:index:{component.__name__}"]
            arguments: type = inspect.get_annotations(component.__init__)["args"]
            _document(resource["inputProperties"], arguments)
            _document(resource["properties"], component)
        given = [resource["inputProperties"] for resource in schema["resources"].values()]
        for properties in [*given, *(type_.get("properties", {}) for type_ in types.values())]:
            _offer_well_known(properties, types)
        for described in (*schema["resources"].values(), *types.values()):
            if "description" in described:
                described["description"] = inspect.cleandoc(described["description"])
        self.schema = json.dumps(schema)
        self._names = frozenset([*self._every_name(), *OF_THE_COMPONENT_ALONE])

    def _renamed(self, schema: str) -> str:
        """Records without the ending that generators add to every type that is given."""
        for record in self._type_defs.values():
            if record.properties:
                schema = schema.replace(f'{PACKAGE}:index:{record.name}"', f'{_token_of(record.name)}"')
        return schema

    def _every_name(self) -> Iterator[str]:
        for component in self._component_defs.values():
            yield from component.inputs_mapping.values()
            yield from component.outputs_mapping.values()
        for type_ in self._type_defs.values():
            yield from type_.properties_mapping.values()

    @property
    def component_definitions(self) -> Mapping[str, ComponentDefinition]:
        """What was found out about each component, by the name of its class."""
        return self._component_defs

    def map_inputs(self, inputs: Inputs, component_def: ComponentDefinition) -> Inputs:
        """Hand the arguments over as they come, under their names here: the components read values of enums
        and whole numbers that arrive as floats, and refuse Outputs and unknown keys, all problems at once.
        """
        definition = component_def
        return in_snake_case(inputs, definition.inputs, definition.inputs_mapping, self.get_type_definition)

    def construct(
        self, name: str, resource_type: str, inputs: Inputs, options: ResourceOptions | None = None
    ) -> ConstructResult:
        # What is refused later, when an Output is known, is refused in a task that begins in here.
        spelling = SPELLING.set(lambda text: in_camel_case(text, self._names))
        try:
            return super().construct(name, resource_type, inputs, options)
        except ComponentInitError as error:
            if isinstance(error.inner, ConfigurationError):
                # As an error of the inputs it reaches the user without a traceback of this process.
                raise InputPropertiesError(str(error.inner), []) from None
            raise
        finally:
            SPELLING.reset(spelling)


def _token_of(record: str) -> str:
    return f"{PACKAGE}:index:{record.removesuffix('Args')}"


def _offer_well_known(properties: dict[str, dict[str, Any]], types: dict[str, Any]) -> None:
    """Say of a text for which there are names that it is any text, or one of them."""
    for key, enum in WELL_KNOWN.items():
        if properties.get(key, {}).get("type") != "string":
            continue
        analyzer = Analyzer(PACKAGE)
        ref = analyzer.analyze_property(enum, enum, key, can_be_plain=False, is_component_output=False).ref
        properties[key]["oneOf"] = [{"type": "string"}, {"$ref": ref}]
        described = ComplexType.from_definition(analyzer.type_definitions[enum.__name__]).to_json()
        types[str(ref).removeprefix("#/types/")] = {k: v for k, v in described.items() if v is not None}


def _document(properties: dict[str, dict[str, Any]], of: type) -> None:
    """Give each property that has no description the one that the field has in a base class."""
    for declaring in _bases(of):
        for name, found in _documented(declaring).items():
            if name in properties:
                properties[name].setdefault("description", found)


@functools.cache
def _documented(declaring: type) -> Mapping[str, str]:
    """What a class says of its own fields. Many inherit from it, and it is read from its source once."""
    analyzer = Analyzer(PACKAGE)
    found = {field: analyzer.get_docstring(declaring, field) for field in inspect.get_annotations(declaring)}
    return {camel_case(field): text for field, text in found.items() if text}


@functools.cache
def _bases(of: type) -> Sequence[type]:
    """The classes that `of` inherits from and that have source, nearest first.

    They are read from the source because Python 3.11 forgets those of a TypedDict.
    """
    try:
        (definition,) = ast.parse(textwrap.dedent(inspect.getsource(of))).body
    except (OSError, TypeError):
        return ()
    assert isinstance(definition, ast.ClassDef)
    bases: list[type] = []
    for base in definition.bases:
        first, *rest = ast.unparse(base).split(".")
        found: object = functools.reduce(getattr, rest, vars(sys.modules[of.__module__])[first])
        if isinstance(found, type) and found.__module__.partition(".")[0] not in ("pulumi", "typing"):
            bases += [found, *_bases(found)]
    return bases


def text_of(components: ServedComponents) -> str:
    """What `schema.json` holds: `python -m components.served > components/schema.json` writes it anew."""
    return json.dumps(json.loads(str(components.schema)), ensure_ascii=False, indent=2, sort_keys=True)


if __name__ == "__main__":
    print(text_of(ServedComponents()))
