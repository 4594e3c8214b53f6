"""Container apps, jobs, their environments and container groups: no keys, TLS, and not everybody."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from pulumi_policy import EnforcementLevel

from access_report.following import Directory, name_of_kind
from access_report.resources import UNKNOWN, Resource, entries, items, known
from components.azure_facts.paths import reached
from policy.reading import at, truth
from policy.rule import Options, ResourceRule, Rule, StackRule

_APP: Final = "app:ContainerApp"
_JOB: Final = "app:Job"
_ENVIRONMENT: Final = "app:ManagedEnvironment"
_MOUNT: Final = "app:ManagedEnvironmentsStorage"
_SIGN_IN: Final = "app:ContainerAppsAuthConfig"
_GROUP: Final = "containerinstance:ContainerGroup"
_REGISTRIES: Final = ("configuration.registries[].passwordSecretRef",)
_KEYS: Final[Mapping[str, Sequence[str]]] = {
    _APP: _REGISTRIES,
    _JOB: _REGISTRIES,
    _ENVIRONMENT: ("appLogsConfiguration.logAnalyticsConfiguration.sharedKey",),
    _MOUNT: ("properties.azureFile.accountKey", "properties.azureFile.accountKeyVaultProperties"),
    _GROUP: (
        "imageRegistryCredentials[].password",
        "imageRegistryCredentials[].passwordReference",
        "volumes[].azureFile.storageAccountKey",
        "volumes[].azureFile.storageAccountKeyReference",
        "diagnostics.logAnalytics.workspaceKey",
    ),
}
"""Where each type takes a key or a password of something else."""
_INGRESS: Final = "configuration.ingress"


def _keys(resource: Resource, _: Options) -> Iterator[str]:
    for path in _KEYS[resource.native_type]:
        last = path.rpartition(".")[2]
        # What is not known yet may be a part that has none.
        given = [one for name, one in reached(resource.inputs, path) if name == last]
        if any(one not in (None, "") for one in given):
            yield f"{name_of_kind(resource)} {resource.name} holds a key: {path} is given"


def _insecure(resource: Resource, _: Options) -> Iterator[str]:
    if truth(at(resource, f"{_INGRESS}.allowInsecure")):
        yield f"container app {resource.name} answers without TLS: {_INGRESS}.allowInsecure is true"


def _asks_nobody(directory: Directory, _: Options) -> Iterator[tuple[Resource, str]]:
    settings = [one for one in directory.snapshot.values() if one.is_of(_SIGN_IN)]
    owners = {one.urn: _app_of(directory, one) for one in settings}
    if None in owners.values():
        return  # one of them may be this app's
    for app in directory.snapshot.values():
        if not app.is_of(_APP) or not _is_reached_by_everybody(app):
            continue
        its = [one for one in settings if owners[one.urn] == app.urn]
        if not any(map(_asks, its)):
            yield app, f"container app {app.name} answers everybody, and asks nobody who they are"


def _is_reached_by_everybody(app: Resource) -> bool:
    if not truth(at(app, f"{_INGRESS}.external")):
        return False
    certificates = str(at(app, f"{_INGRESS}.clientCertificateMode")).lower()
    rules = at(app, f"{_INGRESS}.ipSecurityRestrictions")
    return certificates != "require" and UNKNOWN not in (certificates, rules) and not _let_in(rules)


def _let_in(rules: Any) -> list[Any]:
    """Rules that name who is let in: those that deny leave everybody else."""
    return [one for one in items(rules) if str(entries(one).get("action")).lower() != "deny"]


def _asks(settings: Resource) -> bool:
    """Whether who is not signed in is turned away, as far as that is known."""
    switch, action = (
        at(settings, path) for path in ("platform.enabled", "globalValidation.unauthenticatedClientAction")
    )
    return (switch == UNKNOWN or truth(switch)) and str(action).lower() != "allowanonymous"


def _app_of(directory: Directory, settings: Resource) -> str | None:
    """The URN of the app; empty for one that is not of this stack, None where a preview cannot tell."""
    behind = directory.behind(settings, "containerAppName", _APP)
    name: Any = at(settings, "containerAppName")
    found = behind or (directory.named(_APP, str(name)) if known(name) else None)
    if found is not None:
        return found.urn
    return "" if known(name) else None


def _public_address(resource: Resource, _: Options) -> Iterator[str]:
    if str(at(resource, "ipAddress.type")).lower() == "public":
        yield f"container group {resource.name} has a public address"


def _open_environment(resource: Resource, _: Options) -> Iterator[str]:
    access, internal = at(resource, "publicNetworkAccess"), at(resource, "vnetConfiguration.internal")
    if UNKNOWN not in (access, internal) and str(access).lower() != "disabled" and not truth(internal):
        yield f"{name_of_kind(resource)} {resource.name} answers every network"


RULES: Final[tuple[Rule, ...]] = (
    ResourceRule(
        id="containers-no-keys",
        what="Containers, and what they run in, hold no key of a registry, an account or a workspace.",
        why="A key is good for whoever has it, and lies in the state and in the platform's configuration.",
        source="https://learn.microsoft.com/azure/container-apps/managed-identity-image-pull",
        step="Pull images with an identity that has AcrPull, send logs by a diagnostic setting, and let code "
        "reach an account with its identity in place of a mounted share.",
        types=tuple(_KEYS),
        judge=_keys,
    ),
    ResourceRule(
        id="container-app-tls-only",
        what="A container app answers under TLS alone.",
        why="What is sent without it, tokens too, is read and changed by whoever is on the way.",
        source="https://learn.microsoft.com/azure/container-apps/ingress-overview",
        step="Set configuration.ingress.allowInsecure to false, or leave it out.",
        types=(_APP,),
        judge=_insecure,
    ),
    StackRule(
        id="container-app-asks-who",
        what="A container app that everybody reaches asks who they are, or there is a reason why not.",
        why="Its address is public, and found by those who look for it; the app alone decides then.",
        source="https://learn.microsoft.com/azure/container-apps/authentication",
        step="Leave configuration.ingress.external out, list addresses in ipSecurityRestrictions, or declare "
        "a ContainerAppsAuthConfig that turns away who is not signed in; or waive this one with the reason.",
        level=EnforcementLevel.ADVISORY,
        judge=_asks_nobody,
    ),
    ResourceRule(
        id="container-environment-network-closed",
        what="An environment of container apps answers chosen networks only.",
        why="What an app opens by mistake is open to nobody else then.",
        source="https://learn.microsoft.com/azure/container-apps/networking",
        step="Set vnetConfiguration.internal to true with a subnet, or publicNetworkAccess to Disabled; or "
        "waive this one with the reason.",
        level=EnforcementLevel.ADVISORY,
        types=(_ENVIRONMENT,),
        judge=_open_environment,
    ),
    ResourceRule(
        id="container-group-no-public-address",
        what="A container group has no public address, or there is a reason why.",
        why="Before it are no sign-in, no TLS and no rules of its own: whatever listens answers everybody.",
        source="https://learn.microsoft.com/azure/container-instances/container-instances-vnet",
        step="Set ipAddress.type to Private with a subnet in subnetIds; or waive this one with the reason.",
        level=EnforcementLevel.ADVISORY,
        types=(_GROUP,),
        judge=_public_address,
    ),
)
