"""Keys of storage accounts and registries, which open everything that the account holds."""

import re
from collections.abc import Iterator
from typing import Final

from access_report.forms_of_secrets import is_reference
from access_report.resources import Resource
from policy.app_settings import settings_of
from policy.rule import Options, ResourceRule, Rule

_ACCOUNT: Final = re.compile(
    r"AccountKey\s*=|SharedAccessSignature\s*=|\.(blob|queue|table|file|dfs)\.[^?]*\?.*\bsig=", re.IGNORECASE
)
_REGISTRY: Final = "DOCKER_REGISTRY_SERVER_PASSWORD"


def _no_account_key(resource: Resource, _: Options) -> Iterator[str]:
    for setting in settings_of(resource):
        if not setting.is_known or not setting.value:
            continue
        if _ACCOUNT.search(setting.value):
            yield f"{setting.kind} {setting.name} of {resource.name} holds a key of a storage account"
        elif setting.name.upper() == _REGISTRY and not is_reference(setting.value.strip()):
            yield f"{setting.kind} {setting.name} of {resource.name} holds the password of a registry"


RULES: Final[tuple[Rule, ...]] = (
    ResourceRule(
        id="setting-no-account-key",
        what="No setting of a resource holds a key of a storage account or the password of a registry.",
        why="Such a key opens all of the account to anybody, belongs to nobody, and is seldom changed.",
        source="https://learn.microsoft.com/azure/storage/common/shared-key-authorization-prevent",
        step="Let the identity in with a role, such as Storage Blob Data Reader or AcrPull, and give "
        "the account's address (AzureWebJobsStorage__accountName, acrUseManagedIdentityCreds).",
        types=(),
        judge=_no_account_key,
    ),
)
