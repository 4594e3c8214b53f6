"""A component's outputs, said once: by the annotations of its class."""

import inspect
from typing import Any

import pulumi

NOT_REGISTERED = frozenset({"deployer_contract"})
"""Given out and not kept in the state: the engine writes all of it after each step, and these are kilobytes
that follow from the rest."""


def register_outputs(component: pulumi.ComponentResource) -> None:
    """Register what the class of the component annotates, by the names that the engine keeps."""
    registered: dict[str, Any] = {}
    for name in inspect.get_annotations(type(component)):
        if name not in NOT_REGISTERED:
            first, *others = name.split("_")
            registered[first + "".join(word.capitalize() for word in others)] = getattr(component, name)
    component.register_outputs(registered)
