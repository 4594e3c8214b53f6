"""The containers of a group: what each runs, and how much of a machine it gets."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NotRequired, TypedDict

import pulumi
from pulumi_azure_native import containerinstance

from ...arguments import Arguments
from ...names.containers import CONTAINER_NAME
from ...plain import as_whole_number, is_plain
from ...shown import described
from ...words import read_list, read_words
from ..container_image import IMAGE

_MOST_CPU: Final = 31
_MOST_MEMORY: Final = 240
"""Of the largest group that any region offers.
https://learn.microsoft.com/azure/container-instances/container-instances-resource-and-quota-limits"""
_PORTS: Final = range(1, 65536)

Environment = pulumi.Input[Sequence[pulumi.Input[containerinstance.EnvironmentVariableArgs]]]


class ContainerArgs(TypedDict):
    """One container of a group. All of a group run on one machine, as one identity, and are told the same."""

    image: pulumi.Input[str]
    """Image to run, such as crteam.azurecr.io/report:1.2."""
    command: NotRequired[Sequence[str]]
    """Program to run, with its arguments, in the place of the image's own; left out, the image's."""
    cpu: NotRequired[float]
    """Cores that it asks for, 0.1 to 31; left out, 1."""
    memory_in_gb: NotRequired[float]
    """Memory that it asks for, in GB, 0.1 to 240; left out, 1.5."""
    ports: NotRequired[Sequence[int]]
    """TCP ports that it listens on, 1 to 65535, each of one container of the group; left out, none."""


@dataclass(frozen=True)
class ContainerChoices:
    """The arguments of one container, read and checked."""

    name: str
    image: pulumi.Output[str]
    command: Sequence[str] | None
    cpu: float
    memory_in_gb: float
    ports: Sequence[int]

    def declared(self, environment: Environment) -> containerinstance.ContainerArgs:
        requests = containerinstance.ResourceRequestsArgs(cpu=self.cpu, memory_in_gb=self.memory_in_gb)
        ports = [containerinstance.ContainerPortArgs(port=port, protocol="TCP") for port in self.ports]
        return containerinstance.ContainerArgs(
            command=self.command,
            environment_variables=environment,
            image=self.image,
            name=self.name,
            ports=ports or None,
            resources=containerinstance.ResourceRequirementsArgs(requests=requests),
        )


def read_containers(arguments: Arguments) -> Sequence[ContainerChoices]:
    """In the order of their names, so that writing them in another one changes nothing."""
    arguments.require("containers", "the containers to run, as name to what each runs")
    found: list[ContainerChoices] = []
    listeners: dict[int, str] = {}
    for name, record in arguments.records("containers", ContainerArgs, "names to containers"):
        if not CONTAINER_NAME.holds(name):
            step = "name the container for what it does"
            arguments.refuse(record.path, CONTAINER_NAME.refused(name), CONTAINER_NAME.words, step)
        record.require("image", "the image to run")
        image = record.text("image", IMAGE)
        ports = _read_ports(record, listeners)
        cpu = record.number("cpu", 1.0, 0.1, _MOST_CPU)
        memory = record.number("memory_in_gb", 1.5, 0.1, _MOST_MEMORY)
        if image is not None:
            found.append(
                ContainerChoices(name, image, read_words(record, "command") or None, cpu, memory, ports)
            )
    if arguments.has("containers") and not arguments.raw("containers"):
        arguments.refuse("containers", "none", "at least one container", "give the container to run")
    return sorted(found, key=lambda one: one.name)


def _read_ports(record: Arguments, listeners: dict[int, str]) -> Sequence[int]:
    """`listeners` are the ports that other containers have: all of a group share one address."""
    if not record.has("ports"):
        return []
    subject, ports = record.at("ports"), list[int]()
    for number, one in enumerate(read_list(record, "ports", "a plain list of ports from 1 to 65535")):
        port, at = as_whole_number(one), f"{subject}[{number}]"
        if port is None or port not in _PORTS:
            said = described(one) if is_plain(one) else "an Output"
            record.refuse(at, said, "a port from 1 to 65535", f"write {at} as a number")
        elif port in listeners:
            step = "have one of the two listen on another port"
            record.refuse(at, f"the port of {listeners[port]}", "a port that nobody else listens on", step)
        else:
            listeners[port] = at
            ports.append(port)
    return ports
