"""The program, run as the engine runs it, for each stack file."""

import json

import pytest

from components import ConfigurationError
from components.arguments import Arguments
from settings import WrongSubscription
from tests.unit.program.declared import GUID, SECRETS, RunProgram, grants, of_stack
from tests.unit.program.mocked_engine import IDENTITY_PRINCIPAL, ROOT, SIGNED_IN, Configure, MockedAzure

OUTPUTS = {
    "url", "app_id", "app_name", "resource_group", "vault_id", "vault_name", "vault_endpoint", "identity",
    "principal_id", "client_id", "secrets", "access", "deployer_contract", "local_development",
    "custom_domain_verification_id",
}  # fmt: skip


@pytest.mark.parametrize("stack", ["local", "dev", "staging", "prod"])
def test_every_stack_deploys_one_app_that_may_read_its_secrets(
    stack: str, configure: Configure, azure: MockedAzure, run_program: RunProgram
) -> None:
    configure(of_stack(stack), stack)
    outputs = run_program()
    assert set(outputs) == OUTPUTS
    assert (IDENTITY_PRINCIPAL, "Key Vault Secrets User") in grants(azure)
    assert (outputs["identity"], outputs["principal_id"]) == ("user-assigned", IDENTITY_PRINCIPAL)
    assert outputs["secrets"] == SECRETS
    for group in azure.of("resources:ResourceGroup"):
        assert group.inputs["tags"] == {"environment": stack}


@pytest.mark.parametrize(
    ("stack", "size", "purge_protection", "days"),
    [
        ("local", "B1", None, 7),
        ("dev", "B1", None, 7),
        ("staging", "S1", True, 30),
        ("prod", "P1v3", True, 90),
    ],
)
def test_environments_differ_in_size_retention_and_purge_protection(
    stack: str, size: str, purge_protection: bool | None, days: int,
    configure: Configure, azure: MockedAzure, run_program: RunProgram,
) -> None:  # fmt: skip
    configure(of_stack(stack), stack)
    run_program()
    vault = azure.one("keyvault:Vault")["properties"]
    assert azure.one("web:AppServicePlan")["sku"]["name"] == size
    assert vault.get("enablePurgeProtection") is purge_protection
    assert vault["softDeleteRetentionInDays"] == days


def test_a_developer_is_told_all_they_need_besides_a_login(
    configure: Configure, run_program: RunProgram
) -> None:
    configure(of_stack("dev"))
    outputs = run_program()
    assert outputs["local_development"] == {
        "AZURE_KEY_VAULT_ENDPOINT": outputs["vault_endpoint"],
        "AZURE_TOKEN_CREDENTIALS": "dev",
        "KEYLESS_SECRETS": json.dumps(SECRETS),
    }


def test_the_outputs_say_in_words_who_may_do_what(configure: Configure, run_program: RunProgram) -> None:
    configure({"secrets": SECRETS, "secretOfficers": {"officers": GUID}})
    outputs = run_program()
    identity = outputs["app_name"].replace("app-", "id-")
    assert sorted(outputs["access"]) == [
        f"Identity {identity} may read the values of secrets in key vault {outputs['vault_name']} "
        "(Key Vault Secrets User).",
        f"Members of group officers may read, write and delete secrets in key vault {outputs['vault_name']} "
        "(Key Vault Secrets Officer).",
    ]


def test_a_contradiction_that_the_components_know_is_told_by_them_in_the_words_of_configuration(
    configure: Configure, azure: MockedAzure, run_program: RunProgram
) -> None:
    configure({"os": "windows", "workers": 9, "startupCommand": "python app.py"})
    with pytest.raises(ConfigurationError) as refused:
        run_program()
    subjects = [problem.subject for problem in refused.value.problems]
    assert subjects == ["workers", "os and runtime", "os and startupCommand"]
    assert str(refused.value).startswith("The configuration of stack dev has 3 problems:\n")
    assert azure.declared == []


def test_the_secrets_of_a_stack_are_read_once(
    configure: Configure, run_program: RunProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    plain_map = Arguments.plain_map

    def counted(arguments: Arguments, key: str, entries: str) -> dict[str, object]:
        read.append(key)
        return plain_map(arguments, key, entries)

    monkeypatch.setattr(Arguments, "plain_map", counted)
    configure(of_stack("dev"))
    run_program()
    assert (read.count("secrets"), read.count("settings")) == (1, 1)


def test_everything_in_azure_is_made_by_a_provider_bound_to_the_stacks_subscription(
    configure: Configure, azure: MockedAzure, run_program: RunProgram
) -> None:
    configure(of_stack("dev"))
    run_program()
    (provider,) = [r for r in azure.declared if r.type == "pulumi:providers:azure-native"]
    assert {key: provider.inputs[key] for key in SIGNED_IN} == SIGNED_IN
    made = [r for r in azure.declared if r.type.startswith("azure-native:")]
    assert len(made) >= 8
    assert {r.provider for r in made} == {provider.name}


def test_no_secret_of_the_login_reaches_the_provider_and_so_the_state(
    configure: Configure, azure: MockedAzure, run_program: RunProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARM_CLIENT_SECRET", "planted")
    configure(of_stack("dev"))
    run_program()
    (provider,) = [r for r in azure.declared if r.type == "pulumi:providers:azure-native"]
    assert set(provider.inputs) == {"environment", "subscriptionId", "tenantId"}


def test_a_preview_shows_every_grant(
    configure: Configure, azure: MockedAzure, run_program: RunProgram
) -> None:
    configure(of_stack("local"), "local", preview=True)
    run_program()
    assert len(azure.of("authorization:RoleAssignment")) == 3


def test_a_refused_configuration_declares_nothing(
    configure: Configure, azure: MockedAzure, run_program: RunProgram
) -> None:
    configure(of_stack("dev") | {"identity": "none"})
    with pytest.raises(ConfigurationError):
        run_program()
    assert azure.declared == []


def test_the_wrong_login_declares_nothing(
    configure: Configure, azure: MockedAzure, run_program: RunProgram
) -> None:
    configure(of_stack("prod") | {"subscriptionId": GUID}, "prod")
    with pytest.raises(WrongSubscription):
        run_program()
    assert azure.declared == []


def test_the_program_is_read_in_a_minute() -> None:
    assert len((ROOT / "__main__.py").read_text().splitlines()) <= 60
