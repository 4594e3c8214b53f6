"""AppConfiguration: created without keys, with what is in it, or an existing store read by its full id."""

from typing import Any

import pulumi
import pytest

from components import AppConfiguration, ConfigurationAccess, KeyVault, VaultReferenceArgs, WebApp
from tests.unit.components.answering_azure import (
    ENDPOINT,
    ENDPOINTS_SUBNET,
    GROUP,
    PEOPLE,
    STORE,
    STORE_ENDPOINT,
    SUFFIX,
    VAULT,
    WORKSPACE,
    ZONES,
    Mode,
)
from tests.unit.components.further_targets import STORE as MADE
from tests.unit.components.further_targets import app_configuration, store_refusal
from tests.unit.components.recorded_azure import UNKNOWN, Later, deploy
from tests.unit.components.refusals import problems_of
from tests.unit.components.web_apps import refusal, settings_of, web_app

READER, OWNER = "516239f1-63e1-4d78-a4de-a74fb236a071", "5ae67dd6-50cb-40e7-96ff-dc2bfa4b606b"
SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
REFERENCE = {"vault_id": VAULT, "vault_endpoint": ENDPOINT, "secret": "database-password"}


def store(**args: Any) -> dict[str, Any]:
    return dict(app_configuration(**args).one("appconfiguration:ConfigurationStore").inputs)


def linked(**record: Any) -> dict[str, Any]:
    where = {"id": STORE, "endpoint": STORE_ENDPOINT}
    return {"links": {"features": {"app_configuration": {**where, **record}}}}


def roles_in(deployment: Any) -> dict[str, tuple[str, str]]:
    return {
        one.name: (one.inputs["roleDefinitionId"].rpartition("/")[2], one.inputs["scope"])
        for one in deployment.all("RoleAssignment")
    }


def test_a_store_is_created_with_these_inputs_and_no_others() -> None:
    deployment = app_configuration(location="westeurope", tags={"team": "shop"})
    assert deployment.counts() == {"appconfiguration:ConfigurationStore": 1}
    assert deployment.one("appconfiguration:ConfigurationStore").inputs == {
        "configStoreName": MADE,
        "dataPlaneProxy": {"authenticationMode": "Pass-through", "privateLinkDelegation": "Disabled"},
        "disableLocalAuth": True,
        "enablePurgeProtection": True,
        "location": "westeurope",
        "publicNetworkAccess": "Enabled",
        "resourceGroupName": "rg-team",
        "sku": {"name": "standard"},
        "softDeleteRetentionInDays": 7,
        "tags": {"team": "shop"},
    }
    assert deployment.plain_outputs == {
        "store_id": f"{GROUP}/providers/Microsoft.AppConfiguration/configurationStores/{MADE}",
        "name": MADE,
        "endpoint": f"https://{MADE}.azconfig.io/",
        "access": [],
    }


def test_a_store_has_no_key_that_opens_it() -> None:
    assert store()["disableLocalAuth"] is True


def test_who_deploys_writes_values_by_a_role_and_not_by_a_key() -> None:
    assert store()["dataPlaneProxy"]["authenticationMode"] == "Pass-through"


def test_nobody_purges_a_deleted_store_where_the_tier_keeps_one() -> None:
    kept = {tier: store(tier=tier) for tier in ("free", "developer", "standard", "premium")}
    assert {tier: one["enablePurgeProtection"] for tier, one in kept.items()} == {
        "free": False, "developer": False, "standard": True, "premium": True,
    }  # fmt: skip
    assert {tier: one["softDeleteRetentionInDays"] for tier, one in kept.items()} == {
        "free": 0, "developer": 0, "standard": 7, "premium": 7,
    }  # fmt: skip
    assert store(purge_protection=False)["enablePurgeProtection"] is False


def test_a_store_is_reached_by_its_private_endpoint_alone_where_it_has_one() -> None:
    deployment = app_configuration(
        private_endpoint_subnet_id=ENDPOINTS_SUBNET, private_dns_zone_id=f"{ZONES}/privatelink.azconfig.io"
    )
    made = deployment.one("appconfiguration:ConfigurationStore")
    assert made.inputs["publicNetworkAccess"] == "Disabled"
    (connection,) = deployment.one("network:PrivateEndpoint").inputs["privateLinkServiceConnections"]
    assert connection["groupIds"] == ["configurationStores"]
    assert (
        store(private_endpoint_subnet_id=ENDPOINTS_SUBNET, public_network_access=True)["publicNetworkAccess"]
        == "Enabled"
    )


def test_values_are_written_under_their_keys_and_labels_and_references_hold_addresses_alone() -> None:
    deployment = app_configuration(
        key_values={"shop:color": "green", "shop/color~1$test": "blue"},
        references={"shop:password": REFERENCE},
    )
    written = {one.name: one.inputs for one in deployment.all("appconfiguration:KeyValue")}
    place = {"configStoreName": MADE, "resourceGroupName": "rg-team"}
    assert written == {
        "shop-shop:color": {**place, "keyValueName": "shop~3Acolor", "value": "green"},
        "shop-shop/color~1$test": {**place, "keyValueName": "shop~2Fcolor~7E1$test", "value": "blue"},
        "shop-shop:password": {
            **place,
            "contentType": "application/vnd.microsoft.appconfig.keyvaultref+json;charset=utf-8",
            "keyValueName": "shop~3Apassword",
            "value": '{"uri": "https://kv-team.vault.azure.net/secrets/database-password"}',
        },
    }


