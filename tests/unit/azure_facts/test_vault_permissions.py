"""The words of access policies, and the actions that they allow."""

import pytest
from pulumi_azure_native import keyvault

from components.azure_facts.roles import built_in_roles
from components.azure_facts.vault_permissions import VaultPermission, allowed, held, wholly_allowed

SECRETS = "Microsoft.KeyVault/vaults/secrets"
KEYS = "Microsoft.KeyVault/vaults/keys"


def words(kind: str, *names: str) -> frozenset[VaultPermission]:
    return frozenset(VaultPermission(kind, name) for name in names)


@pytest.mark.parametrize(
    ("kind", "enum"),
    [
        ("secrets", keyvault.SecretPermissions),
        ("keys", keyvault.KeyPermissions),
        ("certificates", keyvault.CertificatePermissions),
        ("storage", keyvault.StoragePermissions),
    ],
)
def test_every_word_that_azure_takes_is_known_and_no_other(
    kind: str, enum: type[keyvault.SecretPermissions]
) -> None:
    known = {one.word for one in held(words(kind, "all"))} | {"purge"}
    assert {str(member.value).lower() for member in enum} == known


def test_actions_are_spelt_as_azures_own_roles_spell_them() -> None:
    spelt = {
        a for role in built_in_roles().values() for block in role.permissions for a in block.data_actions
    }
    for kind, names in (
        ("secrets", ("get", "list", "set")),
        (
            "keys",
            ("get", "encrypt", "decrypt", "wrapkey", "unwrapkey", "sign", "verify", "release", "backup"),
        ),
        ("certificates", ("get", "managecontacts", "manageissuers")),
    ):
        assert {*allowed(words(kind, *names))} <= spelt


def test_all_is_everything_of_its_kind_but_is_not_relied_on_for_purge() -> None:
    assert allowed(words("secrets", "all")) == (f"{SECRETS}/*",)
    assert VaultPermission("secrets", "purge") not in held(words("secrets", "all"))
    assert f"{SECRETS}/getSecret/action" in wholly_allowed(words("secrets", "all"))
    assert f"{SECRETS}/purge/action" not in wholly_allowed(words("secrets", "all"))
    assert held(words("keys", "get")) == words("keys", "get")


def test_an_action_that_takes_two_words_is_allowed_as_a_whole_by_both_alone() -> None:
    assert allowed(words("keys", "get")) == (f"{KEYS}/read",)
    assert wholly_allowed(words("keys", "get")) == ()
    assert wholly_allowed(words("keys", "get", "list")) == (f"{KEYS}/read",)


def test_a_word_that_is_new_is_an_action_of_its_own() -> None:
    assert allowed(words("secrets", "levitate")) == (f"{SECRETS}/levitate/action",)
    assert wholly_allowed(words("secrets", "levitate")) == ()
