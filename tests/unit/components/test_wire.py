"""What another language writes reaches the components under their names, and what they say comes back so."""

from collections.abc import Mapping
from typing import Any

import pulumi
import pytest

from components import ConfigurationError, WebApp
from components.links.flat_storage import warn_once
from components.links.grants import MANY_GRANTS
from components.wire import in_camel_case
from tests.unit.components.answering_azure import (
    CLIENT,
    ENDPOINT,
    GROUP,
    PRINCIPAL,
    SLOT_CLIENT,
    STORAGE,
    STORE,
    STORE_ENDPOINT,
    VAULT,
)
from tests.unit.components.recorded_azure import Deployment, Later, deploy, with_outputs
from tests.unit.components.schema_now import wire

QUEUES = "https://stteam.queue.core.windows.net/"
SECRETS: dict[str, Any] = {"id": VAULT, "endpoint": ENDPOINT, "secrets": {"DB_PASSWORD": "db-password"}}


def mapped(links: Any, token: str = "WebApp") -> Any:
    return wire().map_inputs({"links": links}, wire().component_definitions[token])["links"]


def constructed(links: Mapping[str, Any], token: str = "WebApp", **inputs: Any) -> Deployment:
    """What the component declares, with every Later made an Output."""
    given = {"resourceGroupName": "rg-team"} if token == "WebApp" else {"principalId": PRINCIPAL}

    def program() -> Mapping[str, Any]:
        made = wire().construct(
            "shop", f"keyless:index:{token}", with_outputs({**given, **inputs, "links": links})
        )
        return made.state

    return deploy(program)


def refusal(links: Any, token: str = "WebApp") -> str:
    with pytest.raises(pulumi.InputPropertiesError) as refused:
        constructed(links, token)
    assert refused.value.errors == []
    return refused.value.message


@pytest.mark.parametrize(
    "token", ["FunctionApp", "FunctionAppSlot", "KeylessWebApp", "WebApp", "WebAppSlot", "WorkloadAccess"]
)
def test_records_reach_the_component_under_its_own_names_at_every_depth(token: str) -> None:
    later = pulumi.Output.from_input(VAULT)
    given = {
        "main": {"keyVault": {**SECRETS, "id": later, "secretAccess": "secret"}, "grant": False},
        "orders": {"queues": {"id": STORAGE, "endpoint": QUEUES, "access": "send"}, "variables": "ORDERS"},
    }
    assert mapped(given, token) == {
        "main": {"key_vault": {**SECRETS, "id": later, "secret_access": "secret"}, "grant": False},
        "orders": given["orders"],
    }


def test_the_users_own_names_stay_as_they_are() -> None:
    secrets = {"secretAccess": "db-password", "keyVault": "key"}
    given = {"keyVault": {"keyVault": {**SECRETS, "secrets": secrets}}, "secretAccess": {"grant": False}}
    assert mapped(given) == {
        "keyVault": {"key_vault": {**SECRETS, "secrets": secrets}},
        "secretAccess": {"grant": False},
    }


def test_records_in_a_map_of_a_link_arrive_under_the_users_own_names() -> None:
    reference = {"vaultId": pulumi.Output.from_input(VAULT), "secret": "mail"}
    store = {"id": STORE, "endpoint": STORE_ENDPOINT}
    given = {"features": {"appConfiguration": {**store, "references": {"shop:mailKey": reference}}}}
    told = {"vault_id": reference["vaultId"], "secret": "mail"}
    assert mapped(given) == {
        "features": {"app_configuration": {**store, "references": {"shop:mailKey": told}}}
    }
    misspelt = {**store, "references": {"mail": {"vaultId": VAULT, "secrets": "mail"}}}
    assert "links[features].appConfiguration.references[mail].secrets" in refusal(
        {"features": {"appConfiguration": misspelt}}
    )


def test_what_was_left_out_is_left_out_at_every_depth() -> None:
    assert mapped({"main": {"keyVault": {**SECRETS, "secretAccess": None}, "blobs": None}}) == {
        "main": {"key_vault": SECRETS}
    }


@pytest.mark.parametrize("links", [Later({}), {"main": Later({})}, {"main": {"keyVault": Later({})}}])
def test_a_record_that_is_an_output_arrives_as_one(links: Any) -> None:
    found = mapped(with_outputs({"links": links})["links"])
    while isinstance(found, dict):
        (found,) = found.values()  # pyright: ignore[reportUnknownVariableType]
    assert isinstance(found, pulumi.Output)


@pytest.mark.parametrize(
    ("links", "subject"),
    [
        (Later({"main": {"keyVault": SECRETS}}), "links"),
        ({"main": Later({"keyVault": SECRETS})}, "links[main]"),
        ({"main": {"keyVault": Later(SECRETS)}}, "links[main].keyVault"),
        ({"main": {"keyVault": {**SECRETS, "secrets": Later({})}}}, "links[main].keyVault.secrets"),
        (
            {"main": {"keyVault": {**SECRETS, "secretAccess": Later("secret")}}},
            "links[main].keyVault.secretAccess",
        ),
    ],
)
def test_an_output_in_the_place_of_what_shapes_links_is_refused_by_name(links: Any, subject: str) -> None:
    said = refusal(links)
    assert "WebApp 'shop' has one problem" in said
    assert f"\n  1. {subject}\n     given     an Output\n" in said
    assert f"decide {subject} in the program or its configuration" in said


