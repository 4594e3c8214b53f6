"""A value that is refused may be a secret in the wrong place: nothing repeats it, wherever it was typed."""

import contextlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pytest

import components
from components import ConfigurationError
from tests.unit.components import answering_azure as azure
from tests.unit.components import schema_now
from tests.unit.components.function_apps import OF_RUNTIME
from tests.unit.components.planted import (
    AS_NAMES,
    LINKS,
    NUMBER,
    OTHERS,
    SECRET,
    TEXTS,
    Place,
    places,
    put,
    together,
    told_of_the_secret,
)
from tests.unit.components.recorded_azure import Later, deploy, with_outputs

IN_A_GROUP: Mapping[str, Any] = {"resource_group_name": "rg-team"}
CONTAINER: Mapping[str, Any] = {
    **IN_A_GROUP,
    "environment_id": f"{azure.GROUP}/providers/Microsoft.App/managedEnvironments/cae-team",
    "container_image": "team.azurecr.io/shop:1",
}
DEFINITION: Mapping[str, Any] = {
    "triggers": {"nightly": {"type": "Recurrence", "recurrence": {"frequency": "Day", "interval": 1}}},
    "actions": {"Say": {"type": "Compose", "inputs": "hello"}},
}
OF_A_SLOT = ["AZURE_CLIENT_ID", "AZURE_KEY_VAULT_ENDPOINT", "A_ENDPOINT", "DB", "a"]
BASES: Mapping[str, Mapping[str, Any]] = {
    "AccessGrant": {"principal_id": azure.PRINCIPAL, "scope_id": azure.VAULT, "role": "Key Vault Reader"},
    "ContainerRegistry": IN_A_GROUP,
    "CosmosAccount": {**IN_A_GROUP, "location": "westeurope"},
    "DiskEncryptionSet": {
        **IN_A_GROUP,
        "encryption": {"id": azure.VAULT, "endpoint": azure.ENDPOINT, "key": "data"},
    },
    "EventGridTopic": IN_A_GROUP,
    "AiServices": IN_A_GROUP,
    "AppConfiguration": IN_A_GROUP,
    "EventHubs": IN_A_GROUP,
    "ContainerGroup": {**IN_A_GROUP, "containers": {"a": {"image": "team.azurecr.io/a:1"}}},
    "FunctionApp": IN_A_GROUP,
    "FunctionAppSlot": {
        "app_id": f"{azure.GROUP}/providers/Microsoft.Web/sites/func-shop",
        "disabled_functions": [],
        "plan_id": azure.PLAN,
        "slot_name": "staging",
        "sticky_settings": [*OF_A_SLOT, *OF_RUNTIME],
    },
    "KeyVault": IN_A_GROUP,
    "KeylessWebApp": {},
    "ContainerApp": CONTAINER,
    "ContainerAppEnvironment": IN_A_GROUP,
    "ContainerAppJob": CONTAINER,
    "KubernetesCluster": {**IN_A_GROUP, "allowed_ip_ranges": {}},
    "KubernetesWorkload": {
        **IN_A_GROUP,
        "issuer_url": "https://westeurope.oic.prod-aks.azure.com/tenant/cluster/",
        "namespace": "team",
    },
    "LogicApp": {**IN_A_GROUP, "definition": DEFINITION},
    "AccessReview": {
        **IN_A_GROUP,
        "resources": {"a": {"id": azure.VAULT}},
        "deployer_ids": {"a": azure.PEOPLE},
        "exports_activity_log": True,
    },
    "LogsIngestion": {
        **IN_A_GROUP,
        "workspace_id": azure.WORKSPACE,
        "table": "Orders_CL",
        "columns": {"aa": "int"},
    },
    "ManagedIdentity": IN_A_GROUP,
    "ManagedRedis": IN_A_GROUP,
    "MySqlServer": {
        **IN_A_GROUP,
        "administrators": {"dba": azure.PEOPLE},
        "identity_id": azure.IDENTITY,
    },
    "PostgresServer": {**IN_A_GROUP, "administrators": {"dba": azure.PEOPLE}},
    "SearchService": IN_A_GROUP,
    "ServiceBus": IN_A_GROUP,
    "SignalR": IN_A_GROUP,
    "SqlServer": {**IN_A_GROUP, "administrators": {"dba": azure.PEOPLE}},
    "StorageAccount": IN_A_GROUP,
    "VirtualMachine": {**IN_A_GROUP, "subnet_id": azure.SUBNET},
    "VirtualMachineScaleSet": {**IN_A_GROUP, "subnet_id": azure.SUBNET},
    "WebApp": IN_A_GROUP,
    "WebAppSlot": {
        "app_id": f"{azure.GROUP}/providers/Microsoft.Web/sites/app-shop",
        "plan_id": azure.PLAN,
        "slot_name": "staging",
        "sticky_settings": OF_A_SLOT,
    },
    "WebPubSub": IN_A_GROUP,
    "WorkloadAccess": {"principal_id": azure.PRINCIPAL, "links": {"a": {"role": LINKS["role"]}}},
}
"""What each component needs at least, without anything wrong in it."""
COMMONEST = ("a password", "an address with a login", "a number")
PLACES = [(component, place) for component in BASES for place in places(component)]
EVERY_COMPONENT = pytest.mark.parametrize("component", BASES)
"""One test a component, which names each place that is wrong: thousands of tests of their own take as long
again as what they do."""