def test_who_writes_values_needs_a_role_on_data() -> None:
    group = "/subscriptions/$subscription/resourceGroups/rg-team"
    roles = app_configuration(key_values={"color": "green"}).outputs["deployer_contract"]["roles"]
    line = f"App Configuration Data Owner on {group} (writes what is in the configuration store)"
    assert line in roles.splitlines()
    assert "App Configuration" not in app_configuration().outputs["deployer_contract"]["roles"]


def test_people_are_let_in_through_groups_to_read_or_to_own() -> None:
    deployment = app_configuration(
        configuration_readers={"clerks": PEOPLE}, configuration_owners={"on-call": PEOPLE}
    )
    made = f"{GROUP}/providers/Microsoft.AppConfiguration/configurationStores/{MADE}"
    assert roles_in(deployment) == {
        "shop-reader-clerks": (READER, made),
        "shop-owner-on-call": (OWNER, made),
    }


def test_an_existing_store_is_read_by_its_full_id_and_nothing_is_created() -> None:
    deployment = app_configuration(existing_id=STORE)
    assert [(r.type, r.is_read) for r in deployment.resources[1:]] == [
        ("azure-native:appconfiguration:ConfigurationStore", True)
    ]
    assert deployment.plain_outputs == {
        "store_id": STORE, "name": "appcs-team", "endpoint": STORE_ENDPOINT, "access": [],
    }  # fmt: skip


@pytest.mark.parametrize("mode", ["first preview", "later preview"])
def test_a_preview_knows_an_existing_store(mode: Mode) -> None:
    deployment = app_configuration(mode, existing_id=STORE, configuration_readers={"on-call": PEOPLE})
    assert deployment.one("RoleAssignment").inputs["scope"] == STORE
    assert deployment.outputs["endpoint"] == STORE_ENDPOINT


@pytest.mark.parametrize("mode", ["first preview", "later preview"])
def test_a_preview_does_not_guess_the_address_of_a_store_that_it_makes(mode: Mode) -> None:
    assert app_configuration(mode).outputs["endpoint"] is UNKNOWN


def test_logs_and_a_lock_are_around_a_store() -> None:
    deployment = app_configuration(
        diagnostics_workspace_id=WORKSPACE, delete_lock=True, key_values={"a": "b"}
    )
    assert deployment.one("monitor:DiagnosticSetting").inputs["logAnalyticsDestinationType"] == "Dedicated"
    lock = deployment.one("authorization:ManagementLockByScope")
    assert deployment.waits_for(lock, deployment.one("appconfiguration:KeyValue"))


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ({"tier": "free", "private_endpoint_subnet_id": ENDPOINTS_SUBNET}, "set tier to developer"),
        ({"tier": "developer", "purge_protection": True}, "set tier to standard"),
        ({"key_values": {"a%b": "c"}}, "a key, with its label behind a $"),
        ({"key_values": {"a$": "c", "a": "d"}}, "a key, with its label behind a $"),
        ({"key_values": {"a$b$c": "d"}}, "a key, with its label behind a $"),
        ({"key_values": {"a": 1}}, "write the value as a text"),
        ({"references": {"a": {**REFERENCE, "secret": "not a name"}}}, "a secret's name"),
        ({"references": {"a": {"secret": "password"}}}, "the vault that holds the secret"),
        ({"key_values": {"a": "b"}, "references": {"a": REFERENCE}}, "take it out of key_values"),
        (
            {"key_values": {"a": "b"}, "private_endpoint_subnet_id": ENDPOINTS_SUBNET},
            "set public_network_access to true",
        ),
        (
            {"references": {"a": REFERENCE}, "public_network_access": False},
            "take references out and write it from inside the network",
        ),
        ({"existing_id": STORE, "key_values": {"a": "b"}}, "existing_id and key_values"),
        ({"private_dns_zone_id": f"{ZONES}/privatelink.vaultcore.azure.net"}, "privatelink.azconfig.io"),
    ],
)
def test_what_contradicts_itself_is_refused_with_the_next_step(args: dict[str, Any], said: str) -> None:
    assert said in store_refusal(**args)


@pytest.mark.parametrize(("verb", "role"), [(None, READER), ("read", READER), ("write", OWNER)])
def test_a_verb_is_its_role_on_the_store(verb: str | None, role: str) -> None:
    deployment = web_app(**linked(**({"access": verb} if verb else {})))
    assert roles_in(deployment) == {"shop-features": (role, STORE)}
    assert settings_of(deployment)["FEATURES_ENDPOINT"] == STORE_ENDPOINT


