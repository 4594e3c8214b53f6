"""KeyVault's generated keys: made by the vault, once, and never given away (C5)."""

from typing import Any

import pytest

from components import KeyKind, KeylessWebApp, KeyPurpose
from tests.unit.components.answering_azure import VAULT, Mode, rotated_after
from tests.unit.components.key_vaults import key_vault, refusal
from tests.unit.components.recorded_azure import UNKNOWN, Later, deploy_component

SIGNING: dict[str, Any] = {"purpose": "sign"}


def properties(**key: Any) -> dict[str, Any]:
    return key_vault(generated_keys={"invoices": key}).one("keyvault:Key").inputs["properties"]


def test_no_key_is_made_unless_asked() -> None:
    assert key_vault().all("Key") == []


def test_each_name_is_a_key_that_resource_manager_asks_the_vault_for() -> None:
    deployment = key_vault(
        generated_keys={"invoices": {"purpose": "sign", "kind": "P-256"}, "backups": {"purpose": "wrap"}}
    )
    made = {key.name: key.inputs for key in deployment.all("Key")}
    assert set(made) == {"shop-invoices", "shop-backups"}
    assert made["shop-invoices"] == {
        "keyName": "invoices",
        "properties": {
            "curveName": "P-256",
            "keyOps": ["sign", "verify"],
            "kty": "EC",
            "rotationPolicy": rotated_after("P365D"),
        },
        "resourceGroupName": "rg-team",
        "vaultName": "kv-shop-dev-abc123",
    }
    assert deployment.counts() == {"keyvault:Key": 2, "keyvault:Vault": 1}
    assert deployment.all("RoleAssignment") == []


@pytest.mark.parametrize(
    ("purpose", "operations"),
    [
        ("encrypt", ["encrypt", "decrypt"]),
        ("sign", ["sign", "verify"]),
        ("wrap", ["wrapKey", "unwrapKey"]),
        (KeyPurpose.WRAP, ["wrapKey", "unwrapKey"]),
    ],
)
def test_a_key_does_only_what_it_is_for(purpose: object, operations: list[str]) -> None:
    assert properties(purpose=purpose)["keyOps"] == operations


def test_a_key_has_3072_bits_unless_told_otherwise() -> None:
    assert (properties(**SIGNING)["kty"], properties(**SIGNING)["keySize"]) == ("RSA", 3072)
    assert properties(**SIGNING, kind=KeyKind.RSA_4096)["keySize"] == 4096
    curve = properties(**SIGNING, kind="P-384")
    assert (curve["kty"], curve["curveName"]) == ("EC", "P-384")
    assert "keySize" not in curve


def test_a_key_is_rotated_after_a_year_unless_told_otherwise() -> None:
    assert properties(**SIGNING)["rotationPolicy"] == rotated_after("P365D")
    # Whole numbers reach a component in a plugin as floats.
    assert properties(**SIGNING, rotate_after_days=90.0)["rotationPolicy"] == rotated_after("P90D")


def test_a_key_is_made_once_and_stays_when_it_is_taken_out_of_the_program() -> None:
    key = key_vault(generated_keys={"invoices": SIGNING}, tags={"team": "shop"}).one("keyvault:Key")
    assert key.ignore_changes == ("properties", "tags")
    assert key.retain_on_delete is True
    assert "tags" not in key.inputs


def test_code_is_told_of_the_vault_when_its_keys_are_there() -> None:
    args = {"secrets": {"DB": "db"}, "generated_keys": {"invoices": SIGNING}}
    deployment = deploy_component(KeylessWebApp, args, "up")
    settings = deployment.one("WebAppApplicationSettings")
    assert deployment.waits_for(settings, deployment.one("keyvault:Key"))


@pytest.mark.parametrize("mode", ["first preview", "later preview"])
def test_a_preview_lists_the_keys_that_will_be_made(mode: Mode) -> None:
    deployment = key_vault(mode, generated_keys={"invoices": SIGNING})
    assert deployment.one("keyvault:Key").inputs["keyName"] == "invoices"
    assert deployment.outputs["endpoint"] == UNKNOWN


def test_a_key_that_is_something_else_than_is_declared_draws_a_warning_and_no_change() -> None:
    deployment = key_vault(generated_keys={"older": SIGNING, "invoices": SIGNING})
    kind, use, rotation = sorted(deployment.warned)
    begins = "KeyVault: key older is declared"
    ends = "Azure makes a key once, so nothing was attempted. Next: declare what it is, or another key."
    assert kind == f"{begins} as RSA-3072, and was made as RSA-2048. {ends}"
    assert use == f"{begins} to sign, and was made to wrapKey. {ends}"
    assert rotation == (
        f"{begins} with rotate_after_days 365, and is rotated after 30 days. Azure makes a key once, so "
        "nothing was attempted. Next: declare what it is, or have an officer change its rotation policy."
    )


@pytest.mark.parametrize(
    ("key", "subject", "expected"),
    [
        ({}, "generated_keys[invoices].purpose", "what the key is for: one of encrypt, sign, wrap"),
        ({"purpose": "signing"}, "generated_keys[invoices].purpose", "one of encrypt, sign, wrap"),
        ({**SIGNING, "kind": "RSA-1024"}, "generated_keys[invoices].kind", "one of RSA-2048, RSA-3072,"),
        ({**SIGNING, "rotate_after_days": 6}, "generated_keys[invoices].rotate_after_days", "from 7 to 3650"),
        (
            {**SIGNING, "bits": 3072},
            "generated_keys[invoices].bits",
            "one of purpose, kind, rotate_after_days",
        ),
        (Later(SIGNING), "generated_keys[invoices]", "a plain record"),
        ("sign", "generated_keys[invoices]", "a record of purpose, kind, rotate_after_days"),
    ],
    ids=["nothing", "a near word", "a short key", "too soon", "another field", "an Output", "a text"],
)
def test_what_is_no_key_is_refused_by_its_path(key: object, subject: str, expected: str) -> None:
    text = refusal(generated_keys={"invoices": key})
    assert subject in text
    assert expected in text


@pytest.mark.parametrize("purpose", ["encrypt", "wrap"])
def test_a_curve_for_anything_but_signing_is_refused_with_both_ways_out(purpose: str) -> None:
    text = refusal(generated_keys={"backups": {"purpose": purpose, "kind": "P-256"}})
    assert f"given     {purpose} with P-256" in text
    assert "an RSA key: a curve only signs" in text
    step = (
        "leave generated_keys[backups].kind out for RSA-3072, or set generated_keys[backups].purpose to sign"
    )
    assert step in text
    assert properties(purpose=purpose)["kty"] == "RSA"
    assert properties(purpose="sign", kind="P-256")["kty"] == "EC"


def test_a_key_name_with_an_underscore_is_refused_with_the_place_of_it() -> None:
    text = refusal(generated_keys={"my_key": SIGNING})
    assert "given     a text of 6 characters; character 3, '_', is not allowed there" in text
    assert "a key's name: 1 to 127 letters, digits and hyphens" in text


def test_names_of_keys_that_a_vault_does_not_tell_apart_are_refused() -> None:
    text = refusal(generated_keys={"invoices": SIGNING, "Invoices": SIGNING})
    assert "keep one of generated_keys[invoices] and generated_keys[Invoices]" in text


def test_keys_are_not_made_in_a_vault_of_somebody_else() -> None:
    assert "existing_id and generated_keys" in refusal(existing_id=VAULT, generated_keys={"a": SIGNING})