@dataclass(frozen=True)
class Said:
    """All that a user may read when a component gets some arguments: nothing where it takes them."""

    text: str
    subjects: Collection[str]
    """Of every problem that was found."""


def refused(component: str, args: Mapping[str, Any], log: pytest.LogCaptureFixture) -> Said:
    """What is said of these arguments, with every refusal of a value that is known later."""
    log.clear()
    refusals: list[ConfigurationError] = []
    note = ConfigurationError.__init__

    def noted(error: ConfigurationError, *said: Any) -> None:
        note(error, *said)
        refusals.append(error)

    with pytest.MonkeyPatch.context() as patched, contextlib.suppress(ConfigurationError):
        patched.setattr(ConfigurationError, "__init__", noted)
        deploy(lambda: getattr(components, component)("shop", with_outputs(dict(args))), "later preview")
    text = "\n".join([*map(str, refusals), log.text]) if refusals else log.text
    return Said(text, {problem.subject for error in refusals for problem in error.problems})


def test_every_component_of_the_schema_is_here_and_every_argument() -> None:
    assert set(BASES) == {token.rpartition(":")[2] for token in schema_now.resources()}
    for component in BASES:
        known = getattr(components, f"{component}Args").__annotations__
        assert {place.keys[0] for name, place in PLACES if name == component} == set(known)
    fields = {place.path for name, place in PLACES if name == "KeylessWebApp"}
    assert {
        "links[blobs].blobs.container",
        "links[key_vault].key_vault.secrets[a]",
        "sign_in.excluded_paths[0]",
    } <= fields


