"""A component's outputs, said once: by the annotations of its class."""

import inspect
from typing import Any

import pulumi

NOT_REGISTERED = frozenset({"deployer_contract"})
"""Given out and not kept in the state: the engine writes all of it after each step, and these are kilobytes
that follow from the rest."""


def outputs_of(component: type[pulumi.Resource]) -> list[str]:
    """The names of all outputs, of the classes that it is made of, too."""
    ours = [one for one in component.__mro__ if one.__module__.partition(".")[0] != "pulumi"]
    return list(dict.fromkeys(name for one in ours for name in inspect.get_annotations(one)))


def register_outputs(component: pulumi.ComponentResource) -> None:
    """Register what the component's classes annotate, by the names that the engine keeps."""
    registered: dict[str, Any] = {}
    for name in outputs_of(type(component)):
        if name not in NOT_REGISTERED:
            first, *others = name.split("_")
            registered[first + "".join(word.capitalize() for word in others)] = getattr(component, name)
    component.register_outputs(registered)
