"""Grants inside templates and generic resources, where what they say is literal.

https://learn.microsoft.com/azure/azure-resource-manager/templates/syntax. Of expressions only a parameter
alone is followed; what any other one gives, only the deployment will know. A template stays not weighed: it
can hold anything.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from access_report.following import GROUP, ROLE_ASSIGNMENT, Directory
from access_report.forms.readers import READERS
from access_report.grants import Grant
from access_report.resources import UNKNOWN, Resource, Values, entries, items, known

DEEPEST: Final = 8
"""Templates within templates, and levels of what a resource says, that are followed."""
_PARAMETER: Final = re.compile(r"\[\s*parameters\(\s*'([^']+)'\s*\)\s*\]")
_ASSIGNMENTS: Final = "microsoft.authorization/"
_VAULT: Final = "microsoft.keyvault/vaults"
_DEPLOYMENTS: Final = "microsoft.resources/deployments"
_TYPES: Final[Mapping[str, tuple[str, str]]] = {
    f"{_ASSIGNMENTS}roleassignments": (ROLE_ASSIGNMENT, ""),
    f"{_ASSIGNMENTS}roleassignmentschedulerequests": ("authorization:RoleAssignmentScheduleRequest", ""),
    f"{_ASSIGNMENTS}roleeligibilityschedulerequests": ("authorization:RoleEligibilityScheduleRequest", ""),
    "microsoft.managedidentity/userassignedidentities/federatedidentitycredentials": (
        "managedidentity:FederatedIdentityCredential",
        "resourceName",
    ),
}
"""Resource Manager's type to azure-native's, and the input that names what it is a part of."""


@dataclass(frozen=True)
class _Place:
    """Where a template is deployed: the resource that holds it, the parameters that are known, and the id of
    what it is deployed to.
    """

    holder: Resource
    parameters: Mapping[str, Any]
    scope: str


def deployment(directory: Directory, resource: Resource) -> Iterator[Grant]:
    """What the template of a deployment grants, with those that it deploys itself."""
    properties = entries(resource.given("properties")) or resource.inputs
    template = _template(properties.get("template"))
    parameters = _parameters(template, _given(properties))
    place = _Place(resource, parameters, _scope(directory, resource))
    yield from _all(directory, template, place, DEEPEST)


def generic_resource(directory: Directory, resource: Resource) -> Iterator[Grant]:
    """What a resource of whatever type grants."""
    names = ("resourceProviderNamespace", "parentResourcePath", "resourceType", "resourceName")
    given = [str(value).strip("/") for name in names if known(value := resource.given(name)) and value]
    namespace, *rest = "/".join(given).split("/")
    scope = _scope(directory, resource)
    types, own = [namespace, *rest[::2]], rest[1::2]
    low = [part.lower() for part in rest]
    if "providers" in low[:-2]:
        at = len(low) - 3 - low[:-2][::-1].index("providers")
        scope = f"{scope}/providers/{namespace}/{'/'.join(rest[:at])}"
        types, own = [rest[at + 1], *rest[at + 2 :: 2]], rest[at + 3 :: 2]
    one = {"type": "/".join(types), "name": "/".join(own), "properties": resource.given("properties")}
    yield from _one(directory, one, _Place(resource, {}, scope), "", "", 0)


def _all(directory: Directory, template: Values, place: _Place, deepest: int) -> Iterator[Grant]:
    for one in _resources(template.get("resources")):
        yield from _one(directory, one, place, "", "", deepest)


def _one(
    directory: Directory, one: Values, place: _Place, around: str, named: str, deepest: int
) -> Iterator[Grant]:
    """One resource of a template and those in it; `around` and `named` are type and name of what it is in."""
    type_ = f"{around}/{one.get('type')}" if around else str(one.get("type"))
    name = "/".join(part for part in (named, str(_literal(one.get("name"), place))) if part)
    if _literal(one.get("condition"), place) is False or one.get("existing") is True:
        return
    if type_.lower() == _DEPLOYMENTS and deepest:
        yield from _nested(directory, one, place, deepest - 1)
    properties = _literal(one.get("properties"), place)
    scope = _literal(one.get("scope"), place)
    for made in _as_native(type_, name, properties, scope, place):
        yield from READERS[made.native_type](directory, made)
    for inner in _resources(one.get("resources")) if deepest else ():
        yield from _one(directory, inner, place, type_, name, deepest - 1)


def _as_native(type_: str, name: str, properties: Any, scope: Any, place: _Place) -> Iterator[Resource]:
    """The resources of azure-native that would grant the same; none where it grants nothing."""
    low, parent = type_.lower(), _parent(name)
    if "/providers/" in low:  # an older way to say on what a resource is
        outer, _, last = low.rpartition("/providers/")
        scope = f"{outer}/{parent.rpartition('/')[0]}" if "[" not in name and UNKNOWN not in name else UNKNOWN
        low = f"{_ASSIGNMENTS}{last}"
    if low in (_VAULT, f"{_VAULT}/accesspolicies"):
        yield from _policies(low == _VAULT, name, properties, place)
    elif low in _TYPES:
        native, owner = _TYPES[low]
        given: dict[str, Any] = {**entries(properties), owner: parent} if owner else {**entries(properties)}
        if not owner:
            given["scope"] = _absolute(scope, place)
        if not isinstance(properties, Mapping):
            given |= dict.fromkeys(("principalId", "roleDefinitionId", "subject", "issuer"), UNKNOWN)
        yield _made(native, given, place)


def _policies(is_vault: bool, name: str, properties: Any, place: _Place) -> Iterator[Resource]:
    if is_vault and entries(properties).get("enableRbacAuthorization") is True:
        return
    policies = entries(properties).get("accessPolicies")
    for policy in items(policies) if policies is None or isinstance(policies, list) else [UNKNOWN]:
        owner = name if is_vault else _parent(name)
        yield _made("keyvault:AccessPolicy", {"vaultName": owner, "policy": policy}, place)


def _nested(directory: Directory, one: Values, place: _Place, deepest: int) -> Iterator[Grant]:
    properties = entries(one.get("properties"))
    template = _template(properties.get("template"))
    how = entries(properties.get("expressionEvaluationOptions")).get("scope")
    is_inner = str(how).lower() == "inner"
    outer = _literal(_given(properties), place)
    parameters = _parameters(template, outer) if is_inner else place.parameters
    elsewhere = any(one.get(key) is not None for key in ("resourceGroup", "subscriptionId", "scope"))
    inside = _Place(place.holder, parameters, UNKNOWN if elsewhere else place.scope)
    yield from _all(directory, template, inside, deepest)


def _made(native: str, given: Values, place: _Place) -> Resource:
    holder = place.holder
    inputs = {"resourceGroupName": holder.given("resourceGroupName"), **given}
    follows = dict.fromkeys(inputs, (holder.urn,))
    return Resource(holder.urn, f"azure-native:{native}", inputs=inputs, follows=follows)


def _scope(directory: Directory, resource: Resource) -> str:
    """The id of what a template is deployed to: a group, unless the resource says where."""
    said = resource.given("scope") or resource.given("deploymentScope")
    if said is not None:
        return str(said)
    group = resource.given("resourceGroupName")
    if group is None or not known(group):
        return UNKNOWN
    found = directory.named(GROUP, str(group))
    return found.id if found and known(found.id) and found.id else f"/resourceGroups/{group}"


def _absolute(scope: Any, place: _Place) -> Any:
    if scope is None:
        return place.scope
    text = str(scope)
    if text.startswith("/") or UNKNOWN in (text, place.scope):
        return text if text.startswith("/") else UNKNOWN
    return f"{place.scope}/providers/{text}"


def _parent(name: str) -> str:
    return name.rpartition("/")[0] if UNKNOWN not in name else UNKNOWN


def _template(given: Any) -> Values:
    if isinstance(given, str):
        try:
            return entries(json.loads(given))
        except (ValueError, RecursionError):
            return {}
    return entries(given)


def _resources(given: Any) -> Iterator[Values]:
    """Of a list, or of a map by symbolic names."""
    yield from (entries(one) for one in (items(given) or entries(given).values()))


def _given(properties: Values) -> Any:
    """The parameters of a deployment; with a file of them nobody knows which."""
    return properties.get("parameters") if properties.get("parametersLink") is None else UNKNOWN


def _parameters(template: Values, given: Any) -> Mapping[str, Any]:
    """Values by name in lower case: what is given, else the default."""
    found: dict[str, Any] = {}
    for name, one in entries(template.get("parameters")).items():
        found[name.lower()] = _plain(entries(one).get("defaultValue", UNKNOWN))
    for name, one in entries(given).items():
        found[name.lower()] = entries(one).get("value", UNKNOWN)
    return found if given is None or isinstance(given, Mapping) else {}


def _literal(value: Any, place: _Place, deepest: int = DEEPEST) -> Any:
    """A value with its parameters filled in; UNKNOWN where an expression says what it is."""
    if isinstance(value, Mapping | list) and not deepest:
        return UNKNOWN
    if isinstance(value, Mapping):
        return {key: _literal(one, place, deepest - 1) for key, one in entries(value).items()}
    if isinstance(value, list):
        return [_literal(one, place, deepest - 1) for one in items(value)]
    parameter = _PARAMETER.fullmatch(value) if isinstance(value, str) else None
    return place.parameters.get(parameter[1].lower(), UNKNOWN) if parameter else _plain(value)


def _plain(value: Any) -> Any:
    """Two brackets begin a text that begins with one."""
    if not isinstance(value, str) or not value.startswith("["):
        return value
    return value[1:] if value.startswith("[[") else UNKNOWN if value.endswith("]") else value