@EVERY_COMPONENT
def test_what_each_component_needs_at_least_is_taken(
    component: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert refused(component, BASES[component], caplog).text == ""


def _forms_for(component: str, place: Place) -> Sequence[str]:
    """All of them where a place is met first; components share readers, so the others get the commonest."""
    forms = [*TEXTS, *OTHERS] if _is_first(component, place) else COMMONEST
    return [form for form in forms if not place.is_key or form not in (*OTHERS, *AS_NAMES)]


def _is_first(component: str, place: Place) -> bool:
    return _FIRST[place.path, place.is_key] == component


_FIRST = {(place.path, place.is_key): component for component, place in reversed(PLACES)}
"""The component in which each place is met first."""


@EVERY_COMPONENT
def test_no_refusal_and_no_warning_repeats_it(component: str, caplog: pytest.LogCaptureFixture) -> None:
    wrong: list[str] = []
    for form, secret in {**TEXTS, **OTHERS}.items():
        places = [place for place in _places_of(component) if form in _forms_for(component, place)]
        wrong += [f"{one}, {form}" for one in _wrong_in(component, places, secret, caplog)]
    assert wrong == []


@EVERY_COMPONENT
def test_the_same_of_an_output_that_is_known_later(component: str, caplog: pytest.LogCaptureFixture) -> None:
    wrong: list[str] = []
    for form in COMMONEST:
        places = [
            place
            for place in _places_of(component)
            if place.takes_outputs and not place.is_key
            if form == COMMONEST[0] or _is_first(component, place)
        ]
        secret = Later({**TEXTS, **OTHERS}[form])
        wrong += [f"{one}, {form}" for one in _wrong_in(component, places, secret, caplog)]
    assert wrong == []


def _places_of(component: str) -> Sequence[Place]:
    return [place for name, place in PLACES if name == component]


def _wrong_in(
    component: str, places: Sequence[Place], secret: Any, log: pytest.LogCaptureFixture
) -> Iterator[str]:
    """Where the secret is told of, or another argument named than the one that it stands in.

    It stands in as many places at once as there can be. Those that no problem has for its subject are asked
    again, with fewer others, unless nothing was said at all.
    """
    waiting = together(places)
    while waiting:
        asked = waiting.pop()
        said = refused(component, put(BASES[component], asked, secret), log)
        told = told_of_the_secret(said.text)
        if len(asked) == 1:
            yield from _wrong_at(asked[0], said, told)
        elif told:
            waiting += [[place] for place in asked]
        elif said.text:
            left = [place for place in asked if not any(map(place.is_subject, said.subjects))]
            half = len(left) // 2 if len(left) == len(asked) else len(left)
            waiting += [part for part in (left[:half], left[half:]) if part]


def _wrong_at(place: Place, said: Said, told: Sequence[str]) -> Iterator[str]:
    at = f"{place.path}{' (a name)' if place.is_key else ''}"
    if told:
        yield f"{at}: tells {', '.join(told)}"
    if said.text and place.keys[0] not in said.text:
        yield f"{at}: does not name it: {said.text}"


NAME = SECRET.lower()
GUID = f"{str(NUMBER)[:8]}-{str(NUMBER)[8:]}0-4000-8000-000000000001"
IDENTITY = azure.IDENTITY.replace("id-team", NAME)
ACCOUNT = azure.STORAGE.replace("stteam", NAME)
OTHER = azure.STORAGE.replace("stteam", "stother")
PACKAGE = f"https://{NAME}.blob.core.windows.net/{NAME}/{NAME}.zip"
TWICE = {
    name: {
        "queues": {**LINKS["queues"], "id": Later(ACCOUNT), "endpoint": Later(f"https://{NAME}.queue.a.net")}
    }
    for name in ("one", "other")
}
WELL_FORMED: Mapping[str, tuple[str, Mapping[str, Any], str]] = {
    "the address of another vault": (
        "WebApp",
        {"vault_id": azure.VAULT, "vault_endpoint": f"https://{NAME}.vault.azure.net/"},
        "vault_id and vault_endpoint",
    ),
    "the id of another vault": (
        "WebApp",
        {"vault_id": azure.VAULT.replace("kv-team", NAME), "vault_endpoint": Later(azure.ENDPOINT)},
        "vault_id and vault_endpoint",
    ),
    "an image elsewhere": (
        "WebApp",
        {"container_image": f"{NAME}.azurecr.io/{NAME}:1", "container_registry_id": azure.REGISTRY},
        "container_image and container_registry_id",
    ),
    "a package elsewhere": (
        "WebApp",
        {"package_url": PACKAGE, "package_storage_id": OTHER, "runtime": "node-22"},
        "package_url and package_storage_id",
    ),
    "one further identity twice": (
        "WebApp",
        {"further_identity_ids": {"a": IDENTITY, "b": IDENTITY.upper()}},
        "further_identity_ids[b]",
    ),
    "one id for principal and client": (
        "WebApp",
        {"identity": "existing", "identity_id": IDENTITY}
        | dict.fromkeys(("identity_principal_id", "identity_client_id"), GUID),
        "identity_principal_id and identity_client_id",
    ),
    "an id without the kind": ("WebApp", {"identity_id": IDENTITY}, "identity and identity_id"),
    "a size that is none, with what sizes have": (
        "WebApp",
        {"size": SECRET, "end_to_end_encryption": True, "slots": ["a"], "zone_redundant": True},
        "end_to_end_encryption and size",
    ),
    "a slot twice": ("WebApp", {"size": "S1", "slots": [NAME, NAME]}, "slots[1]"),
    "a setting that is not kept at a swap": ("WebAppSlot", {"sticky_settings": [NAME]}, "sticky_settings"),
    "a container twice": ("StorageAccount", {"containers": [NAME, NAME]}, "containers[1]"),
    "the client id as the principal's": ("AccessGrant", dict.fromkeys(("principal_id", "client_id"), GUID),
                                         "principal_id"),
    "a scope too wide": (
        "AccessGrant",
        {"scope_id": f"/subscriptions/{GUID}", "role": "Key Vault Secrets User"},
        "scope_id",
    ),
    "one account in two Outputs": (
        "WorkloadAccess",
        {"links": TWICE},
        "links[one].queues and links[other].queues",
    ),
    "an account where none is used": (
        "WebApp",
        {"storage_account_id": ACCOUNT, "storage_endpoint": f"https://{NAME}.blob.core.windows.net/"},
        "storage_account_id",
    ),
}  # fmt: skip
"""What is refused for what stands beside it: the component, its arguments, and the subject of a problem."""


@pytest.mark.parametrize("what", WELL_FORMED)
def test_what_is_right_in_itself_is_not_repeated_either(what: str, caplog: pytest.LogCaptureFixture) -> None:
    component, args, subject = WELL_FORMED[what]
    said = refused(component, {**BASES[component], **args}, caplog).text
    assert f". {subject}\n" in said
    assert told_of_the_secret(said) == []


def test_a_secret_output_in_the_settings_is_warned_of_without_its_value(
    caplog: pytest.LogCaptureFixture,
) -> None:
    deploy(
        lambda: components.WebApp(
            "shop", {"resource_group_name": "rg-team", "settings": {"DB": pulumi.Output.secret(SECRET)}}
        )
    )
    assert "settings[DB] of WebApp 'shop': a secret that lies in clear" in caplog.text
    assert told_of_the_secret(caplog.text) == []