def test_everything_misspelt_is_refused_at_once_with_the_close_match_in_the_consumers_spelling() -> None:
    links = {
        "main": {"keyVault": {**SECRETS, "secretAcces": "secret"}},
        "orders": {"queues": {"id": STORAGE, "endpoint": QUEUES, "access": "sends"}},
        "other": {"keyVaults": SECRETS},
    }
    said = refusal(links)
    assert "WebApp 'shop' has 4 problems" in said
    for subject, given, step in (
        ("links[main].keyVault.secretAcces", "an argument that nothing reads", "write secretAccess"),
        ("links[orders].queues.access", "a text of 5 characters", "write send"),
        ("links[other].keyVaults", "an argument that nothing reads", "write keyVault"),
        ("links[other]", "no target", "give the target, or take the link out"),
    ):
        assert f". {subject}\n     given     {given}\n" in said
        assert f"\n     next      {step}\n" in f"{said}\n"
    assert "secret_access" not in said
    assert "key_vault" not in said


def test_a_refusal_leaves_the_users_own_names_as_they_are() -> None:
    said = refusal({"key_vault": {"keyVault": {**SECRETS, "secrets": {"vault_id": "secret_access"}}}})
    assert "1. links[key_vault].keyVault.secrets[vault_id]\n     given     a text of 13 characters; " in said


def test_an_apostrophe_in_a_sentence_does_not_hide_what_follows() -> None:
    text = "give the identity's principal_id; whoever has client_id is the caller's own, not 'client_id'"
    assert in_camel_case(text, {"principal_id", "client_id"}) == (
        "give the identity's principalId; whoever has clientId is the caller's own, not 'client_id'"
    )


def test_what_is_refused_when_an_output_is_known_is_spelt_the_same() -> None:
    links = {"main": {"keyVault": {**SECRETS, "id": Later(STORAGE), "secretAccess": "secret"}}}
    with pytest.raises(ConfigurationError, match=r"1\. links\[main\]\.keyVault\.id\n"):
        constructed(links)
    with pytest.raises(ConfigurationError, match=r"1\. vaultId\n"):
        constructed({}, vaultId=Later(STORAGE), vaultEndpoint=ENDPOINT, secrets={"A": "a"})


def test_callers_reach_an_app_under_the_users_own_names_and_with_ids_that_come_later() -> None:
    given = {"clientId": CLIENT, "callers": {"callerOne": Later(SLOT_CLIENT)}, "tokenVersion": "v1"}
    deployment = constructed({}, signIn=given)
    entra = deployment.one("WebAppAuthSettingsV2").inputs["identityProviders"]["azureActiveDirectory"]
    assert entra["validation"]["defaultAuthorizationPolicy"] == {"allowedApplications": [SLOT_CLIENT]}
    assert [one.name for one in deployment.all("CallGrant")] == ["shop-called-by-callerOne"]


def test_an_app_that_is_called_through_the_wire_is_one_of_elsewhere() -> None:
    id = f"{GROUP}/providers/Microsoft.Web/sites/app-api"
    record = {"id": Later(id), "endpoint": "https://app-api.azurewebsites.net", "audience": "api://shop"}
    deployment = constructed({"api": {"app": record}})
    assert deployment.one("CallGrant").inputs["listed"] is False
    refused = refusal({"api": {"app": {**record, "id": id, "audience": "api://shop/.default"}}})
    assert "1. links[api].app.audience\n" in refused


def test_a_component_that_is_imported_says_its_own_names_after_one_was_served() -> None:
    refusal({"main": {"keyVault": Later(SECRETS)}})
    with pytest.raises(ConfigurationError, match="always_on"):
        WebApp("shop", {"resource_group_name": "rg-team", "always_on": "perhaps"})  # type: ignore[typeddict-item]


def test_links_are_granted_and_told_through_the_wire_as_in_the_program() -> None:
    links = {
        "main": {"keyVault": {**SECRETS, "id": Later(VAULT)}},
        "orders": {"queues": {"id": STORAGE, "endpoint": Later(QUEUES), "queue": "orders", "access": "send"}},
        "group": {"role": {"id": f"{VAULT}", "role": "Key Vault Reader"}},
    }
    deployed = constructed(links, "WorkloadAccess", clientId=None)
    assert {grant.name for grant in deployed.all("RoleAssignment")} == {
        "shop-main",
        "shop-orders",
        "shop-group",
    }
    assert deployed.outputs["environment"] == {
        "MAIN_ENDPOINT": ENDPOINT,
        "ORDERS_ENDPOINT": QUEUES,
        "ORDERS_QUEUE": "orders",
    }
    assert deployed.outputs["secretUris"] == {"DB_PASSWORD": f"{ENDPOINT}secrets/db-password"}


def test_a_warning_calls_arguments_as_the_language_does() -> None:
    many = {f"S{n}": f"secret-{n}" for n in range(MANY_GRANTS + 1)}
    main = {"keyVault": {**SECRETS, "secrets": many, "secretAccess": "secret"}}
    (warning,) = constructed({"main": main}).warned
    assert "such as a vault (secretAccess vault) that holds" in warning


def test_the_older_form_of_links_is_warned_of_once_in_a_program_as_the_language_calls_it() -> None:
    older = {"storageAccountId": STORAGE, "storageEndpoint": "https://stteam.blob.core.windows.net/"}
    warn_once.cache_clear()
    (warning,) = constructed({}, **older, blobAccess="read").warned
    assert warning == (
        "storageAccountId, storageEndpoint, blobAccess, blobContainer, queueAccess and manageStorageAccess "
        "go in a later minor version. Next: write links. Those named blobs and queues, with variables "
        "AZURE_STORAGE_BLOB and AZURE_STORAGE_QUEUE, change nothing of a web app; a function app gets "
        "besides what triggers need."
    )
    assert constructed({}, **older, blobAccess="write").warned == []
