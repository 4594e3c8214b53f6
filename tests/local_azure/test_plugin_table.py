"""Every row of the stand-in's table says what the installed pulumi-azure-native says."""

import importlib
import inspect
import re
from types import ModuleType
from typing import Any

import pytest

from local_azure.plugins.table import ROWS

TOKENS = sorted(ROWS)


def sdk(token: str) -> tuple[ModuleType, str]:
    _, module, name = token.split(":")
    return importlib.import_module(f"pulumi_azure_native.{module}"), name


def arguments(module: ModuleType, name: str) -> type:
    """The class of a resource's inputs; where a nested type has its name, the SDK calls it otherwise."""
    return getattr(module, f"{name}InitArgs", None) or getattr(module, f"{name}Args")


def property_names(cls: type) -> set[str]:
    """The camel-case names of a generated class's properties."""
    properties = {name: value for name, value in vars(cls).items() if isinstance(value, property)}
    return {getattr(value.fget, "_pulumi_name", name) for name, value in properties.items()}


def output_type(module: ModuleType, cls: type, name: str) -> type | None:
    """The class of an object-valued property, or None for plain values, lists and maps."""
    for key, value in vars(cls).items():
        if isinstance(value, property) and getattr(value.fget, "_pulumi_name", key) == name:
            annotation = str(inspect.get_annotations(value.fget)["return"])  # pyright: ignore[reportArgumentType]
            found = re.search(r"outputs\.(\w+)", annotation)
            plain = found and not re.search(r"Sequence|Mapping", annotation)
            return getattr(module.outputs, found.group(1)) if found and plain else None
    return None


def only_azure_knows(
    module: ModuleType, cls: type, names: frozenset[str] | set[str], at: str = ""
) -> set[str]:
    """Dotted names of what an object output has and its input has not."""
    found: set[str] = set()
    for name in names:
        answered = output_type(module, cls, name)
        asked: Any = (
            getattr(module, answered.__name__.removesuffix("Response") + "Args", None) if answered else None
        )
        if answered is None or asked is None:
            continue
        extra = property_names(answered) - property_names(asked)
        found |= {f"{at}{name}.{each}" for each in extra}
        found |= only_azure_knows(module, answered, property_names(asked), f"{at}{name}.")
    return found


@pytest.mark.parametrize("token", TOKENS)
def test_a_row_speaks_the_api_version_that_the_sdk_documents(token: str) -> None:
    module, name = sdk(token)
    documented = re.search(r"Azure REST API version ([\w-]+)\.", inspect.getsource(getattr(module, name)))
    assert documented is not None
    assert ROWS[token].api_version == documented.group(1)


@pytest.mark.parametrize("token", TOKENS)
def test_a_row_takes_exactly_the_inputs_of_the_sdk(token: str) -> None:
    module, name = sdk(token)
    row = ROWS[token]
    assert row.body | set(row.parameters) == property_names(arguments(module, name))
    assert not row.body & set(row.parameters)


@pytest.mark.parametrize("token", TOKENS)
def test_a_row_answers_exactly_the_outputs_of_the_sdk(token: str) -> None:
    module, name = sdk(token)
    assert ROWS[token].output_names | {"azureApiVersion"} == property_names(getattr(module, name))


@pytest.mark.parametrize("token", TOKENS)
def test_a_row_names_what_azure_adds_inside_an_input_object(token: str) -> None:
    module, name = sdk(token)
    row = ROWS[token]
    dotted = {each for each in row.outputs if "." in each}
    assert dotted == only_azure_knows(module, getattr(module, name), row.body)


@pytest.mark.parametrize("token", TOKENS)
def test_what_the_sdk_requires_the_row_requires_too(token: str) -> None:
    module, name = sdk(token)
    row = ROWS[token]
    parameters = inspect.signature(arguments(module, name).__init__).parameters.values()
    required = {each.name for each in parameters if each.default is inspect.Parameter.empty} - {"__self__"}
    camel = {re.sub(r"_(\w)", lambda match: match.group(1).upper(), each) for each in required}
    assert camel <= row.required | set(row.parameters)
    assert row.required <= row.body
    assert {name.partition(".")[0] for name in row.replaces} <= row.body
