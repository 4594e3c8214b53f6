"""What each status of a reference means, what likely caused it, and the command to run next.

The statuses: https://learn.microsoft.com/dotnet/api/azure.resourcemanager.appservice.models.resolvestatus
"""

import shlex
from collections.abc import Callable
from dataclasses import dataclass

from readiness.app_service import REFRESH_VERSION, AppId, Reference, ReferenceIdentity

ROLE = "Key Vault Secrets User"


@dataclass(frozen=True)
class Case:
    """One unresolved reference and what is known around it; `stack` and `vault_id` are empty when unknown."""

    app: AppId
    reference: Reference
    identity: ReferenceIdentity
    stack: str = ""
    vault_id: str = ""

    @property
    def subject(self) -> str:
        """The identity in words."""
        if self.identity.kind == "system-assigned":
            return f"the system-assigned identity of {self.app.name} (principal {self.identity.principal_id})"
        return f"the identity {self.identity.name} (principal {self.identity.principal_id})"

    @property
    def deploy(self) -> str:
        """Bring the deployment back to what the program says."""
        stack = shlex.quote(self.stack)
        return f"pulumi refresh --stack {stack} && pulumi up --stack {stack}"

    @property
    def app_arguments(self) -> str:
        slot = f" --slot {shlex.quote(self.app.slot)}" if self.app.slot else ""
        return f"--resource-group {shlex.quote(self.app.group)} --name {shlex.quote(self.app.site)}{slot}"


@dataclass(frozen=True)
class Status:
    """`refreshable`: the failure may be cached, so a refresh can heal it. `settled`: once refreshed, waiting
    does not help; only a new deployment does."""

    cause: Callable[[Case], str]
    remedy: Callable[[Case], str]
    refreshable: bool = True
    settled: bool = False


def _refresh(case: Case) -> str:
    refresh = f"config/configreferences/appsettings/refresh?api-version={REFRESH_VERSION}"
    url = shlex.quote(f"https://management.azure.com{case.app.text}/{refresh}")
    return f"az rest --method post --url {url}"


def _denied(case: Case) -> str:
    return (
        f"{case.subject} needs the role {ROLE} on the vault {case.reference.vault_name}. Either it is not "
        "assigned, or it was assigned minutes ago (Azure honours an assignment after up to ten minutes), or "
        "it comes through a group (a token older than the membership is used for up to 24 hours: assign the "
        "role to the identity itself), or access policies open the vault, beside which a role does nothing."
    )


def _grant(case: Case) -> str:
    if case.stack:
        return case.deploy
    vault = shlex.quote(case.reference.vault_name)
    asked = f'"$(az keyvault show --name {vault} --query id --output tsv)"'
    scope = shlex.quote(case.vault_id) if case.vault_id else asked
    return (
        f'az role assignment create --role "{ROLE}" --assignee-object-id {case.identity.principal_id} '
        f"--assignee-principal-type ServicePrincipal --scope {scope}"
    )


def _no_identity(case: Case) -> str:
    if case.identity.kind == "not attached":
        return (
            f"references are to be read with the identity {case.identity.name}, which is not attached to "
            f"{case.app.name}."
        )
    if case.identity.other:
        return (
            f"{case.app.name} has a user-assigned identity only, and references are read with the "
            "system-assigned one unless keyVaultReferenceIdentity says otherwise."
        )
    return f"{case.app.name} has no managed identity."


def _attach(case: Case) -> str:
    if case.stack and not case.identity.other:
        stack = shlex.quote(case.stack)
        return f"pulumi config set identity user-assigned --stack {stack} && pulumi up --stack {stack}"
    if case.stack:
        return case.deploy
    if case.identity.other:
        value = shlex.quote(case.identity.other)
        return f"az webapp update {case.app_arguments} --set keyVaultReferenceIdentity={value}"
    return f"az webapp identity assign {case.app_arguments}"


def _write_secret(case: Case) -> str:
    # The value is typed unseen and goes through a pipe: it is in no history and in no list of processes.
    vault, name = shlex.quote(case.reference.vault_name), shlex.quote(case.reference.secret_name)
    return (
        'read -rs VALUE && printf %s "$VALUE" | az keyvault secret set '
        f"--vault-name {vault} --name {name} --file /dev/stdin --output none"
    )


