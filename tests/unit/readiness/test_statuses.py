"""Every status of App Service: the likely cause in words, and the command to run next, letter by letter."""

import shlex
from collections.abc import Callable

import pytest
from azure.mgmt.web.models import ResolveStatus

from readiness import Readiness
from readiness.statuses import STATUSES
from tests.unit.readiness.conftest import APP, IDENTITY, PRINCIPAL, SYSTEM_PRINCIPAL, AppService

Run = Callable[..., Readiness]
NAMES = "--resource-group rg-shop --name app-shop"
DENIED = (
    " needs the role Key Vault Secrets User on the vault kv-shop. Either it is not assigned, or it was "
    "assigned "
    "minutes ago (Azure honours an assignment after up to ten minutes), or it comes through a group (a "
    "token older "
    "than the membership is used for up to 24 hours: assign the role to the identity itself), or access "
    "policies open the vault, beside which a role does nothing."
)
WRITE_REFERENCE = (
    f"az webapp config appsettings set {NAMES} --settings "
    "'DATABASE_PASSWORD=@Microsoft.KeyVault(SecretUri=https://VAULT.vault.azure.net/secrets/NAME)'"
)
REFRESH = (
    "az rest --method post --url "
    f"'https://management.azure.com{APP}/config/configreferences/appsettings/refresh"
    "?api-version=2022-03-01'"
)


def test_every_status_of_the_official_enum_is_known() -> None:
    assert set(STATUSES) | {"Resolved"} == {status.value for status in ResolveStatus}


@pytest.mark.parametrize(
    ("status", "cause", "remedy"),
    [
        (
            "Initialized",
            "App Service has not tried to resolve it yet; that follows the app's next start.",
            f"az webapp restart {NAMES}",
        ),
        (
            "VaultNotFound",
            "there is no vault kv-shop: a typing error, another cloud's address, or it is deleted.",
            "az keyvault recover --name kv-shop",
        ),
        (
            "SecretNotFound",
            "the vault kv-shop has no secret database-password, or it is deleted. Its first value is "
            "written by "
            "someone with the role Key Vault Secrets Officer.",
            'read -rs VALUE && printf %s "$VALUE" | az keyvault secret set --vault-name kv-shop '
            "--name database-password --file /dev/stdin --output none",
        ),
        (
            "SecretVersionNotFound",
            "the secret database-password has no such version. A reference without a version follows every "
            "rotation.",
            WRITE_REFERENCE,
        ),
        (
            "AccessToKeyVaultDenied",
            f"the identity id-shop (principal {PRINCIPAL}){DENIED}",
            f'az role assignment create --role "Key Vault Secrets User" --assignee-object-id {PRINCIPAL} '
            "--assignee-principal-type ServicePrincipal "
            '--scope "$(az keyvault show --name kv-shop --query id --output tsv)"',
        ),
        (
            "OtherReasons",
            "something else, such as the firewall of kv-shop or a disabled secret. App Service says: it "
            "said so",
            "az keyvault network-rule list --name kv-shop",
        ),
        (
            "FetchTimedOut",
            "kv-shop did not answer App Service in time: a passing fault, or its network is closed.",
            REFRESH,
        ),
        (
            "UnauthorizedClient",
            "App Service got no token that kv-shop accepts for the identity id-shop (principal "
            f"{PRINCIPAL}): the "
            "identity was deleted and made again, or it belongs to another tenant.",
            f"az webapp identity show {NAMES}",
        ),
        (
            "MadeUpByAzureLater",
            "a status that this check does not know. App Service says: it said so",
            REFRESH,
        ),
    ],
)
def test_each_status_has_a_cause_and_a_command(
    run: Run, app_service: AppService, status: str, cause: str, remedy: str
) -> None:
    app_service.resolve = lambda _: status
    app_service.details = "it said so"
    assert list(run(timeout=0).lines()) == [
        f"NOT DATABASE_PASSWORD: {status} (kv-shop/database-password)",
        f"    likely cause: {cause}",
        f"    next: {remedy}",
        "Not ready after 0 seconds: 0 of 1 Key Vault reference is resolved.",
    ]


def test_wrong_syntax_names_no_vault_and_shows_the_right_form(run: Run, app_service: AppService) -> None:
    app_service.resolve = lambda _: "InvalidSyntax"
    assert list(run().lines())[:3] == [
        "NOT DATABASE_PASSWORD: InvalidSyntax (no readable reference)",
        "    likely cause: the setting's text is not a Key Vault reference that App Service can read.",
        f"    next: {WRITE_REFERENCE}",
    ]


def test_denied_access_of_a_system_assigned_identity_names_its_app(run: Run, app_service: AppService) -> None:
    app_service.resolve = lambda _: "AccessToKeyVaultDenied"
    app_service.identity = {"type": "SystemAssigned", "principalId": SYSTEM_PRINCIPAL}
    app_service.reference_identity = None
    (report,) = run(timeout=0).references
    assert report.cause == f"the system-assigned identity of app-shop (principal {SYSTEM_PRINCIPAL}){DENIED}"
    assert f"--assignee-object-id {SYSTEM_PRINCIPAL} " in report.remedy


