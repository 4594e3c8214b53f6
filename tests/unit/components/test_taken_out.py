"""An argument that is taken out again is as if it had never been given, or is refused with the way there."""

import inspect
from collections.abc import Mapping
from typing import Any, Final

import pulumi
import pytest

from components import (
    COMPONENTS,
    AccessGrant,
    AccessReview,
    AppConfiguration,
    ContainerApp,
    ContainerAppEnvironment,
    ContainerAppJob,
    ContainerGroup,
    ContainerRegistry,
    CosmosAccount,
    DiskEncryptionSet,
    FunctionApp,
    FunctionAppSlot,
    KeylessWebApp,
    KeyVault,
    KubernetesCluster,
    KubernetesWorkload,
    LogicApp,
    ManagedIdentity,
    ServiceBus,
    StorageAccount,
    VirtualMachine,
    VirtualMachineScaleSet,
    WebApp,
    WebAppSlot,
    WorkloadAccess,
)
from tests.unit.components import answering_azure as azure
from tests.unit.components.changes_guide import ROWS
from tests.unit.components.function_apps import OF_RUNTIME
from tests.unit.components.recorded_azure import deploy, deploy_component
from tests.unit.components.target_arguments import GROUP, LEAST_OF, OF_TARGETS, RANGES
from tests.unit.components.two_runs import (
    KEEPERS,
    neutral,
    remains,
    unsaid,
    updated,
    without,
    written,
)

_REFUSED: Final = "Azure does not go back to its own key: refused by encryption_refusals.py"
STAY: Final[Mapping[type[pulumi.ComponentResource], Mapping[str, str]]] = {
    KeylessWebApp: {
        "end_to_end_encryption": "a default of new apps: docs/decisions/security-defaults.md",
        "min_tls_cipher_suite": "a default of new apps",
        "size": "what App Service makes of TLS to the worker below S1 is not known to us",
        "ssh_enabled": "a default of new apps",
        "soft_delete_retention_days": "Azure never changes it, and a warning says so",
        "workers": "left out, the number is autoscale's or a person's: docs/guides/hosting.md",
    },
    AppConfiguration: {"encryption": _REFUSED},
    ContainerRegistry: {
        "encryption": _REFUSED,
        "tier": "what premium alone has stays, and Azure refuses less while that closes it",
    },
    CosmosAccount: {
        "encryption": _REFUSED,
        "max_throughput": "an account stays what it is: refused by targets/cosmos_changes.py",
    },
    ServiceBus: {
        "encryption": _REFUSED,
        "tier": "from premium there is no way back, which Azure refuses",
    },
    StorageAccount: {"encryption": "the id of the identity that is gone may stay there, and opens nothing"},
}
"""Arguments of which the last value stays, as the guide says, to why."""
NO_WAY_BACK: Final = {"http_concurrency": "no number says the one that follows from the memory"}
"""Arguments that are refused to be left out for good, as Azure has no value for that, to why."""
ON_FLEX: Final = {**GROUP, "size": "FC1"}
OF_FUNCTIONS: Final[Mapping[str, Any]] = {
    "always_ready": {"http": 2},
    "disabled_functions": ["work"],
    "http_concurrency": 8,
    "instance_memory_mb": 512,
    "maximum_instance_count": 40,
    "triggers": ["blob", "http"],
}
"""Arguments of a function app alone, to an example."""
WITHOUT_EXAMPLE: Final = frozenset(
    {"existing_id", "app_id", "deployment_container", "slot_name", "host_storage_id"}
)
"""Arguments of an app or a vault that the guide's table does not have: what they name is chosen once."""
WRITES_ALL: Final[Mapping[type[pulumi.ComponentResource], str]] = {
    AccessGrant: "a role assignment is never changed: another one replaces it",
    AccessReview: "workspace, settings, searches, workbook and alerts are each written whole",
    ContainerApp: "a write says all of an app",
    ContainerAppEnvironment: "a write says all of an environment, and its subnet stays",
    ContainerAppJob: "a write says all of a job",
    ContainerGroup: "a write says all of a group: what it leaves out is as if it was never given",
    KubernetesCluster: "a write says all of a cluster, and what Azure changes of none is refused",
    LogicApp: "a write says all of a workflow",
    KubernetesWorkload: "a federated credential is written whole, and objects belong to who applies them",
    DiskEncryptionSet: "a write says all of a set, which keeps a key: refused by encryption_refusals.py",
    ManagedIdentity: "an identity has a name, a place and tags, and what else changes replaces it",
    VirtualMachine: "a machine is written whole, and what is taken out is at its default again",
    VirtualMachineScaleSet: "a scale set is written whole, and so is the model of its instances",
    WorkloadAccess: "it makes role assignments",
}
"""Components that make nothing of which a write could keep something, to why."""
SLOT: Final = {
    "app_id": f"{azure.GROUP}/providers/Microsoft.Web/sites/app-team",
    "plan_id": azure.PLAN,
    "slot_name": "staging",
    "sticky_settings": ["AZURE_CLIENT_ID", "AZURE_KEY_VAULT_ENDPOINT"],
}
OPENS: Final = {
    "storage_public_network_access": "the account's rules let nobody in, and an empty map opens them",
    "vault_public_network_access": "so do the vault's",
}
"""Arguments that open again what another one closed, whose rules stay until they are said, to why."""
SLOT_OF_FUNCTIONS: Final = {
    **SLOT,
    "disabled_functions": [],
    "sticky_settings": ["AZURE_CLIENT_ID", "AZURE_KEY_VAULT_ENDPOINT", *OF_RUNTIME],
}
LEAST: Final[Mapping[type[pulumi.ComponentResource], Mapping[str, Any]]] = {
    FunctionApp: {**GROUP, "plan_id": azure.PLAN},
    FunctionAppSlot: SLOT_OF_FUNCTIONS,
    WebApp: {**GROUP, "plan_id": azure.PLAN},
    WebAppSlot: SLOT,
}
"""What a site on somebody else's plan needs."""
OF_SITES: Final[Mapping[str, Any]] = {
    "allowed_ip_ranges": RANGES,
    "end_to_end_encryption": True,
    "health_check_path": "/health",
    "min_tls_cipher_suite": "TLS_AES_128_GCM_SHA256",
    "subnet_id": azure.SUBNET,
}
"""Arguments that each kind of site refuses to lose without a word, to an example."""


