"""Apps that other apps call with their identities, and sign-in: a list says who may, and no secret does."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from access_report.following import SITES, Directory
from access_report.resources import UNKNOWN, Resource, entries, items, known
from components.contract import APP_ID, CALL_GRANT
from policy.reading import at, truth
from policy.rule import Options, ResourceRule, Rule, StackRule
from policy.site_parts import parts_by_site

_SIGN_IN: Final = ("web:WebAppAuthSettingsV2", "web:WebAppAuthSettingsV2WithoutSecrets")
_OF_SLOT: Final = tuple(f"{type_}Slot" for type_ in _SIGN_IN)
_OLDER: Final = ("web:WebAppAuthSettings", "web:WebAppAuthSettingsSlot")
_PROVIDERS: Final = "identityProviders"
_PROVIDER: Final = f"{_PROVIDERS}.azureActiveDirectory"
_SETTING: Final = "clientSecretSettingName"
_IDENTITY: Final = "OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID"
"""The setting that names an identity, where another would hold a secret."""
_OPEN: Final = "AllowAnonymous"


def _lists_callers(directory: Directory, _: Options) -> Iterator[tuple[Resource, str]]:
    parts, sure = parts_by_site(directory, *_SIGN_IN)
    for app in _called(directory):
        says = f"app {app.name} is called by other apps"
        settings = parts.get(app.urn, ())
        if not settings and sure:
            yield app, f"{says} and has no {_SIGN_IN[0].partition(':')[2]}"
        for one in settings:
            for what in _lets_more_in(one):
                yield app, f"{says} and {what}"


def _called(directory: Directory) -> Iterator[Resource]:
    """Each app of the stack that something in it calls, once."""
    found: dict[str, Resource] = {}
    for one in directory.snapshot.values():
        if one.type == CALL_GRANT:
            id = at(one, APP_ID)
            app = directory.with_id(str(id)) if known(id) else directory.behind(one, APP_ID, SITES[0])
            if app is not None:
                found[app.urn] = app
    yield from found.values()


def _lets_more_in(settings: Resource) -> Iterator[str]:
    for path in ("platform.enabled", "globalValidation.requireAuthentication"):
        given = at(settings, path)
        if given != UNKNOWN and not truth(given):
            yield f"lets everybody in: {path} is not true"
    if at(settings, "globalValidation.unauthenticatedClientAction") == _OPEN:
        yield f"lets everybody in: globalValidation.unauthenticatedClientAction is {_OPEN}"
    if any(_is_every_path(one) for one in items(at(settings, "globalValidation.excludedPaths"))):
        yield "lets everybody in: globalValidation.excludedPaths has all of the app"
    policy = at(settings, f"{_PROVIDER}.validation.defaultAuthorizationPolicy")
    if policy == UNKNOWN:
        return
    applications = entries(policy).get("allowedApplications")
    principals = entries(entries(policy).get("allowedPrincipals"))
    is_empty = applications is None or (isinstance(applications, list) and not items(applications))
    if is_empty and not any(principals.values()):
        yield "lets all of the tenant in: defaultAuthorizationPolicy.allowedApplications is empty"


def _is_every_path(excluded: object) -> bool:
    """https://github.com/MicrosoftDocs/azure-docs/issues/86514"""
    return isinstance(excluded, str) and excluded.startswith("/*")


def _no_client_secret(resource: Resource, _: Options) -> Iterator[str]:
    begin = "" if resource.is_of(*_OLDER) else f"{_PROVIDER}.registration."
    says = f"sign-in of {resource.name} has a client secret"
    entra = at(resource, f"{begin}{_SETTING}")
    if known(entra) and entra not in (None, "", _IDENTITY):
        yield f"{says}: {_SETTING} is not {_IDENTITY}"
    held = resource.inputs if not begin else {_PROVIDERS: at(resource, _PROVIDERS)}
    for path, value in _secrets(held):
        is_later = path.endswith("SettingName") and not known(value)
        if path != f"{begin}{_SETTING}" and value not in (None, "") and not is_later:
            yield f"{says}: {path} is given"


def _secrets(held: object, above: str = "") -> Iterator[tuple[str, object]]:
    """What is a secret of some provider's, or names the setting that holds one, by its path."""
    if isinstance(held, Mapping):
        for key, value in cast(Mapping[str, Any], held).items():
            if key.endswith(("Secret", "SecretSettingName")):
                yield f"{above}{key}", value
            else:
                yield from _secrets(value, f"{above}{key}.")


_PAGE: Final = "https://learn.microsoft.com/azure/app-service/configure-authentication-provider-aad"
RULES: Final[tuple[Rule, ...]] = (
    StackRule(
        id="called-app-lists-callers",
        what="An app that other apps call with their identities lets in those alone that it lists.",
        why="Where it lists nobody, every program and every person of the tenant gets in.",
        source=f"{_PAGE}#use-a-built-in-authorization-policy",
        step="Give the app sign_in with callers; with azure-native, declare WebAppAuthSettingsV2 with "
        "defaultAuthorizationPolicy.allowedApplications.",
        judge=_lists_callers,
    ),
    ResourceRule(
        id="sign-in-no-client-secret",
        what="Sign-in before an app holds no client secret.",
        why="A client secret is good for whoever has it, lies in a setting, and runs out on a day.",
        source=f"{_PAGE}#use-a-managed-identity-instead-of-a-secret-preview",
        step="Leave clientSecretSettingName out for an app that programs call; where people sign in, name "
        f"{_IDENTITY}, and let the app registration trust the identity.",
        types=(*_SIGN_IN, *_OF_SLOT, *_OLDER),
        judge=_no_client_secret,
    ),
)
