"""The probe as an image, in a registry that was there before; it is public, for hosts that reach nothing."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from tests.hosts.row import PROBE

if TYPE_CHECKING:
    from tests.engine.conftest import Loop

REGISTRY, IMAGE = "registry", "image"
"""What is given: the registry's id, and the image."""
ON_MOCKS: Final[Mapping[str, str]] = MappingProxyType(
    {
        REGISTRY: "/subscriptions/5ab5c000-0000-4000-8000-000000000001/resourceGroups/rg-team/providers/"
        "Microsoft.ContainerRegistry/registries/team",
        IMAGE: "team.azurecr.io/probe:1",
    }
)


def pushed(loop: "Loop", command: Sequence[str]) -> Mapping[str, str]:
    """The image, which runs this command unless its host has another."""
    from tests.local_azure.images import push_program
    from tests.local_azure.registry_stage import RegistryStage

    stage = RegistryStage(loop.cloud)
    id, host = stage.registry(anonymousPullEnabled=True)
    files = {str(one.relative_to(PROBE)): one.read_text() for one in PROBE.rglob("*.py")}
    push_program(stage.images(host, stage.with_role("AcrPush", id)), "probe", "1", files, command)
    return {REGISTRY: id, IMAGE: f"{host}/probe:1"}
