"""Who may call an app behind sign-in: what its list of callers holds, and what a component says of it.

https://learn.microsoft.com/azure/app-service/configure-authentication-provider-aad#use-a-built-in-authorization-policy
"""

from collections.abc import Iterator
from typing import Any, Final

from access_report.following import IDENTITY, SITES, Directory
from access_report.forms.principals import principal, who_has, with_id
from access_report.grants import Form, Grant, Granted, Who
from access_report.resources import UNKNOWN, Resource, entries, items, known
from access_report.scopes import LATER, Where, inside, later, place_named, place_of_id
from components.contract import (
    APP_ID,
    CALL_GRANT,
    CLIENT_ID,
    GRANTED_BY,
    LISTED,
    PRINCIPAL_ID,
    PRINCIPAL_NAME,
)

_PROVIDER: Final = "identityProviders.azureActiveDirectory"
_POLICY: Final = f"{_PROVIDER}.validation.defaultAuthorizationPolicy"
_CALL: Final = Granted("call", "caller", words="call it", verb="may call")
_SLOT: Final = "Microsoft.Web/sites/slots"
_NOBODY: Final = "00000000-0000-0000-0000-000000000000"


def call_grant(directory: Directory, resource: Resource) -> Iterator[Grant]:
    """What a component says of one caller. One that the app's list turns out not to hold is none."""
    where = place_of_id(directory, resource, APP_ID, *SITES)
    client_id, is_listed = resource.value(CLIENT_ID), resource.value(LISTED) is True
    if is_listed and known(client_id):
        listed = _list_of(directory, where)
        if listed is not None and str(client_id).lower() not in listed:
            return
    why = str(resource.value(GRANTED_BY) or "a component")
    if not is_listed:
        why += ", once sign_in.callers of the app holds its client id"
    yield Grant(resource.urn, _caller(directory, resource), _CALL, where, why, Form.CALL)


def listed_callers(directory: Directory, resource: Resource) -> Iterator[Grant]:
    """Those in an app's list of whom no component says anything, and everybody where it has none."""
    if not _is_on(resource):
        return
    where, policy = _app(directory, resource), resource.given(_POLICY)
    said = [str(one.value(CLIENT_ID)).lower() for one in _records(directory, where)]
    applications = _listed(policy if policy == UNKNOWN else entries(policy).get("allowedApplications"))
    principals = entries(entries(policy).get("allowedPrincipals"))
    for client_id in applications:
        if client_id == UNKNOWN and not said:  # else the components around say who is in it
            someone = _somebody(directory, resource, "client")
        elif client_id in (UNKNOWN, _NOBODY, *said):
            continue
        else:
            someone = _with_client_id(directory, client_id, "")
        yield Grant(resource.urn, someone, _CALL, where, "", Form.CALL)
    # Who is in one list has to be in the other, too, where both have somebody: each change of one counts.
    named = [(kind, id) for kind in ("identities", "groups") for id in _listed(principals.get(kind))]
    for kind, id in named:
        word = "group" if kind == "groups" else "principal"
        is_later = id == UNKNOWN
        someone = _somebody(directory, resource, word) if is_later else with_id(directory, id, word)
        yield Grant(resource.urn, someone, _CALL, where, "", Form.CALL)
    if not applications and not named:
        everybody = Who("everybody of the tenant", "everybody", "of the tenant")
        yield Grant(resource.urn, everybody, _CALL, where, "", Form.CALL)


def _is_on(resource: Resource) -> bool:
    """Whether Entra signs in here. Where sign-in is off, that is told as what is open."""
    return resource.given("platform.enabled") is not False and bool(entries(resource.given(_PROVIDER)))


def _app(directory: Directory, resource: Resource) -> Where:
    app = place_named(directory, resource, "name", SITES[0])
    slot = resource.value("slot")
    return inside(app, f"/slots/{slot}", _SLOT) if known(slot) and slot else app


def _records(directory: Directory, where: Where) -> Iterator[Resource]:
    """What components say of the callers of an app."""
    for one in directory.snapshot.values():
        is_listed = one.type == CALL_GRANT and one.value(LISTED) is True
        if is_listed and place_of_id(directory, one, APP_ID, *SITES).own == where.own:
            yield one


def _list_of(directory: Directory, where: Where) -> list[str] | None:
    """The client ids in the list of an app; None where one is not known, or the app is not of this stack."""
    for one in directory.snapshot.values():
        if one.is_of("web:WebAppAuthSettingsV2") and _app(directory, one).own == where.own:
            listed = _listed(entries(one.given(_POLICY)).get("allowedApplications"))
            return None if UNKNOWN in listed else listed
    return None


def _listed(given: Any) -> list[str]:
    """A list of ids, in lower case. What is not known yet is UNKNOWN, also in the place of the list."""
    if given is None:
        return []
    if not isinstance(given, list):
        return [UNKNOWN]
    return [str(one).lower() if known(one) else UNKNOWN for one in items(given)]


def _caller(directory: Directory, resource: Resource) -> Who:
    name = resource.value(PRINCIPAL_NAME)
    called = str(name) if known(name) and name else ""
    if resource.value(PRINCIPAL_ID) is not None:
        return who_has(directory, resource, resource.value(PRINCIPAL_ID), PRINCIPAL_ID, name=called)
    client_id = resource.value(CLIENT_ID)
    if known(client_id):
        return _with_client_id(directory, str(client_id), called)
    behind = directory.all_behind(resource, CLIENT_ID, IDENTITY)
    if behind is not None:
        return principal(behind)
    return Who(f"?{resource.urn}", "client", later(directory, resource, CLIENT_ID) or LATER)


def _somebody(directory: Directory, resource: Resource, kind: str) -> Who:
    """Whom only the update will know."""
    return Who(f"?{resource.urn}", kind, later(directory, resource, "identityProviders"))


def _with_client_id(directory: Directory, client_id: str, name: str) -> Who:
    """An identity of the stack, or somebody else's by what the program calls it."""
    for one in directory.snapshot.values():
        if one.is_of(IDENTITY) and str(one.value("clientId")).lower() == client_id.lower():
            return principal(one)
    return Who(client_id.lower(), "client", name or client_id, client_id if name else "")
