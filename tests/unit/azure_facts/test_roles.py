"""Azure's built-in roles, as the script keeps them and as they are asked for."""

import json

import pytest

from components.azure_facts import make_roles
from components.azure_facts.roles import (
    BuiltInRole,
    Permissions,
    built_in_roles,
    close_role_names,
    role_named,
)

SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"


def test_every_built_in_role_is_there_by_its_guid() -> None:
    roles = built_in_roles()
    assert len(roles) == 928
    assert all(guid == role.guid == guid.lower() for guid, role in roles.items())
    assert len({role.name.lower() for role in roles.values()}) == len(roles)


def test_a_role_has_exactly_azures_permissions() -> None:
    assert built_in_roles()[SECRETS_USER] == BuiltInRole(
        "Key Vault Secrets User",
        SECRETS_USER,
        (
            Permissions(
                (),
                (),
                (
                    "Microsoft.KeyVault/vaults/secrets/getSecret/action",
                    "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
                ),
                (),
                None,
            ),
        ),
    )


def test_what_a_role_takes_out_again_is_kept() -> None:
    contributor = role_named("Contributor")
    assert contributor is not None
    (block,) = contributor.permissions
    assert block.actions == ("*",)
    assert block.not_actions[:3] == (
        "Microsoft.Authorization/*/Delete",
        "Microsoft.Authorization/*/Write",
        "Microsoft.Authorization/elevateAccess/Action",
    )
    fhir = role_named("FHIR Data Contributor")
    assert fhir is not None
    assert fhir.permissions[0].not_data_actions


def test_each_block_of_a_role_keeps_its_own_condition() -> None:
    with_condition = [
        role for role in built_in_roles().values() if any(block.condition for block in role.permissions)
    ]
    assert len(with_condition) == 29
    drills = role_named("Azure Container Storage Owner")
    assert drills is not None
    first, second = drills.permissions
    assert first.condition is None
    assert second.condition is not None
    assert second.actions == (
        "Microsoft.Authorization/roleAssignments/delete",
        "Microsoft.Authorization/roleAssignments/write",
    )


@pytest.mark.parametrize(
    "name", ["key vault secrets user", "KEY VAULT SECRETS USER", " Key Vault Secrets User "]
)
def test_a_role_is_found_by_its_name_in_any_case(name: str) -> None:
    role = role_named(name)
    assert role is not None
    assert role.guid == SECRETS_USER


def test_no_role_is_found_by_a_name_that_is_nearly_one_but_it_is_named() -> None:
    assert role_named("Key Vault Secret User") is None
    assert close_role_names("Key Vault Secret User")[0] == "Key Vault Secrets User"
    assert close_role_names("key vault secret USER")[0] == "Key Vault Secrets User"
    assert close_role_names("quite another thing") == []


def test_nobody_can_change_a_fact() -> None:
    with pytest.raises(TypeError):
        built_in_roles()["x"] = built_in_roles()[SECRETS_USER]  # type: ignore[index]


def test_the_file_is_what_the_script_writes() -> None:
    kept = json.loads(make_roles.FILE.read_text(encoding="utf-8"))
    definitions = [{"id": guid, **role} for guid, role in kept.items()]
    assert make_roles.text(definitions) == make_roles.FILE.read_text(encoding="utf-8")


def test_the_script_keeps_what_is_read_once_and_in_order() -> None:
    definition = {
        "id": "/providers/Microsoft.Authorization/roleDefinitions/ABCDEF00-0000-4000-8000-000000000000",
        "name": "abcdef00-0000-4000-8000-000000000000",
        "roleName": "Role with a blank ",
        "description": "Not kept.",
        "roleType": "BuiltInRole",
        "permissions": [
            {
                "actions": ["b/read", "A/read", "B/read"],
                "notActions": [],
                "dataActions": [],
                "condition": None,
            },
            {"dataActions": ["c/*"], "notDataActions": ["c/write"], "condition": "x"},
        ],
    }
    custom = {**definition, "id": "00000000-0000-4000-8000-000000000001", "roleType": "CustomRole"}
    assert json.loads(make_roles.text([custom, definition])) == {
        "abcdef00-0000-4000-8000-000000000000": {
            "name": "Role with a blank",
            "permissions": [
                {"actions": ["A/read", "B/read"]},
                {"dataActions": ["c/*"], "notDataActions": ["c/write"], "condition": "x"},
            ],
        }
    }
