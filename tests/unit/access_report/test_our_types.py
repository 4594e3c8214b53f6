"""What our own components make is weighed, whole: of a change of it nothing is told as *not weighed*."""

import ast
from functools import cache
from typing import cast

import pulumi
import pulumi_kubernetes as kubernetes

from access_report.differences import changed_paths
from access_report.following import HAVE_PRINCIPALS, SITES
from access_report.weighing import weighings
from components import KubernetesWorkload, KubernetesWorkloadArgs
from tests.unit.access_report.every_property import properties
from tests.unit.access_report.native_schema import every_type
from tests.unit.components.kubernetes_workloads import LEAST
from tests.unit.components.recorded_azure import deploy
from tests.unit.components.test_kubernetes_workload import SECRETS
from toolchain.paths import ROOT

ADD = "add its rows to access_report/weighing/types/, as CONTRIBUTING.md says"


NO_HOSTS = {"storage:StorageAccount", "web:AppServicePlan"}
"""What a host is made with and can have an identity, which no grant of ours is for."""


@cache
def made_by_components(folder: str = "components") -> frozenset[str]:
    """azure-native's types that the components of a folder name, such as `app.ContainerApp`."""
    return frozenset(
        type_
        for file in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        if (type_ := f"{node.value.id}:{node.attr}") in every_type()
    )


def test_the_types_that_components_make_are_found_in_their_source() -> None:
    hosts = {"app:ContainerApp", "app:Job", "compute:VirtualMachine", "containerinstance:ContainerGroup"}
    assert hosts | {"keyvault:Vault", "web:WebApp"} <= made_by_components()


def test_every_type_that_a_component_makes_is_weighed() -> None:
    assert sorted(made_by_components() - weighings().keys()) == [], ADD


def test_of_a_type_that_a_component_makes_every_property_and_the_deletion_are_weighed() -> None:
    listed = sorted(made_by_components() & weighings().keys())
    unknown = [
        f"{type_} {path}"
        for type_ in listed
        for path in properties(type_)
        if weighings()[type_].row(path) is None
    ]
    assert unknown == [], ADD
    assert [type_ for type_ in listed if weighings()[type_].deleted is None] == []


def test_a_grant_to_a_hosts_own_identity_is_told_by_the_name_of_the_host() -> None:
    listed = made_by_components("components/hosts") & weighings().keys()
    hosts = {one for one in listed if "identity.type" in properties(one)}
    assert sorted(hosts - {*SITES, *HAVE_PRINCIPALS, *NO_HOSTS}) == [], "add it to HAVE_PRINCIPALS"


def test_what_a_kubernetes_workload_makes_in_a_cluster_is_weighed_whole() -> None:
    def declared() -> KubernetesWorkload:
        provider = kubernetes.Provider("cluster", kubeconfig="{}")
        given = cast(KubernetesWorkloadArgs, {**LEAST, **SECRETS, "create_objects": True})
        return KubernetesWorkload("shop", given, pulumi.ResourceOptions(providers=[provider]))

    made = [one for one in deploy(declared).resources if "kubernetes" in one.type]
    assert {one.type for one in made} >= {"kubernetes:core/v1:ServiceAccount", "pulumi:providers:kubernetes"}
    unknown = [
        f"{one.type} {path}"
        for one in made
        for path in changed_paths({}, one.inputs)
        if one.type not in weighings() or weighings()[one.type].row(path) is None
    ]
    assert unknown == [], ADD
