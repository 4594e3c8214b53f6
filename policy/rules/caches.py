"""Azure Managed Redis: tokens of Entra open it, and no access key does; nothing in plain text."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import EnforcementLevel

from access_report.following import REDIS
from access_report.resources import UNKNOWN, Resource
from policy.reading import at
from policy.rule import Options, ResourceRule, Rule

_DATABASE: Final = "redisenterprise:Database"
_ENTRA: Final = "https://learn.microsoft.com/azure/redis/entra-for-authentication"


def _keys(resource: Resource, _: Options) -> Iterator[str]:
    given = at(resource, "accessKeysAuthentication")
    if given != UNKNOWN and str(given).lower() != "disabled":
        yield f"database {resource.name} is opened by its keys: accessKeysAuthentication is not Disabled"


def _plain(resource: Resource, _: Options) -> Iterator[str]:
    if str(at(resource, "clientProtocol")).lower() == "plaintext":
        yield f"database {resource.name} speaks in plain text: clientProtocol is Plaintext"


def _public(resource: Resource, _: Options) -> Iterator[str]:
    given = at(resource, "publicNetworkAccess")
    if given != UNKNOWN and str(given).lower() != "disabled":
        yield f"Managed Redis {resource.name} answers every network: publicNetworkAccess is not Disabled"


RULES: Final[tuple[Rule, ...]] = (
    ResourceRule(
        id="redis-no-access-keys",
        what="A Managed Redis is opened by Entra's tokens alone, and by none of its access keys.",
        why="A key opens all of it to anybody who has it, and older versions of its API have keys on.",
        source=_ENTRA,
        step="Set accessKeysAuthentication to Disabled, and make each identity an AccessPolicyAssignment.",
        types=(_DATABASE,),
        judge=_keys,
    ),
    ResourceRule(
        id="redis-encrypted",
        what="A Managed Redis is spoken to under TLS.",
        why="In plain text everybody on the way reads the token, and what it opens.",
        source=_ENTRA,
        step="Set clientProtocol to Encrypted, or leave it out.",
        types=(_DATABASE,),
        judge=_plain,
    ),
    ResourceRule(
        id="redis-network-closed",
        what="A Managed Redis is reached by private endpoints alone.",
        why="A stolen token is worth nothing where its thief's network is not let in; it has no other rules.",
        source="https://learn.microsoft.com/azure/redis/private-link",
        step="Set publicNetworkAccess to Disabled with a private endpoint, or waive this one with a reason.",
        level=EnforcementLevel.ADVISORY,
        types=(REDIS,),
        judge=_public,
    ),
)
