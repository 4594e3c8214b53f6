"""Finds the services by their being there, and hands each what its constructor asks for."""

import importlib
import inspect
from collections.abc import Container, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

import local_azure
from local_azure.ground import Ground
from local_azure.service import Service, Services


def found_services(only: Container[str] | None = None) -> list[type[Service]]:
    """The service of every package beside this file that has a module `service`, by the packages' names, or
    of those in `only`. Raises TypeError for such a module without a service of its own, or with two."""
    found: list[type[Service]] = []
    # Each start looks, and pkgutil would take longer for that than the services for theirs.
    files = [file for folder in local_azure.__path__ for file in Path(folder).glob("*/service.py")]
    for package in sorted(file.parent.name for file in files):
        if only is not None and package not in only:
            continue
        name = f"{local_azure.__name__}.{package}.service"
        members = vars(importlib.import_module(name)).values()
        own = [one for one in members if _is_service(one) and one.__module__ == name]
        if len(own) != 1:
            raise TypeError(f"{name} has {len(own)} services; it is to have one")
        found += own
    return found


def assembled(ground: Ground, kinds: Sequence[type[Service]]) -> Services:
    """One of each service; what one asks for is made before it. Raises TypeError where that goes round in a
    circle or something is asked for that there is not."""
    services = Services()
    made: dict[type, Any] = {Ground: ground, Services: services}
    waiting: list[type[Service]] = []

    def make(kind: type[Service]) -> Service:
        if kind in waiting:
            circle = " → ".join(one.__name__ for one in (*waiting[waiting.index(kind) :], kind))
            raise TypeError(f"services ask for each other in a circle: {circle}")
        waiting.append(kind)
        service = kind(**{name: given(kind, name, hint) for name, hint in _parameters(kind).items()})
        waiting.remove(kind)
        made[kind] = service
        services.add(service)
        return service

    def given(kind: type[Service], name: str, hint: Any) -> Any:
        if hint in made:
            return made[hint]
        if hint in kinds:
            return make(hint)
        raise TypeError(
            f"{kind.__name__} asks for {name}: {hint!r}, which is neither the ground nor a service"
        )

    for kind in kinds:
        given(kind, kind.__name__, kind)
    return services


@cache
def _parameters(kind: type[Service]) -> Mapping[str, Any]:
    """What its constructor asks for, by the names of its arguments. Read once: a start asks for each."""
    if kind.__init__ is object.__init__:
        return {}
    hints = get_type_hints(kind.__init__)
    names = [name for name in inspect.signature(kind.__init__).parameters if name != "self"]
    return {name: hints.get(name) for name in names}


def _is_service(member: object) -> bool:
    return isinstance(member, type) and issubclass(member, Service) and member is not Service
