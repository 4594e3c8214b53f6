"""The arguments of a container app: who reaches it, and how many replicas there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NotRequired

import pulumi
from pulumi_azure_native import app

from ...arguments import Arguments
from ...form import Form
from ...names.containers import CONTAINER_APP
from ...naming import read_name
from .scaling import ScaleRule, ScaleRuleArgs, read_scale_rules
from .workload import WorkloadArgs, WorkloadChoices, read_workload

_MOST_REPLICAS: Final = 1000
_MOST_FAILURES: Final = 10
"""With the usual three, code that takes half a minute to start is stopped before, again and again.
https://learn.microsoft.com/rest/api/resource-manager/containerapps/container-apps/create-or-update#containerappprobe"""
_PATH: Final = Form.matching("a path such as /health", r"/[^\s?#]*", r"(?:/[^\s?#]*)?")


class Revisions(StrEnum):
    """How many revisions run. Azure's own names."""

    SINGLE = "Single"
    """The newest one, as soon as it is ready."""
    MULTIPLE = "Multiple"
    """As many as are told, each with a share of the requests."""


class ContainerAppArgs(WorkloadArgs):
    """Arguments of ContainerApp."""

    app_name: NotRequired[pulumi.Input[str]]
    """Name, unique in its resource group, 2 to 32 characters; left out, ca-<name>-<stack>-<random>."""
    target_port: NotRequired[int]
    """Port that the container answers at, which it finds in PORT, too; left out, nobody reaches it."""
    external: NotRequired[bool]
    """Whether it is reached from outside of the environment; left out, false."""
    min_replicas: NotRequired[int]
    """Replicas that always run, 0 to 1000; left out, 0: none while there is nothing to do."""
    max_replicas: NotRequired[int]
    """Replicas that ever run, 1 to 1000; left out, 10."""
    scale_rules: NotRequired[Mapping[str, ScaleRuleArgs]]
    """Rules that start replicas, by names of your own; left out, Azure's: 10 requests at once a replica."""
    revisions: NotRequired[Revisions]
    """How many revisions run at once; left out, Single."""
    health_path: NotRequired[str]
    """Path that answers 200 where the container is well; left out, it is whether the port answers."""


@dataclass(frozen=True)
class ContainerAppChoices:
    """The arguments, read and checked."""

    work: WorkloadChoices
    app_name: pulumi.Output[str] | None
    target_port: int | None
    external: bool
    min_replicas: int
    max_replicas: int
    rules: Sequence[ScaleRule]
    revisions: Revisions
    health_path: str | None

    def ingress(self) -> app.IngressArgs | None:
        """Under TLS only; every request goes to the newest revision."""
        if self.target_port is None:
            return None
        return app.IngressArgs(
            allow_insecure=False,
            external=self.external,
            target_port=self.target_port,
            traffic=[app.TrafficWeightArgs(latest_revision=True, weight=100)],
            transport=app.IngressTransportMethod.AUTO,
        )

    def probes(self) -> list[app.ContainerAppProbeArgs] | None:
        if self.health_path is None or self.target_port is None:
            return None
        asked = app.ContainerAppProbeHttpGetArgs(path=self.health_path, port=self.target_port)
        kinds = (app.Type.LIVENESS, app.Type.READINESS)
        return [
            *(app.ContainerAppProbeArgs(http_get=asked, type=kind) for kind in kinds),
            app.ContainerAppProbeArgs(
                failure_threshold=_MOST_FAILURES, http_get=asked, period_seconds=10, type=app.Type.STARTUP
            ),
        ]

    def scale(self, identity: pulumi.Input[str]) -> app.ScaleArgs:
        rules = [
            app.ScaleRuleArgs(name=one.name, http=app.HttpScaleRuleArgs(metadata=one.metadata))
            if one.type == "http"
            else app.ScaleRuleArgs(
                custom=app.CustomScaleRuleArgs(
                    identity=identity if one.asks else None, metadata=one.metadata, type=one.type
                ),
                name=one.name,
            )
            for one in self.rules
        ]
        return app.ScaleArgs(
            max_replicas=self.max_replicas, min_replicas=self.min_replicas, rules=rules or None
        )


def read_container_app(arguments: Arguments) -> ContainerAppChoices:
    """Problems are noted in `arguments`."""
    work = read_workload(arguments, ContainerAppArgs)
    port = None
    if arguments.has("target_port"):
        port = arguments.whole_number("target_port", 8000, 1, 65535, left_out="an app that nobody reaches")
    for key in ("external", "health_path"):
        if port is None and arguments.raw(key):
            step = f"give target_port, or take {key} out"
            arguments.refuse(key, "something to reach without a port", "target_port with it", step)
    lowest = arguments.whole_number("min_replicas", 0, 0, _MOST_REPLICAS)
    highest = arguments.whole_number("max_replicas", max(10, lowest), 1, _MOST_REPLICAS)
    if highest < lowest:
        step = f"write max_replicas {lowest} or more, or a lower min_replicas"
        given = f"{lowest} and {highest}"
        arguments.refuse("min_replicas and max_replicas", given, "no more at least than at most", step)
    path = arguments.plain_text("health_path", "")
    if path and not _PATH.holds(path):
        arguments.refuse("health_path", _PATH.refused(path), _PATH.words, f"give {_PATH.words}")
    return ContainerAppChoices(
        work=work,
        app_name=read_name(arguments, "app_name", CONTAINER_APP),
        target_port=port,
        external=arguments.flag("external", False),
        min_replicas=lowest,
        max_replicas=highest,
        rules=read_scale_rules(arguments, work.identity.kind),
        revisions=arguments.choice("revisions", Revisions, Revisions.SINGLE),
        health_path=path or None,
    )
