"""What a role lets its holder do, in words that follow from its actions."""

import pytest

from components.azure_facts.actions import covered, named_by
from components.azure_facts.role_words import may
from components.azure_facts.roles import BuiltInRole, Permissions, built_in_roles, role_named

SECRETS = "Microsoft.KeyVault/vaults/secrets"


def words(name: str) -> str | None:
    role = role_named(name)
    assert role is not None
    return may(role.permissions)


def on_data(*actions: str, but: tuple[str, ...] = ()) -> tuple[Permissions, ...]:
    return (Permissions((), (), actions, but, None),)


def on_resources(*actions: str, condition: str | None = None) -> tuple[Permissions, ...]:
    return (Permissions(actions, (), (), (), condition),)


@pytest.mark.parametrize(
    ("role", "told"),
    [
        ("Owner", "do everything, and let others do so"),
        ("Contributor", "change everything but access"),
        ("Reader", "see every resource"),
        ("User Access Administrator", "give any role to anyone"),
        ("Role Based Access Control Administrator", "give roles to others"),
        ("Key Vault Data Access Administrator", "give roles to others under a condition"),
        ("Key Vault Administrator", "do everything with secrets, keys and certificates"),
        ("Key Vault Secrets User", "read the values of secrets"),
        ("Key Vault Secrets Officer", "read, write and delete secrets"),
        ("Key Vault Reader", "see the names of secrets, keys and certificates"),
        ("Key Vault Certificate User", "read certificates with their keys and secrets"),
        ("Key Vault Crypto User", "use keys without reading them"),
        ("Key Vault Contributor", "manage key vaults"),
        ("Storage Blob Data Reader", "read blobs"),
        ("Storage Queue Data Message Sender", "put messages into queues"),
        ("Storage File Data SMB Share Reader", "read files of shares"),
        (
            "Storage File Data Privileged Reader",
            "read files of shares, and pass over the permissions of files that are read",
        ),
        ("Reader and Data Access", "read the keys of storage accounts"),
        (
            "Storage Account Contributor",
            "read the keys of storage accounts, manage storage accounts, and more",
        ),
        ("Azure Service Bus Data Sender", "send messages to queues and topics"),
        ("AcrPush", "pull and push images"),
        ("Monitoring Metrics Publisher", "send telemetry"),
        ("Network Contributor", "manage networks"),
    ],
)
def test_a_role_is_told_by_what_it_allows(role: str, told: str) -> None:
    assert words(role) == told


def test_where_there_are_no_words_there_are_none() -> None:
    assert words("Azure Arc VMware Administrator role") is None
    assert may(()) is None


def test_the_name_of_a_role_says_nothing() -> None:
    assert may(on_data(f"{SECRETS}/getSecret/action")) == "read the values of secrets"
    assert may(on_data(f"{SECRETS}/*", but=(f"{SECRETS}/getSecret/action",))) is None
    assert may(on_data(f"{SECRETS}/setSecret/action", "Contoso.Shop/*")) == "write secrets, and more"


def test_what_is_allowed_under_a_condition_is_told_so() -> None:
    write = "Microsoft.Authorization/roleAssignments/write"
    assert may(on_resources(write, condition="@x = 1")) == "give roles to others under a condition"
    both = (*on_resources(write, condition="@x = 1"), *on_resources(write))
    assert may(both) == "give roles to others"


@pytest.mark.parametrize(
    ("phrase", "action", "data"),
    [
        ("read the values of secrets", f"{SECRETS}/getSecret/action", True),
        ("read, write and delete secrets", f"{SECRETS}/setSecret/action", True),
        (
            "do everything with blobs",
            "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/*",
            True,
        ),
        ("give roles to others", "Microsoft.Authorization/roleAssignments/write", False),
        ("read the keys of storage accounts", "Microsoft.Storage/storageAccounts/listKeys/action", False),
        ("pull images", "Microsoft.ContainerRegistry/registries/pull/read", False),
    ],
)
def test_no_sentence_says_more_than_its_role_allows(phrase: str, action: str, data: bool) -> None:
    told = [role for role in built_in_roles().values() if phrase in (may(role.permissions) or "")]
    assert told
    assert [role.name for role in told if not _allows(role, action, data)] == []


def test_who_may_give_roles_or_read_secrets_is_told_with_that_or_by_name_alone() -> None:
    """No sentence is about something harmless alone."""
    told = {
        "Microsoft.Authorization/roleAssignments/write": ("give", "let others"),
        f"{SECRETS}/getSecret/action": ("secrets",),
    }
    for action, some in told.items():
        data = action.startswith(SECRETS)
        for role in built_in_roles().values():
            sentence = may(role.permissions)
            if sentence and _allows(role, action, data):
                assert "more" in sentence or any(word in sentence for word in some), role.name


def _allows(role: BuiltInRole, action: str, data: bool) -> bool:
    return covered(action, [named_by(block, data=data) for block in role.permissions])