def examples() -> list[Any]:
    """Component, argument, what it is given with, and the other run of its row in the guide."""
    rows = [(KeylessWebApp, row.argument, row.before, row.after) for row in ROWS]
    given = [
        (of, argument, *((after, before) if argument in after else (before, after)))
        for of, argument, before, after in rows
    ]
    given += [
        (of, argument, args if "existing_id" in args else {**LEAST_OF[of], **args}, LEAST_OF[of])
        for of, examples in OF_TARGETS.items()
        for argument, args in examples.items()
    ]
    given += [(FunctionApp, key, {**ON_FLEX, key: value}, ON_FLEX) for key, value in OF_FUNCTIONS.items()]
    return [pytest.param(*one, id=f"{one[0].__name__}-{one[1]}") for one in given]


@pytest.mark.parametrize(("component", "argument", "given", "least"), examples())
def test_what_is_taken_out_is_as_never_given_or_is_refused_with_the_way_there(
    component: type[pulumi.ComponentResource], argument: str, given: dict[str, Any], least: dict[str, Any]
) -> None:
    left_out = without(component, given, argument, least)
    if left_out is None:
        return  # it is required
    stays: list[str] = []
    before, after = deploy_component(component, given, "up"), deploy_component(component, left_out, "up")
    stays += unsaid(before, after)
    for pair in updated(before, after):
        stays += pair.ignored
        problems = pair.problems
        if not problems:
            is_left = remains(written(pair.before.inputs, pair.new)) != remains(pair.new)
            stays += pair.missing if is_left else []
            continue
        assert argument in {name for problem in problems for name in problem.subject.split(", ")}
        if argument in NO_WAY_BACK:
            assert pair.refused(pair.before.inputs, pair.before.inputs) == []
            assert all("take it back" not in step.words for problem in problems for step in problem.steps)
            continue
        taken_back = {name: value for problem in problems for name, value in neutral(problem).items()}
        once = deploy_component(component, {**left_out, **taken_back}, "up")
        (between,) = [one for one in once.resources if one.urn == pair.before.urn]
        assert pair.refused(pair.before.inputs, between.inputs) == []
        assert pair.refused(between.inputs, pair.new) == []
        settled = written(pair.before.inputs, between.inputs, pair.new)
        assert remains(settled) == remains(pair.new)
    assert bool(stays) == (argument in STAY.get(component, ())), f"{stays} stay, and no hook says so"