def _write_reference(case: Case) -> str:
    value = (
        f"{case.reference.setting}=@Microsoft.KeyVault(SecretUri=https://VAULT.vault.azure.net/secrets/NAME)"
    )
    return f"az webapp config appsettings set {case.app_arguments} --settings {shlex.quote(value)}"


def _vault(case: Case) -> str:
    return case.reference.vault_name or "the vault"


def _details(case: Case) -> str:
    return f" App Service says: {case.reference.details}" if case.reference.details else ""


STATUSES: dict[str, Status] = {
    "Initialized": Status(
        lambda _: "App Service has not tried to resolve it yet; that follows the app's next start.",
        lambda case: f"az webapp restart {case.app_arguments}",
        refreshable=False,
    ),
    "InvalidSyntax": Status(
        lambda _: "the setting's text is not a Key Vault reference that App Service can read.",
        _write_reference,
        refreshable=False,
        settled=True,
    ),
    "MSINotEnabled": Status(_no_identity, _attach, settled=True),
    "VaultNotFound": Status(
        lambda case: (
            f"there is no vault {_vault(case)}: a typing error, another cloud's address, or it is deleted."
        ),
        lambda case: f"az keyvault recover --name {shlex.quote(_vault(case))}",
    ),
    "SecretNotFound": Status(
        lambda case: (
            f"the vault {_vault(case)} has no secret {case.reference.secret_name}, or it is deleted. "
            "Its first value is written by someone with the role Key Vault Secrets Officer."
        ),
        _write_secret,
    ),
    "SecretVersionNotFound": Status(
        lambda case: (
            f"the secret {case.reference.secret_name} has no such version. A reference without a version "
            "follows every rotation."
        ),
        _write_reference,
    ),
    "AccessToKeyVaultDenied": Status(_denied, _grant),
    "OtherReasons": Status(
        lambda case: (
            f"something else, such as the firewall of {_vault(case)} or a disabled secret.{_details(case)}"
        ),
        lambda case: f"az keyvault network-rule list --name {shlex.quote(_vault(case))}",
    ),
    "FetchTimedOut": Status(
        lambda case: (
            f"{_vault(case)} did not answer App Service in time: a passing fault, or its network is closed."
        ),
        _refresh,
    ),
    "UnauthorizedClient": Status(
        lambda case: (
            f"App Service got no token that {_vault(case)} accepts for {case.subject}: the identity was "
            "deleted and made again, or it belongs to another tenant."
        ),
        lambda case: case.deploy if case.stack else f"az webapp identity show {case.app_arguments}",
    ),
}


def _dead(case: Case) -> str:
    now = "there is none" if case.identity.kind == "gone" else "another one was made in its place"
    return f"{case.subject} was deleted, and {now}; {case.app.name} keeps the ids of the deleted one."


def _attach_anew(case: Case) -> str:
    if case.identity.kind == "gone" and case.stack:
        return f"pulumi up --refresh --stack {shlex.quote(case.stack)}"
    which = f"{case.app_arguments} --identities {shlex.quote(case.identity.id)}"
    again = f"pulumi up --refresh --stack {shlex.quote(case.stack)}" if case.stack else _refresh(case)
    return f"az webapp identity remove {which} && az webapp identity assign {which} && {again}"


_OF_A_DEAD_IDENTITY = Status(_dead, _attach_anew, settled=True)
"""Whatever App Service says of a reference that is read with one."""


def explained(case: Case) -> Status:
    """What is known of an unresolved reference and its identity."""
    is_dead = case.identity.kind in ("gone", "remade")
    return _OF_A_DEAD_IDENTITY if is_dead else status_named(case.reference.status)


def status_named(name: str) -> Status:
    """A status of the enum, or words for one that Azure added since."""
    unknown = Status(lambda case: f"a status that this check does not know.{_details(case)}", _refresh)
    return STATUSES.get(name, unknown)
