"""Access policies of vaults, those that stand in the vault and those that are resources of their own.
https://learn.microsoft.com/azure/key-vault/general/assign-access-policy
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from access_report.following import VAULT, Directory
from access_report.forms.principals import who_has
from access_report.grants import CONDITION_LATER, Form, Grant, Granted, Limits, Who
from access_report.policies import policy
from access_report.resources import UNKNOWN, Resource, entries, items, known
from access_report.scopes import LATER, Where, place_named, place_of
from components.azure_facts.vault_permissions import VaultPermission

_READ: Final = frozenset({"objectId", "tenantId", "applicationId", "permissions"})
"""Properties of a policy; with another one it may mean what this report does not know."""


def policies_of_vault(directory: Directory, vault: Resource) -> Iterator[Grant]:
    """Those that the vault itself names."""
    given = vault.given("properties.accessPolicies")
    yield from policies(directory, vault, given, "properties", place_of(directory, vault))


def access_policy(directory: Directory, resource: Resource) -> Iterator[Grant]:
    """The one that is a resource of its own."""
    where = place_named(directory, resource, "vaultName", VAULT)
    yield from policies(directory, resource, [resource.given("policy")], "policy", where)


def policies(
    directory: Directory, resource: Resource, given: Any, property: str, where: Where
) -> Iterator[Grant]:
    """A list of policies as Azure has them, on one vault. `property` is where the resource has them."""
    if given is not None and not isinstance(given, list):
        given = [UNKNOWN]
    for one in items(given):
        is_read = isinstance(one, Mapping) and not entries(one).keys() - _READ
        granted = _granted(resource, entries(one).get("permissions") if is_read else UNKNOWN)
        if granted is not None:
            who = _who(directory, resource, entries(one), property, where)
            yield Grant(resource.urn, who, granted, where, "", Form.POLICY, _limits(entries(one)))


def policy_granted(words: frozenset[VaultPermission]) -> Granted:
    """What a policy of these words gives."""
    facts = policy(words)
    key = " ".join(sorted(f"{one.kind}/{one.word}" for one in words))
    return Granted(key, facts.name, facts, words=facts.may or "use what the words of the policy allow")


def _granted(resource: Resource, permissions: Any) -> Granted | None:
    """None for a policy that allows nothing."""
    given = entries(permissions)
    lists = [words for words in given.values() if words is not None]
    is_known = permissions is None or isinstance(permissions, Mapping)
    if not is_known or not all(isinstance(one, list) and all(map(known, items(one))) for one in lists):
        return Granted(f"?{resource.urn}", f"access policy {LATER}", words="use the vault")
    words = frozenset(
        VaultPermission(kind, str(word).lower()) for kind in given for word in items(given[kind])
    )
    return policy_granted(words) if words else None


def _who(
    directory: Directory, resource: Resource, one: Mapping[str, Any], property: str, where: Where
) -> Who:
    """A principal of another tenant than the vault's is another one, though its object id were the same."""
    found = who_has(directory, resource, one.get("objectId"), property)
    vault, tenant = directory.snapshot.get(where.urn), one.get("tenantId")
    own = vault.value("properties.tenantId") if vault else None
    if not (known(tenant) and known(own)) or str(tenant).lower() == str(own).lower():
        return found
    return Who(f"{found.key} of {str(tenant).lower()}", found.kind, f"{found.name} of tenant {tenant}")


def _limits(one: Mapping[str, Any]) -> Limits:
    """With an application, only what that does for the principal counts."""
    application = one.get("applicationId")
    if application is not None and not known(application):
        return Limits(CONDITION_LATER)
    return Limits(f"through application {str(application).lower()}" if application else "")
