"""A wrong configuration is refused before anything is declared, all its problems at once."""

import json
from dataclasses import replace
from typing import Any

import pulumi
import pytest

from components import Runtime
from components.references import IDENTITY as IDENTITY_TYPE
from components.references import VAULT as VAULT_TYPE
from components.references import expected_id
from settings import ConfigurationRefused, Problem, read_settings
from tests.unit.program.mocked_engine import Configure, MockedAzure

GUID = "33333333-3333-4333-8333-333333333333"
GROUP = f"/subscriptions/{GUID}/resourceGroups/rg-team/providers"
IDENTITY = f"{GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities/id-team"
VAULT = {
    "vaultId": f"{GROUP}/Microsoft.KeyVault/vaults/kv-team",
    "vaultEndpoint": "https://kv-team.vault.azure.net/",
}
WITH_VAULT = {**VAULT, "purgeProtection": True, "softDeleteRetentionDays": 90}
SET, RM = "pulumi config set", "pulumi config rm"
SET_PATH, RM_PATH = "pulumi config set --path", "pulumi config rm --path"
SHOW_IDENTITY = '"$(az identity show --resource-group <group> --name <name> --query id --output tsv)"'
SHOW_ACCOUNT = '"$(az account show --query {} --output tsv)"'
SHOW_VAULT = '"$(az keyvault show --name <vault> --query {} --output tsv)"'
SHOW_GROUP = '"$(az ad group show --group {} --query id --output tsv)"'
VARIABLE = "an environment variable: letters, digits and underscores, not starting with a digit"
SECRET_NAME = "the name of a secret: 1 to 127 letters, digits and hyphens"
GROUP_NAME = "1 to 64 letters, digits, dots, hyphens, underscores and spaces, a letter or digit first"
TAG_NAME = r"a name of 1 to 512 characters without < > % & \ ? / that does not begin as Azure's own"
SIZES = (
    "one of F1, B1, B2, B3, S1, S2, S3, P1v2, P2v2, P3v2, P0v3, P1v3, P2v3, P3v3, P0v4, P1v4, P2v4, P3v4, "
    "P1mv3, P2mv3, P3mv3, P4mv3, P5mv3, P1mv4, P2mv4, P3mv4, P4mv4, P5mv4"
)
IDENTITIES = "one of user-assigned, system-assigned, existing, none"

