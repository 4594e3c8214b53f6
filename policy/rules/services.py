"""Configuration stores, AI accounts and search services: no keys, no network without a reason. And automation
accounts, whose keys register workers.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import EnforcementLevel

from access_report.following import AI_ACCOUNT, AUTOMATION, CONFIGURATION_STORE, SEARCH
from access_report.resources import UNKNOWN, Resource
from policy.reading import at, truth
from policy.rule import Options, ResourceRule, Rule

_NOUNS: Final = {
    AI_ACCOUNT: "AI account",
    AUTOMATION: "automation account",
    CONFIGURATION_STORE: "configuration store",
    SEARCH: "search service",
}
_DATA: Final = (AI_ACCOUNT, CONFIGURATION_STORE, SEARCH)
_CLOSED: Final = ("disabled", "securedbyperimeter")


def _path(resource: Resource, name: str) -> str:
    """Of an AI account all of it stands below its properties."""
    return f"properties.{name}" if resource.is_of(AI_ACCOUNT) else name


def _keys(resource: Resource, _: Options) -> Iterator[str]:
    path = _path(resource, "disableLocalAuth")
    given = at(resource, path)
    if given != UNKNOWN and not truth(given):
        yield f"{_noun(resource)} {resource.name} is opened by its keys: {path} is not true"


def _network(resource: Resource, _: Options) -> Iterator[str]:
    access = at(resource, _path(resource, "publicNetworkAccess"))
    action = at(resource, "properties.networkAcls.defaultAction")
    ranges = at(resource, "networkRuleSet.ipRules") if resource.is_of(SEARCH) else None
    is_closed = str(access).lower() in _CLOSED or str(action).lower() == "deny" or bool(ranges)
    if UNKNOWN not in (access, action) and ranges != UNKNOWN and not is_closed:
        yield f"{_noun(resource)} {resource.name} answers every network"


def _noun(resource: Resource) -> str:
    return next(noun for type_, noun in _NOUNS.items() if resource.is_of(type_))


RULES: Final[tuple[Rule, ...]] = (
    ResourceRule(
        id="service-no-keys",
        what="A configuration store, an AI account or a search service is opened by roles alone, and by none "
        "of its keys.",
        why="A key opens all of it to anybody who has it, and where nothing is said it does.",
        source="https://learn.microsoft.com/azure/ai-services/disable-local-auth",
        step="Set disableLocalAuth to true, and assign roles such as App Configuration Data Reader, "
        "Cognitive Services OpenAI User or Search Index Data Reader.",
        types=_DATA,
        judge=_keys,
    ),
    ResourceRule(
        id="service-network-closed",
        what="A configuration store, an AI account or a search service answers chosen networks only.",
        why="A stolen token is worth nothing where its thief's network is not let in.",
        source="https://learn.microsoft.com/azure/ai-services/cognitive-services-virtual-networks",
        step="Set publicNetworkAccess to Disabled with a private endpoint, or rules for networks; or waive "
        "this one with a reason.",
        level=EnforcementLevel.ADVISORY,
        types=_DATA,
        judge=_network,
    ),
    ResourceRule(
        id="automation-no-keys",
        what="No key of an automation account registers a worker.",
        why="Who has a key adds a machine on which runbooks run with what they are given, and where nothing "
        "is said keys are taken.",
        source="https://learn.microsoft.com/azure/automation/disable-local-authentication",
        step="Set disableLocalAuth to true, and register workers with the extension, which signs in as the "
        "machine.",
        types=(AUTOMATION,),
        judge=_keys,
    ),
)
