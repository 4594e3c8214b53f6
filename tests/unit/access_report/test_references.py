"""Secrets by name, the setting that carries each, and whether anybody lets the app in."""

from typing import Any

import pytest

from access_report.references import Cover
from access_report.resources import UNKNOWN
from access_report.sentences import headline
from access_report.setting_changes import SettingChange
from tests.unit.access_report.previews import (
    APP,
    GROUP,
    IDENTITY,
    VAULT,
    VAULT_ID,
    State,
    grant,
    identity,
    reference,
    reported,
    settings,
    site,
    state,
    unknown_grant,
    vault,
)

ONE = settings({"DB": reference("db-password"), "LEVEL": "info"})


def _line(change: SettingChange) -> tuple[str, str, str, Cover | None]:
    setting = change.setting
    return setting.variable, setting.vault, setting.secret, setting.cover


def test_a_new_reference_is_told_with_setting_secret_and_vault_and_nothing_else_is() -> None:
    told = reported(APP, [*APP, grant(), ONE])
    assert [_line(change) for change in told.settings] == [("DB", "vault", "db-password", Cover.GRANTED)]
    assert told.uncovered == []


def test_a_reference_without_a_grant_is_found() -> None:
    assert [s.variable for s in reported([*APP, grant(), ONE], [*APP, ONE]).uncovered] == ["DB"]


@pytest.mark.parametrize(
    "other",
    [
        grant(principal="0b1ec700-0000-4000-8000-0000000000ff"),
        grant("Key Vault Reader"),
        grant(scope=f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-other"),
        grant(scope=f"{VAULT_ID}/secrets/another"),
    ],
    ids=["of somebody else", "without values", "on another vault", "on another secret"],
)
def test_a_grant_that_does_not_fit_covers_nothing(other: State) -> None:
    assert [s.cover for s in reported([], [*APP, other, ONE]).uncovered] == [Cover.MISSING]


@pytest.mark.parametrize(
    "fitting",
    [grant(scope=f"{VAULT_ID}/secrets/db-password"), grant(scope=GROUP), grant("Key Vault Secrets Officer")],
    ids=["on the secret", "on the group", "of a wider role"],
)
def test_a_grant_that_fits_covers(fitting: State) -> None:
    assert reported([], [*APP, fitting, ONE]).uncovered == []


@pytest.mark.parametrize(
    "inputs",
    [
        {"identity": {"type": "None"}, "keyVaultReferenceIdentity": "SystemAssigned"},
        {"keyVaultReferenceIdentity": "SystemAssigned"},
        {"identity": {"type": "SystemAssigned"}},
    ],
    ids=["no identity", "references use an identity it lacks", "the identity was taken away"],
)
def test_an_app_that_does_not_have_the_identity_it_names_reads_nothing(inputs: dict[str, Any]) -> None:
    assert [s.cover for s in reported([], [identity(), vault(), site(**inputs), grant(), ONE]).uncovered] == [
        Cover.MISSING
    ]


def test_what_others_own_is_said_to_be_granted_by_them() -> None:
    told = reported([], [site(), vault(), ONE])  # the identity is no resource of this stack
    assert [change.setting.cover for change in told.settings] == [Cover.ELSEWHERE]
    told = reported([], [identity(), site(), settings({"DB": reference("db-password", "kv-platform")})])
    assert [_line(change) for change in told.settings] == [
        ("DB", "kv-platform", "db-password", Cover.ELSEWHERE)
    ]
    assert told.uncovered == []


def test_a_reference_that_turns_into_a_value_in_clear_is_found_and_the_value_is_not_told() -> None:
    told = reported([*APP, grant(), ONE], [*APP, grant(), settings({"DB": "hunter2", "LEVEL": "info"})])
    assert [(c.setting.variable, c.becomes_literal) for c in told.settings] == [("DB", True)]
    assert "hunter2" not in repr(told)


def test_a_value_that_is_not_known_yet_is_not_taken_for_one_in_clear() -> None:
    told = reported([*APP, grant(), ONE], [*APP, grant(), settings({"DB": UNKNOWN})])
    assert [(c.setting.variable, c.becomes_literal) for c in told.settings] == [("DB", False)]


def test_a_first_preview_takes_the_secrets_from_the_component() -> None:
    component = state(
        "keyless:index:WebApp", "app", {"identity": "user-assigned", "secrets": {"DB": "db-password"}}
    )
    own = site(keyVaultReferenceIdentity=UNKNOWN)
    own["propertyDependencies"] = {"keyVaultReferenceIdentity": [IDENTITY]}
    later = settings({"DB": UNKNOWN, "LEVEL": "info"})
    later["parent"] = component["urn"]
    part = state("keyless:index:AccessGrant", "app-vault", {"role": "Key Vault Secrets User"})
    let_in = unknown_grant({"principalId": [IDENTITY], "scope": [VAULT]}, parent=part["urn"])
    told = reported([], [component, identity(), own, vault(), part, let_in, later])
    assert [_line(change) for change in told.settings] == [("DB", "vault", "db-password", Cover.GRANTED)]


@pytest.mark.parametrize(
    "text",
    [
        "@Microsoft.KeyVault(VaultName=kv-shop;SecretName=db-password)",
        " @microsoft.keyvault(secreturi=https://KV-SHOP.vault.azure.net/secrets/db-password/0123)",
    ],
)
def test_every_spelling_of_a_reference_is_understood(text: str) -> None:
    told = reported([], [*APP, grant(), settings({"DB": text})])
    assert [_line(change) for change in told.settings] == [("DB", "vault", "db-password", Cover.GRANTED)]


def test_a_reference_that_leads_to_another_vault_is_counted_in_the_first_line() -> None:
    def read(vault: str, secret: str = "db-password") -> list[State]:
        return [*APP, grant(), settings({"DB": reference(secret, vault)})]

    assert headline(reported(read("kv-shop"), read("kv-elsewhere"))) == (
        "1 update. No grant changes; no secret value in clear; 1 reference to another vault."
    )
    assert headline(reported(read("kv-shop"), read("kv-shop", "other"))) == (
        "1 update. No grant changes; no secret value in clear."
    )