REFUSED: list[tuple[str, dict[str, Any], Problem]] = [
    ("a region by its display name", {"location": "West Europe"},
     Problem("location", "West Europe", "a region's short name in lower case",
             (f"{SET} location westeurope",))),
    ("a plan size in the wrong case", {"size": "p1V3"},
     Problem("size", "p1V3", SIZES, (f"{SET} size P1v3",))),
    ("a plan size that does not exist", {"size": "XL"},
     Problem("size", "XL", SIZES, (f"{SET} size B1",))),
    ("an operating system that is none", {"os": "Linux"},
     Problem("os", "Linux", "one of linux, windows", (f"{SET} os linux",))),
    ("a runtime in App Service's spelling", {"runtime": "node22"},
     Problem("runtime", "node22", f"one of {', '.join(Runtime)}", (f"{SET} runtime node-22",))),
    ("access to what is neither", {"secretAccess": "secrets"},
     Problem("secretAccess", "secrets", "one of vault, secret", (f"{SET} secretAccess secret",))),
    ("a certificate without a domain", {"customDomainTls": True},
     Problem("customDomainTls", "true", "false, because there is no customDomain",
             (f"{RM} customDomainTls", f"{SET} customDomain <www.contoso.com>"))),
    ("a misspelt kind of identity", {"identity": "system assigned"},
     Problem("identity", "system assigned", IDENTITIES, (f"{SET} identity system-assigned",))),
    ("no identity but secrets", {"identity": "none", "secrets": {"A": "a"}},
     Problem("identity", "none",
             "an identity, because secrets is not empty: an app without one cannot read a vault",
             (f"{SET} identity user-assigned", f"{RM} secrets"))),
    ("an existing identity without its id", {"identity": "existing"},
     Problem("identityId", "nothing", "the id of the identity to run as, because identity is existing",
             (f"{SET} identityId {SHOW_IDENTITY}",))),
    ("an identity's id that is not used", {"identityId": IDENTITY},
     Problem("identityId", IDENTITY, "nothing, because identity is user-assigned",
             (f"{RM} identityId", f"{SET} identity existing"))),
    ("a name in place of an identity's id", {"identity": "existing", "identityId": "id-team"},
     Problem("identityId", "id-team",
             expected_id(IDENTITY_TYPE),
             (f"{SET} identityId {SHOW_IDENTITY}",))),
    ("a secret's name with an underscore", {"secrets": {"DATABASE_PASSWORD": "database_password"}},
     Problem("secrets.DATABASE_PASSWORD", "database_password", SECRET_NAME,
             (f"{SET_PATH} secrets.DATABASE_PASSWORD database-password",))),
    ("a secret's name that is too long", {"secrets": {"A": "a" * 128}},
     Problem("secrets.A", "a" * 128, SECRET_NAME, (f"{SET_PATH} secrets.A {'a' * 127}",))),
    ("a secret without a name", {"secrets": {"A": ""}},
     Problem("secrets.A", "", SECRET_NAME, (f"{SET_PATH} secrets.A my-secret",))),
    ("a variable with a hyphen", {"secrets": {"DATABASE-PASSWORD": "database-password"}},
     Problem("secrets.DATABASE-PASSWORD", "DATABASE-PASSWORD", VARIABLE,
             (f"{RM_PATH} secrets.DATABASE-PASSWORD && "
              f"{SET_PATH} secrets.DATABASE_PASSWORD database-password",))),
    ("a variable with a dot", {"settings": {"LOG.LEVEL": "info"}},
     Problem("settings.LOG.LEVEL", "LOG.LEVEL", VARIABLE,
             (f"{RM_PATH} 'settings[\"LOG.LEVEL\"]' && {SET_PATH} settings.LOG_LEVEL info",))),
    ("a variable that begins with a digit", {"settings": {"2ND": "x"}},
     Problem("settings.2ND", "2ND", VARIABLE, (f"{RM_PATH} settings.2ND && {SET_PATH} settings._2ND x",))),
    ("a variable that the program derives", {"settings": {"azure_client_id": "x"}},
     Problem("settings.azure_client_id", "azure_client_id",
             "another variable: this one follows from identity and secrets",
             (f"{RM_PATH} settings.azure_client_id",))),
    ("a variable given twice", {"secrets": {"A_KEY": "a-key"}, "settings": {"a_key": "x"}},
     Problem("settings.a_key", "the same variable as secrets.A_KEY", "a variable of its own",
             (f"{RM_PATH} settings.a_key",))),
    ("one variable in two spellings", {"secrets": {"A_KEY": "a-key", "a_key": "b"}},
     Problem("secrets.a_key", "the same variable as secrets.A_KEY", "a variable of its own",
             (f"{RM_PATH} secrets.a_key",))),
    ("a reference written by hand", {"settings": {"A": "@Microsoft.KeyVault(VaultName=v;SecretName=s)"}},
     Problem("settings.A", "@Microsoft.KeyVault(VaultName=v;SecretName=s)",
             "no reference: one is written, with the grant it needs, for each entry of secrets",
             (f"{RM_PATH} settings.A && {SET_PATH} secrets.A <secret-name>",))),
    ("a list in place of a text", {"settings": {"A": [1]}},
     Problem("settings.A", "[1]", "a text", (f"{SET_PATH} settings.A <text>",))),
    ("a text in place of entries", {"secrets": "database-password"},
     Problem("secrets", "database-password", "entries, each a name with a text",
             (f"{RM} secrets && {SET_PATH} 'secrets.<name>' <text>",))),
    ("a group by its name", {"secretReaders": {"readers": "readers"}},
     Problem("secretReaders.readers", "readers", "the object id of an Entra group, a GUID",
             (f"{SET_PATH} secretReaders.readers {SHOW_GROUP.format('readers')}",))),
    ("a group's name that no resource can carry", {"secretOfficers": {"über/all": GUID}},
     Problem("secretOfficers.über/all", "über/all", GROUP_NAME,
             (f"{RM_PATH} 'secretOfficers[\"über/all\"]' && {SET_PATH} secretOfficers.ber-all {GUID}",))),
    ("one group under two names", {"secretReaders": {"a": GUID, "b": GUID.upper()}},
     Problem("secretReaders.b", GUID.upper(), "another group: a has the same object id",
             (f"{RM_PATH} secretReaders.b",))),
    ("groups in a vault that others govern", {"manageVaultAccess": False, "secretReaders": {"a": GUID}},
     Problem("secretReaders", "a",
             "nothing, because manageVaultAccess is false: whoever governs the vault lets people in",
             (f"{RM} secretReaders", f"{SET} manageVaultAccess true"))),
    ("groups for an existing vault", {**VAULT, "secretOfficers": {"a": GUID}},
     Problem("secretOfficers", "a",
             "nothing, because whoever governs the existing vault (vaultId) lets people into it",
             (f"{RM} secretOfficers",))),
    ("a vault without its address", {"vaultId": VAULT["vaultId"]},
     Problem("vaultEndpoint", "nothing", "both of vaultId and vaultEndpoint, because vaultId is given",
             (f"{SET} vaultEndpoint {SHOW_VAULT.format('properties.vaultUri')}", f"{RM} vaultId"))),
    ("an address without its vault", {"vaultEndpoint": VAULT["vaultEndpoint"]},
     Problem("vaultId", "nothing", "both of vaultId and vaultEndpoint, because vaultEndpoint is given",
             (f"{SET} vaultId {SHOW_VAULT.format('id')}", f"{RM} vaultEndpoint"))),
    ("a vault's name in place of its id", {**VAULT, "vaultId": "kv-team"},
     Problem("vaultId", "kv-team",
             expected_id(VAULT_TYPE),
             (f"{SET} vaultId {SHOW_VAULT.format('id')}",))),
    ("a vault's address without https", {**VAULT, "vaultEndpoint": "kv-team.vault.azure.net"},
     Problem("vaultEndpoint", "kv-team.vault.azure.net", "https://<name>.vault.azure.net/",
             (f"{SET} vaultEndpoint {SHOW_VAULT.format('properties.vaultUri')}",))),
    ("the address of another vault", {**VAULT, "vaultEndpoint": "https://kv-other.vault.azure.net/"},
     Problem("vaultEndpoint", "https://kv-other.vault.azure.net/", "the address of the vault kv-team",
             (f"{SET} vaultEndpoint https://kv-team.vault.azure.net/",))),
    ("a change to an existing vault's purge protection", {**VAULT, "purgeProtection": False},
     Problem("purgeProtection", "false", "nothing, because an existing vault (vaultId) is not changed",
             (f"{RM} purgeProtection",))),
    ("a change to an existing vault's retention", {**VAULT, "softDeleteRetentionDays": 30},
     Problem("softDeleteRetentionDays", "30", "nothing, because an existing vault (vaultId) is not changed",
             (f"{RM} softDeleteRetentionDays",))),
    ("protection of a vault that is not the stack's", {**WITH_VAULT, "protect": True},
     Problem("protect", "true", "nothing, because an existing vault (vaultId) is not changed",
             (f"{RM} protect",))),
    ("too short a retention", {"softDeleteRetentionDays": 6},
     Problem("softDeleteRetentionDays", "6", "7 to 90 days", (f"{SET} softDeleteRetentionDays 7",))),
    ("too long a retention", {"softDeleteRetentionDays": 91},
     Problem("softDeleteRetentionDays", "91", "7 to 90 days", (f"{SET} softDeleteRetentionDays 90",))),
    ("a retention that is no number", {"softDeleteRetentionDays": "a week"},
     Problem("softDeleteRetentionDays", "a week", "a whole number", (f"{SET} softDeleteRetentionDays 90",))),
    ("a switch that is neither on nor off", {"purgeProtection": "yes"},
     Problem("purgeProtection", "yes", "true or false", (f"{SET} purgeProtection true",))),
    ("too many tags", {"tags": {f"t{n}": "" for n in range(51)}},
     Problem("tags", "51 tags", "at most 50 tags", (f"{RM_PATH} 'tags.<name>'",))),
    ("a tag's name with a slash", {"tags": {"cost/centre": "1"}},
     Problem("tags.cost/centre", "cost/centre", TAG_NAME, (f"{RM_PATH} 'tags[\"cost/centre\"]'",))),
    ("a tag's name that Azure keeps for itself", {"tags": {"Microsoft-team": "1"}},
     Problem("tags.Microsoft-team", "Microsoft-team", TAG_NAME, (f"{RM_PATH} tags.Microsoft-team",))),
    ("one tag in two spellings", {"tags": {"team": "a", "Team": "b"}},
     Problem("tags.Team", "Team", "a name that differs in more than upper and lower case",
             (f"{RM_PATH} tags.Team",))),
    ("a tag with two owners", {"tags": {"team": "a"}, "tagsAddedElsewhere": {"Team": "policy"}},
     Problem("tagsAddedElsewhere.Team", "Team", "no tag that is in tags, too",
             (f"{RM_PATH} tags.team", f"{RM_PATH} tagsAddedElsewhere.Team"))),
    ("a tag's text that is too long", {"tags": {"team": "x" * 257}},
     Problem("tags.team", "257 characters", "at most 256 characters",
             (f"{SET_PATH} tags.team {'x' * 256}",))),
    ("a tenant by its domain", {"tenantId": "contoso.example", "subscriptionId": GUID},
     Problem("tenantId", "contoso.example", "a GUID",
             (f"{SET} tenantId {SHOW_ACCOUNT.format('tenantId')}",))),
    ("a subscription by its name", {"tenantId": GUID, "subscriptionId": "Team"},
     Problem("subscriptionId", "Team", "a GUID", (f"{SET} subscriptionId {SHOW_ACCOUNT.format('id')}",))),
    ("a tenant without its subscription", {"tenantId": GUID},
     Problem("subscriptionId", "nothing", "both of tenantId and subscriptionId, or neither",
             (f"{SET} subscriptionId {SHOW_ACCOUNT.format('id')}",))),
    ("a subscription without its tenant", {"subscriptionId": GUID},
     Problem("tenantId", "nothing", "both of tenantId and subscriptionId, or neither",
             (f"{SET} tenantId {SHOW_ACCOUNT.format('tenantId')}",))),
    ("a misspelt key", {"purgeprotection": True},
     Problem("purgeprotection", "a key that nothing reads", "a known key; did you mean purgeProtection?",
             (f"{RM} purgeprotection",))),
]  # fmt: skip