def test_the_second_grant_follows_from_a_reference_and_is_for_its_secret_alone() -> None:
    references = {
        "password": {"vault_id": VAULT, "secret": "database-password"},
        "again": {"vault_id": VAULT, "secret": "database-password"},
        "mail": {"vault_id": VAULT, "secret": "mail"},
    }
    assert roles_in(web_app(**linked(references=references))) == {
        "shop-features": (READER, STORE),
        "shop-features-password": (SECRETS_USER, f"{VAULT}/secrets/database-password"),
        "shop-features-mail": (SECRETS_USER, f"{VAULT}/secrets/mail"),
    }


def test_a_link_of_a_store_carries_what_its_references_name() -> None:
    def program() -> dict[str, Any]:
        vault = KeyVault("shop", {"resource_group_name": "rg-team"})
        reference: VaultReferenceArgs = {
            "vault_id": vault.vault_id,
            "vault_endpoint": vault.endpoint,
            "secret": "mail",
        }
        made = AppConfiguration(
            "shop", {"resource_group_name": "rg-team", "references": {"shop:mail": reference}}
        )
        links = {
            "features": made.configuration_link(),
            "owned": made.configuration_link(ConfigurationAccess.WRITE),
        }
        WebApp("web", {"resource_group_name": "rg-team", "links": links})
        return {}

    vault = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-shop-dev-{SUFFIX}"
    made = f"{GROUP}/providers/Microsoft.AppConfiguration/configurationStores/{MADE}"
    assert roles_in(deploy(program)) == {
        "web-features": (READER, made),
        "web-features-shop:mail": (SECRETS_USER, f"{vault}/secrets/mail"),
        "web-owned": (OWNER, made),
    }


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"references": {"a": {"vault_id": VAULT}}}, "a secret's name"),
        (
            {"references": {"a": {"secret": "mail"}}},
            "give links[features].app_configuration.references[a].vault_id",
        ),
        (
            {"endpoint": "https://appcs-other.azconfig.io/"},
            "the id of one resource, with the address of another",
        ),
        ({"endpoint": "https://appcs-team.vault.azure.net/"}, "the address of another service"),
        ({"access": "own"}, "one of read, write"),
    ],
)
def test_a_link_that_cannot_work_is_refused(record: dict[str, Any], said: str) -> None:
    assert said in refusal(**linked(**record))


def test_a_secret_output_in_a_key_value_is_named_in_a_warning_and_not_repeated() -> None:
    def program() -> dict[str, Any]:
        values = {"color": pulumi.Output.from_input("green"), "password": pulumi.Output.secret("k8Xw2pQz9L")}
        AppConfiguration("shop", {"resource_group_name": "rg-team", "key_values": values})
        return {}

    assert deploy(program).warned == [
        "key_values[password] of AppConfiguration 'shop': a secret that lies in clear in the store, for "
        "everybody who may read it. Next: put the value into a vault, and write the key in references."
    ]
    assert app_configuration(references={"password": REFERENCE}).warned == []  # the next step, tried


def test_two_references_that_turn_out_to_be_to_one_secret_are_refused_and_one_of_them_is_enough() -> None:
    references = {name: {"vault_id": Later(VAULT), "secret": "mail"} for name in ("one", "other")}
    record = "links[features].app_configuration.references"
    assert problems_of(web_app)(**linked(references=references)) == [
        (
            f"{record}[one] and {record}[other]",
            "the same role on the same scope, twice",
            "one grant for both",
            f"take {record}[other] out: what {record}[one] grants is enough for both; "
            "or give both as texts, or as one Output",
        )
    ]
    enough = web_app(**linked(references={"one": references["one"]}))
    assert roles_in(enough)["shop-features-one"] == (SECRETS_USER, f"{VAULT}/secrets/mail")


def test_secrets_of_vaults_elsewhere_are_granted_by_whoever_may_there_or_left_to_their_owner() -> None:
    elsewhere = VAULT.replace("rg-team", "rg-security")
    record = linked(references={"mail": {"vault_id": Later(elsewhere), "secret": "mail"}})
    contract = web_app(**record).outputs["deployer_contract"]
    secret = f"{elsewhere}/secrets/mail"
    assert (
        f"Role Based Access Control Administrator on {secret} (grants, under the condition)"
        in contract["roles"]
    )
    assert f"{SECRETS_USER} Key Vault Secrets User" in contract["role_ids"].splitlines()
    record["links"]["features"]["grant"] = False
    left = web_app(**record)
    assert roles_in(left) == {}
    assert left.outputs["deployer_contract"]["left_to_owners"].splitlines() == [
        f"App Configuration Data Reader on {STORE}",
        f"Key Vault Secrets User on {secret}",
    ]


@pytest.mark.parametrize("secret", [Later("mail"), 5])
def test_a_name_of_a_secret_that_is_no_plain_text_is_one_problem(secret: Any) -> None:
    references = {"mail": {**REFERENCE, "secret": secret}}
    assert [one[0] for one in problems_of(app_configuration)(references=references)] == [
        "references[mail].secret"
    ]