@pytest.mark.parametrize(("component", "argument", "given", "least"), examples())
def test_what_is_given_for_the_first_time_is_not_refused(
    component: type[pulumi.ComponentResource], argument: str, given: dict[str, Any], least: dict[str, Any]
) -> None:
    left_out = without(component, given, argument, least)
    if left_out is None:
        return  # it is required
    before, after = deploy_component(component, left_out, "up"), deploy_component(component, given, "up")
    refused = [problem for pair in updated(before, after) for problem in pair.problems]
    assert bool(refused) == (argument in OPENS)


@pytest.mark.parametrize("component", [FunctionApp, WebApp])
@pytest.mark.parametrize("size", ["B1", "S1", "P1v3"])
def test_an_app_that_moves_to_somebody_elses_plan_is_not_asked_for_defaults_that_nobody_gave(
    component: type[pulumi.ComponentResource], size: str
) -> None:
    before = deploy_component(component, {**GROUP, "size": size}, "up")
    after = deploy_component(component, {**GROUP, "plan_id": azure.PLAN}, "up")
    assert [problem.subject for pair in updated(before, after) for problem in pair.problems] == []


@pytest.mark.parametrize("component", LEAST, ids=lambda component: component.__name__)
@pytest.mark.parametrize("argument", OF_SITES)
def test_on_somebody_elses_plan_each_kind_of_site_refuses_it_too(
    component: type[pulumi.ComponentResource], argument: str
) -> None:
    least = LEAST[component]
    before = deploy_component(component, {**least, argument: OF_SITES[argument]}, "up")
    (pair,) = [one for one in updated(before, deploy_component(component, least, "up"))
               if one.before.type in ("azure-native:web:WebApp", "azure-native:web:WebAppSlot")]  # fmt: skip
    (problem,) = pair.problems
    assert problem.subject == argument
    once = deploy_component(component, {**least, **neutral(problem)}, "up")
    (between,) = [one for one in once.resources if one.urn == pair.before.urn]
    assert remains(written(pair.before.inputs, between.inputs, pair.new)) == remains(pair.new)


def test_every_argument_of_every_component_has_an_example_here_or_in_the_guide() -> None:
    told = {row.argument for row in ROWS} | WITHOUT_EXAMPLE | OF_FUNCTIONS.keys()
    in_the_guide = (FunctionApp, FunctionAppSlot, KeylessWebApp, KeyVault, WebApp, WebAppSlot)
    examples = {**dict.fromkeys(in_the_guide, told), **{of: set(args) for of, args in OF_TARGETS.items()}}
    assert set(COMPONENTS) - examples.keys() == WRITES_ALL.keys(), (
        "what happens to what is taken out of these?"
    )
    for component, known in examples.items():
        arguments = set(inspect.get_annotations(component.__init__)["args"].__annotations__)
        assert arguments - known == set(), f"{component.__name__}: what happens when these are taken out?"


def test_what_may_keep_a_property_has_a_hook_that_asks_before_it_is_changed() -> None:
    for component, args in ((KeylessWebApp, {"size": "S1", "slots": ["staging"]}), (FunctionApp, GROUP)):
        deployed = deploy_component(component, args, "up")
        asked = {one.type: len(one.before_update) for one in deployed.resources if one.type in KEEPERS}
        assert asked == {**dict.fromkeys(asked, 1), "azure-native:web:AppServicePlan": 0}
        assert {one.type for one in deployed.resources if one.before_update} <= set(KEEPERS)


def test_the_hooks_of_two_vaults_of_one_name_have_two_names_as_the_engine_refuses_one_twice() -> None:
    def program() -> dict[str, Any]:
        KeyVault("shop", {"resource_group_name": "rg-team"})
        KeylessWebApp("shop", {})
        return {}

    vaults = deploy(program).all("keyvault:Vault")
    assert sorted(hook for vault in vaults for hook in vault.on_error) == [
        "keyless:index:KeylessWebApp$keyless:index:KeyVault::shop keyvault:Vault::shop on error",
        "pulumi:pulumi:Stack$keyless:index:KeyVault::shop keyvault:Vault::shop on error",
    ]