def on_stack(problem: Problem, stack: str) -> Problem:
    """The same problem, each command naming the stack: without it the selected one would be changed."""
    mend = tuple(" && ".join(f"{c} --stack {stack}" for c in way.split(" && ")) for way in problem.mend)
    return replace(problem, mend=mend)


def refused(configure: Configure, values: dict[str, Any], **options: Any) -> ConfigurationRefused:
    configure(values, **options)
    with pytest.raises(ConfigurationRefused) as caught:
        read_settings()
    return caught.value


@pytest.mark.parametrize(("values", "problem"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_is_refused_comes_with_what_is_expected_and_the_command_that_mends_it(
    values: dict[str, Any], problem: Problem, configure: Configure
) -> None:
    assert refused(configure, values).problems == [on_stack(problem, "dev")]


ACCEPTED: list[tuple[str, dict[str, Any]]] = [
    ("no secrets and no identity", {"identity": "none"}),
    ("an existing identity", {"identity": "existing", "identityId": IDENTITY, "secrets": {"A": "a"}}),
    ("an existing vault", WITH_VAULT),
    (
        "an existing vault that others govern",
        {**WITH_VAULT, "manageVaultAccess": False, "secrets": {"A": "a"}},
    ),
    ("an id in another case than Azure's", {**WITH_VAULT, "vaultId": VAULT["vaultId"].upper()}),
    ("one group that reads and writes", {"secretReaders": {"a": GUID}, "secretOfficers": {"a": GUID}}),
    ("the longest secret name", {"secrets": {"A": "a" * 127}}),
    ("the bounds of the retention", {"softDeleteRetentionDays": 7}),
    ("fifty tags", {"tags": {f"t{n}": "x" * 256 for n in range(50)}}),
]


@pytest.mark.parametrize("values", [row[1] for row in ACCEPTED], ids=[row[0] for row in ACCEPTED])
def test_what_azure_accepts_is_accepted(values: dict[str, Any], configure: Configure) -> None:
    configure(values)
    assert read_settings()


def test_all_problems_are_reported_at_once_and_nothing_is_declared(
    configure: Configure, azure: MockedAzure
) -> None:
    error = refused(
        configure,
        {
            "size": "XL",
            "secrets": {"A_B": "a_b"},
            "softDeleteRetentionDays": 3,
            "tenantId": GUID,
            "sise": "B1",
        },
    )
    keys = [problem.key for problem in error.problems]
    assert keys == ["sise", "size", "secrets.A_B", "softDeleteRetentionDays", "subscriptionId"]
    assert azure.declared == []


def test_the_refusal_is_readable_in_a_terminal(configure: Configure) -> None:
    error = refused(configure, {"identity": "none", "secrets": {"A_B": "a_b"}}, stack="prod")
    assert str(error) == (
        "The configuration of stack prod has 2 problems; nothing was declared.\n"
        "\n"
        "  1. identity\n"
        "     given     none\n"
        "     expected  an identity, because secrets is not empty: an app without one cannot read a vault\n"
        "     mend      pulumi config set identity user-assigned --stack prod\n"
        "     or        pulumi config rm secrets --stack prod\n"
        "\n"
        "  2. secrets.A_B\n"
        "     given     a_b\n"
        "     expected  the name of a secret: 1 to 127 letters, digits and hyphens\n"
        "     mend      pulumi config set --path secrets.A_B a-b --stack prod"
    )


def test_the_engine_prints_a_refusal_without_a_traceback() -> None:
    assert issubclass(ConfigurationRefused, pulumi.RunError)


def test_a_secret_value_in_the_configuration_is_refused_without_showing_it(configure: Configure) -> None:
    error = refused(configure, {"settings": {"PASSWORD": "hunter2"}}, secret_keys=("settings",))
    assert [problem.key for problem in error.problems] == ["settings"]
    assert "hunter2" not in str(error)


def test_numbers_and_switches_that_the_command_line_stored_as_such_are_texts_to_the_app(
    configure: Configure,
) -> None:
    configure({"settings": {"PORT": 8080, "VERBOSE": True, "EMPTY": ""}})
    assert read_settings().settings == {"PORT": "8080", "VERBOSE": "true", "EMPTY": ""}


def test_keys_of_other_projects_and_providers_are_left_alone(
    configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure({})
    monkeypatch.setenv("PULUMI_CONFIG", json.dumps({"azure-native:location": "x", "keylessness:size": "XL"}))
    assert read_settings().size == "B1"
