"""From where a resource may be called, as it is now; Resource Manager is not behind its firewall.

Where each type says so, and on which page, is in `audit/facts/networks.json`.
"""

import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast
from urllib.parse import urlsplit

from azure.core.credentials import TokenCredential
from azure.core.exceptions import AzureError
from azure.core.rest import HttpRequest
from azure.mgmt.resource.resources import ResourceManagementClient

from audit.sources.azure import reason
from audit.why.network_facts import NetworkFacts, network_facts
from audit.why.question import Answer, Question, Step

_SUBJECT: Final = "network"
_AZURE: Final = "0.0.0.0"
"""In place of an address, it means every service of Azure, of whoever it is.
https://learn.microsoft.com/azure/azure-sql/database/firewall-configure"""

_PERIMETER: Final = "securedbyperimeter"
_KINDS: Final = frozenset({"ClientConnection", "RESTAPI", "ServerConnection"})
"""What SignalR and Web PubSub tell apart, but for traces."""


@dataclass(frozen=True)
class Network:
    """What is known: `ranges` as `192.0.2.0/24` or `192.0.2.1-192.0.2.9`, None where every address is let
    in."""

    is_public: bool
    ranges: Sequence[str] | None
    decides: str = ""
    """What else decides, and is not looked at here; empty where nothing does."""

    @property
    def lets_azure_in(self) -> bool:
        return any(one.partition("-")[0] == _AZURE for one in self.ranges or ())

    def rule_for(self, address: str) -> str:
        """The range that has it; empty where none does."""
        return next((one for one in self.ranges or () if _holds(one, address)), "")


def network(credential: TokenCredential, asked: Question, **options: Any) -> Iterator[Step]:
    """Whether the address is let in; nothing for an action that does not go there."""
    facts = network_facts().get(asked.type)
    if not asked.is_on_data and not (facts and facts.firewall):
        return
    if facts is None:
        yield Step(_SUBJECT, "not known here for this type")
        return
    try:
        found = _read(ResourceManagementClient(credential, asked.subscription, **options), asked, facts)
        step = _judged(found, asked.address)
    except AzureError as error:
        step = Step(_SUBJECT, f"could not be read: {reason(error)}", Answer.DEPENDS)
    # No role of Azure's lets anybody log in to a database: the action itself goes to Resource Manager.
    yield step if asked.is_on_data else Step(_SUBJECT, f"for whoever logs in: {step.words}")


def _judged(found: Network, address: str) -> Step:
    if not found.is_public:
        words = "public access is disabled: only private endpoints lead there"
        return Step(_SUBJECT, words, Answer.REFUSED if address else Answer.DEPENDS)
    if found.decides:
        return Step(_SUBJECT, found.decides, Answer.DEPENDS)
    if found.ranges is None:
        return Step(_SUBJECT, "every address is let in", Answer.ALLOWED)
    if not address:
        count = len(found.ranges)
        words = f"closed but for {count} ranges of addresses and what lies in its networks; give --from"
        return Step(_SUBJECT, words, Answer.DEPENDS)
    if rule := found.rule_for(address):
        return Step(_SUBJECT, f"{address} is in {rule}", Answer.ALLOWED)
    if found.lets_azure_in:
        words = f"no rule lets {address} in, unless it is a service of Azure's, which {_AZURE} lets in"
        return Step(_SUBJECT, words, Answer.DEPENDS)
    return Step(_SUBJECT, f"no rule lets {address} in", Answer.REFUSED)


def _read(client: ResourceManagementClient, asked: Question, facts: NetworkFacts) -> Network:
    """Raises AzureError."""
    whole = _properties(_get(client, asked.resource + facts.below, facts.version))
    public = str(_at(whole, facts.public) or "Enabled").lower()
    if public == _PERIMETER:
        return Network(True, None, "a network security perimeter decides")
    is_public = public == "enabled"
    if facts.firewall:
        rules = _listed(client, asked.resource + facts.firewall, facts.version)
        return Network(is_public, [_span(_properties(one)) for one in rules])
    ranges = [str(one.get(facts.range)) for one in _at(whole, facts.ranges) or () if facts.ranges]
    if facts.kinds and not _let_in(_at(whole, facts.kinds)) >= _KINDS:
        return Network(is_public, None, "public access is closed to some kinds of requests")
    if facts.default:
        is_closed = str(_at(whole, facts.default) or "Allow").lower() == "deny"
    else:
        is_closed = bool(ranges) or (facts.closes and _at(whole, facts.closes) is True)
    return Network(is_public, ranges if is_closed else None)


def _let_in(rules: Any) -> frozenset[str]:
    """The kinds of requests that come from public addresses; all of them where nothing is said."""
    allowed, denied = (frozenset(_at(rules, f"publicNetwork.{one}") or ()) for one in ("allow", "deny"))
    is_closed = str(_at(rules, "defaultAction") or "Allow").lower() == "deny"
    return (allowed if is_closed else _KINDS) - denied


def _get(client: Any, id: str, version: str) -> Mapping[str, Any]:
    """What Resource Manager says of an id, whatever its type."""
    return _answered(client, HttpRequest("GET", id, params={"api-version": version}))


def _listed(client: Any, id: str, version: str) -> Iterator[Mapping[str, Any]]:
    """All that is in a list, however many pages it has.

    https://learn.microsoft.com/rest/api/azure/#async-operations-throttling-and-paging
    """
    page = _get(client, id, version)
    yield from cast(Sequence[Mapping[str, Any]], page.get("value") or ())
    seen = set[str]()
    while following := str(page.get("nextLink") or ""):
        if following in seen or not urlsplit(following).path.lower().startswith(id.lower()):
            raise AzureError(f"the next page of {id} is said to be somewhere else")
        seen.add(following)
        at = urlsplit(following)  # Resource Manager's own address is the client's: the token stays there
        page = _answered(client, HttpRequest("GET", f"{at.path}?{at.query}"))
        yield from cast(Sequence[Mapping[str, Any]], page.get("value") or ())


def _answered(client: Any, asked: HttpRequest) -> Mapping[str, Any]:
    answer = client.send_request(asked)
    answer.raise_for_status()
    return cast(Mapping[str, Any], answer.json())


def _properties(found: Mapping[str, Any]) -> Mapping[str, Any]:
    return cast(Mapping[str, Any], found.get("properties") or {})


def _at(found: Mapping[str, Any], path: str) -> Any:
    here: Any = found
    for name in path.split("."):
        here = cast(Mapping[str, Any], here).get(name) if isinstance(here, Mapping) else None
    return here


def _span(rule: Mapping[str, Any]) -> str:
    return f"{rule.get('startIpAddress')}-{rule.get('endIpAddress')}"


def _holds(range: str, address: str) -> bool:
    here = ipaddress.ip_address(address)
    first, dash, last = range.partition("-")
    try:
        if not dash:
            return here in ipaddress.ip_network(range, strict=False)
        begin, end = ipaddress.ip_address(first), ipaddress.ip_address(last)
    except ValueError:
        return False  # written in a form that is not known here
    return begin.version == here.version == end.version and int(begin) <= int(here) <= int(end)