def test_a_known_vault_id_is_the_scope_of_the_command(run: Run, app_service: AppService) -> None:
    app_service.resolve = lambda _: "AccessToKeyVaultDenied"
    (report,) = run(timeout=0, vault_ids={"kv-shop": "/subscriptions/s/vaults/kv-shop"}).references
    assert report.remedy.endswith(" --scope /subscriptions/s/vaults/kv-shop")


def test_what_a_stack_says_is_no_command_in_the_shell_of_whoever_asks(
    run: Run, app_service: AppService
) -> None:
    app_service.resolve = lambda _: "AccessToKeyVaultDenied"
    vault_id = "/subscriptions/s/resourceGroups/$(touch made)/vaults/kv-shop"
    (report,) = run(timeout=0, vault_ids={"kv-shop": vault_id}).references
    assert shlex.split(report.remedy)[-2:] == ["--scope", vault_id]
    assert report.remedy.endswith(f" --scope '{vault_id}'")


@pytest.mark.parametrize("status", ["AccessToKeyVaultDenied", "UnauthorizedClient"])
def test_a_stacks_own_grant_comes_back_by_deploying_it(
    run: Run, app_service: AppService, status: str
) -> None:
    app_service.resolve = lambda _: status
    (report,) = run(timeout=0, stack="dev").references
    assert report.remedy == "pulumi refresh --stack dev && pulumi up --stack dev"


@pytest.mark.parametrize(
    ("identity", "reference_identity", "cause", "remedy", "remedy_in_stack"),
    [
        (
            None,
            None,
            "app-shop has no managed identity.",
            f"az webapp identity assign {NAMES}",
            "pulumi config set identity user-assigned --stack dev && pulumi up --stack dev",
        ),
        (
            {"userAssignedIdentities": {IDENTITY: {"principalId": PRINCIPAL}}},
            None,
            "app-shop has a user-assigned identity only, and references are read with the system-assigned "
            "one "
            "unless keyVaultReferenceIdentity says otherwise.",
            f"az webapp update {NAMES} --set keyVaultReferenceIdentity={IDENTITY}",
            "pulumi refresh --stack dev && pulumi up --stack dev",
        ),
        (
            {"principalId": SYSTEM_PRINCIPAL},
            IDENTITY,
            "references are to be read with the identity id-shop, which is not attached to app-shop.",
            f"az webapp update {NAMES} --set keyVaultReferenceIdentity=SystemAssigned",
            "pulumi refresh --stack dev && pulumi up --stack dev",
        ),
    ],
)
def test_a_missing_identity_is_told_apart_from_a_wrong_one(
    run: Run,
    app_service: AppService,
    identity: dict[str, object] | None,
    reference_identity: str | None,
    cause: str,
    remedy: str,
    remedy_in_stack: str,
) -> None:
    app_service.resolve = lambda _: "MSINotEnabled"
    app_service.identity = identity or {}
    app_service.reference_identity = reference_identity
    (report,) = run().references
    assert (report.cause, report.remedy) == (cause, remedy)
    assert run(stack="dev").references[0].remedy == remedy_in_stack


DEAD = f"the identity id-shop (principal {PRINCIPAL}) was deleted, and "
KEEPS = "; app-shop keeps the ids of the deleted one."
ANEW = (
    f"az webapp identity remove {NAMES} --identities {IDENTITY} && "
    f"az webapp identity assign {NAMES} --identities {IDENTITY} && "
)


REMADE = f"{DEAD}another one was made in its place{KEEPS}"
UP = "pulumi up --refresh --stack dev"


@pytest.mark.parametrize(
    ("living", "stack", "cause", "remedy"),
    [
        ("other", "", REMADE, f"{ANEW}{REFRESH}"),
        ("other", "dev", REMADE, f"{ANEW}{UP}"),
        ("", "dev", f"{DEAD}there is none{KEEPS}", UP),
    ],
)
@pytest.mark.parametrize("status", ["OtherReasons", "UnauthorizedClient", "AccessToKeyVaultDenied"])
def test_an_identity_that_was_deleted_is_named_whatever_app_service_says(
    run: Run, app_service: AppService, status: str, living: str, stack: str, cause: str, remedy: str
) -> None:
    app_service.resolve = lambda _: status
    found = {"properties": {"principalId": living}}
    app_service.living = (200, found, {}) if living else (404, {"error": {"code": "ResourceNotFound"}}, {})
    (report,) = run(timeout=0, stack=stack).references
    assert (report.cause, report.remedy) == (cause, remedy)


@pytest.mark.parametrize("answer", [403, 200])
def test_an_identity_that_may_not_be_read_is_taken_for_the_one_that_the_app_has(
    run: Run, app_service: AppService, answer: int
) -> None:
    app_service.resolve = lambda _: "OtherReasons"
    app_service.living = (answer, {}, {})
    (report,) = run(timeout=0).references
    assert report.cause.startswith("something else")
