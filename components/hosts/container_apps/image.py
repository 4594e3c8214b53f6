"""The one container of an app or a job, and who pulls its image.

https://learn.microsoft.com/azure/container-apps/containers
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NotRequired, TypedDict

import pulumi

from ...arguments import Arguments
from ...errors import ConfigurationError, Problem
from ...identity import IdentityKind
from ...links.link import Link
from ...references import IDENTITY, id_form
from ...shown import described
from ...unknowns import once_checked
from ...words import read_words
from ..container_image import ELSEWHERE, ContainerImage, pull_link, read_container_image, server_of
from ..further_identities import further_identity
from ..identity_choice import IdentityChoices

_USUAL: Final = "0.5"
_CPUS: Final = {f"{number / 4:g}": number / 4 for number in range(1, 17)}
"""https://learn.microsoft.com/azure/container-apps/containers#allocations"""


class ContainerArgs(TypedDict):
    """The container to run."""

    container_image: pulumi.Input[str]
    """Image to run, such as registry.azurecr.io/shop:1.2."""
    container_registry_id: NotRequired[pulumi.Input[str]]
    """Resource id of its registry, to pull with the identity; left out or empty, the image is public."""
    pull_identity_id: NotRequired[pulumi.Input[str]]
    """Existing identity that pulls, and that code cannot use; left out, the one it runs as pulls."""
    command: NotRequired[Sequence[str]]
    """What to run in place of the image's entry point, a plain list of words; left out, that."""
    arguments: NotRequired[Sequence[str]]
    """What to give it in place of the image's command, a plain list of words; left out, that."""
    cpu: NotRequired[str]
    """Processors of a replica, 0.25 to 4 in steps of 0.25, each with 2 Gi of memory; left out, 0.5."""
    workload_profile: NotRequired[str]
    """Profile of the environment to run on, plain; left out, Consumption."""


@dataclass(frozen=True)
class Container:
    """The arguments of a container, read and checked. `pull_identity_id` is None where it pulls that the
    container runs as."""

    image: ContainerImage
    pull_identity_id: pulumi.Output[str] | None
    command: Sequence[str]
    arguments: Sequence[str]
    cpu: float
    profile: str | None

    @property
    def memory(self) -> str:
        """There is one amount for each number of processors.
        https://learn.microsoft.com/azure/container-apps/containers#allocations"""
        return f"{self.cpu * 2:g}Gi"

    def server(self, component: str) -> pulumi.Output[str]:
        """The registry's host, refused when known where the image is elsewhere."""
        assert self.image.registry is not None
        return server_of(component, self.image.registry, [self.image.image], ELSEWHERE)

    def links(self) -> Sequence[Link]:
        """The link to the image's registry, where the identity that code has is what pulls."""
        registry = self.image.registry
        return [] if registry is None or self.pull_identity_id is not None else [pull_link(registry)]


def read_container(arguments: Arguments, identity: IdentityChoices) -> Container:
    """Problems are noted in `arguments`."""
    arguments.require("container_image", "the image to run, such as registry.azurecr.io/shop:1.2")
    if arguments.has("pull_identity_id") and not arguments.has("container_registry_id"):
        step = "give container_registry_id, or take pull_identity_id out for a public image"
        expected = "the registry that it pulls from"
        arguments.refuse("pull_identity_id", "an identity that has nothing to pull", expected, step)
    # With an identity of its own for pulling, the one of the code needs to be none that can.
    pulls = IdentityKind.EXISTING if arguments.has("pull_identity_id") else identity.kind
    image = read_container_image(arguments, pulls)
    return Container(
        image=image or ContainerImage(pulumi.Output.from_input(""), None),
        pull_identity_id=_read_puller(arguments, identity),
        command=read_words(arguments, "command"),
        arguments=read_words(arguments, "arguments"),
        cpu=_cpu(arguments),
        profile=arguments.plain_text("workload_profile", "") or None,
    )


def _read_puller(arguments: Arguments, identity: IdentityChoices) -> pulumi.Output[str] | None:
    """An identity that only pulls is withheld from code, so it is none that code has."""
    puller = arguments.text("pull_identity_id", id_form(IDENTITY))
    if puller is None:
        return None
    given, own = arguments.raw("pull_identity_id"), identity.given.identity_id
    others = {} if own is None else {"identity_id": (arguments.raw("identity_id"), own)}
    further = arguments.plain_map("further_identity_ids", "names to the resource ids of identities")
    others |= {further_identity(name, further): (further[name], id) for name, id in identity.further.items()}
    for subject, (raw, id) in others.items():
        if isinstance(given, str) and isinstance(raw, str):
            if given.lower() == raw.lower():
                arguments.problems.append(_not_alone(subject))
            continue

        def check(known: Sequence[str], subject: str = subject) -> None:
            if known[0].lower() == known[1].lower():
                raise ConfigurationError(arguments.component, [_not_alone(subject)])

        puller = once_checked(puller, check, id)
    return puller


def _not_alone(subject: str) -> Problem:
    step = f"take pull_identity_id out, which is for another identity, or {subject}"
    expected = "an identity that only pulls: code gets no token of it"
    return Problem(f"pull_identity_id and {subject}", "one identity", expected, step)


def _cpu(arguments: Arguments) -> float:
    given = arguments.plain_text("cpu", _USUAL)
    if given not in _CPUS:
        step = f"write {_USUAL}, or leave cpu out for it"
        arguments.refuse("cpu", described(given), "0.25 to 4 in steps of 0.25, as a text", step)
    return _CPUS.get(given, _CPUS[_USUAL])
