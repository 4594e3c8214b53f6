"""What a workflow does where other hosts run code: for each target, HTTP actions and what is said of them.

The same requests that the lines in `probe/lines/` have Microsoft's clients send.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tests.hosts.targets.role import ACCOUNT

_STORAGE: Final = {"x-ms-version": "2023-11-03"}
_FILES: Final = {**_STORAGE, "x-ms-file-request-intent": "backup"}
_ENTITY: Final = "(PartitionKey='probe',RowKey='1')"
_JSON: Final = {"Accept": "application/json;odata=nometadata", "DataServiceVersion": "3.0"}
_EVENT: Final[Mapping[str, Any]] = {
    "specversion": "1.0",
    "id": "1",
    "source": "/probe",
    "type": "Probe.Asked",
    "data": {},
}
_NAMES: Final = (
    "CONTAINER", "DEPLOYMENT", "ENDPOINT", "HOST", "HUB", "INDEX", "KEY", "QUEUE", "RULE_ID", "SHARE",
    "STREAM", "TABLE", "URL",
)  # fmt: skip
"""How the names of variables end that links tell."""
_BY_ROLE: Final = {"type": "ManagedServiceIdentity", "audience": "https://storage.azure.com"}
"""Such a link says of no service which tokens it takes."""
_DIGEST: Final = "A" * 43
"""32 bytes of nothing, as Key Vault writes them."""


@dataclass(frozen=True)
class Call:
    """One request. `uri` goes on from `of`, both with the names of the link's variables in braces."""

    method: str
    uri: str
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Asked:
    """What a target is asked, and what is said of the last answer: an expression's text, in which `BODY` is
    that answer."""

    calls: Sequence[Call]
    said: str


ASKED: Final[Mapping[str, Asked]] = {
    "ai": Asked(
        [Call("POST", "{ENDPOINT}openai/deployments/{DEPLOYMENT}/embeddings?api-version=2024-10-21",
              {"input": "Which shoe?"})],
        "@{length(BODY?['data'])} vector",
    ),
    "app": Asked([Call("GET", "{URL}/")], "@{BODY?['well']}"),
    "app_configuration": Asked([Call("GET", "{ENDPOINT}kv/probe?api-version=1.0")], "@{BODY?['value']}"),
    "blobs": Asked(
        [
            Call("PUT", "{ENDPOINT}{CONTAINER}/probe.txt", "a blob",
                 {**_STORAGE, "x-ms-blob-type": "BlockBlob", "x-ms-blob-content-type": "text/plain"}),
            Call("GET", "{ENDPOINT}{CONTAINER}/probe.txt", headers=_STORAGE),
        ],
        "@{BODY}",
    ),
    "certificates": Asked(
        [
            Call("POST", "{ENDPOINT}certificates/probe/create?api-version=7.4",
                 {"policy": {"issuer": {"name": "Self"}, "x509_props": {"subject": "CN=probe"}}}),
            Call("GET", "{ENDPOINT}certificates/probe?api-version=7.4"),
        ],
        "a certificate of @{BODY?['policy']?['x509_props']?['subject']}",
    ),
    "event_grid": Asked(
        [Call("POST", "{ENDPOINT}?api-version=2018-01-01",
              [_EVENT],
              {"Content-Type": "application/cloudevents-batch+json; charset=utf-8"})],
        "sent",
    ),
    "event_hubs": Asked([Call("POST", "https://{HOST}/{HUB}/messages", "one")], "sent"),
    "files": Asked(
        [
            Call("PUT", "{ENDPOINT}{SHARE}/probe.txt",
                 headers={**_FILES, "x-ms-type": "file", "x-ms-content-length": "6",
                          "x-ms-content-type": "text/plain", "x-ms-file-attributes": "none",
                          "x-ms-file-creation-time": "now", "x-ms-file-last-write-time": "now",
                          "x-ms-file-permission": "inherit"}),
            Call("PUT", "{ENDPOINT}{SHARE}/probe.txt?comp=range", "a file",
                 {**_FILES, "x-ms-range": "bytes=0-5", "x-ms-write": "update"}),
            Call("GET", "{ENDPOINT}{SHARE}/probe.txt", headers=_FILES),
        ],
        "@{BODY}",
    ),
    "keys": Asked(
        [Call("POST", "{ENDPOINT}keys/{KEY}/sign?api-version=7.4", {"alg": "ES256", "value": _DIGEST})],
        "a signature of @{div(mul(length(BODY?['value']), 3), 4)} bytes",
    ),
    "logs_ingestion": Asked(
        [Call("POST", "{ENDPOINT}/dataCollectionRules/{RULE_ID}/streams/{STREAM}?api-version=2023-01-01",
              [{"Order": 1}])],
        "sent",
    ),
    "queues": Asked(
        [
            Call("DELETE", "{ENDPOINT}{QUEUE}/messages", headers=_STORAGE),
            Call("POST", "{ENDPOINT}{QUEUE}/messages",
                 "<QueueMessage><MessageText>a message</MessageText></QueueMessage>",
                 {**_STORAGE, "Content-Type": "application/xml"}),
            Call("GET", "{ENDPOINT}{QUEUE}/messages?peekonly=true", headers=_STORAGE),
        ],
        "@{first(split(last(split(BODY, '<MessageText>')), '</MessageText>'))}",
    ),
    "role": Asked(
        [Call("GET", f"https://{ACCOUNT}.table.core.windows.net/Tables", headers={**_STORAGE, **_JSON})],
        "@{first(BODY?['value'])?['TableName']}",
    ),
    "search": Asked(
        [Call("GET", "{ENDPOINT}indexes('{INDEX}')/docs/$count?api-version=2024-07-01")], "@{BODY} documents"
    ),
    "secrets": Asked(
        [Call("GET", "{ENDPOINT}secrets/probe-password?api-version=7.4")],
        "a secret of @{length(BODY?['value'])} characters",
    ),
    "service_bus": Asked([Call("POST", "https://{HOST}/{QUEUE}/messages", "one")], "sent"),
    "signalr": Asked(
        [Call("POST", "{ENDPOINT}api/hubs/probe/:send?api-version=2022-06-01",
              {"target": "placed", "arguments": [1]})],
        "sent",
    ),
    "tables": Asked(
        [
            Call("PUT", f"{{ENDPOINT}}{{TABLE}}{_ENTITY}", {"said": "an entity"}, {**_STORAGE, **_JSON}),
            Call("GET", f"{{ENDPOINT}}{{TABLE}}{_ENTITY}", headers={**_STORAGE, **_JSON}),
        ],
        "@{BODY?['said']}",
    ),
    "web_pub_sub": Asked(
        [Call("POST", "{ENDPOINT}api/hubs/probe/:send?api-version=2024-01-01", {"order": 1})], "sent"
    ),
}  # fmt: skip


def asking(target: str, link: str, prefix: str) -> dict[str, Any]:
    """The actions that ask a target and answer who called; `prefix` begins the link's variables."""
    asked, actions, before = ASKED[target], dict[str, Any](), dict[str, Any]()
    for number, call in enumerate(asked.calls, 1):
        name = f"{target}_{number}"
        inputs: dict[str, Any] = {
            "method": call.method,
            "uri": _told(call.uri, prefix),
            "authentication": _BY_ROLE if target == "role" else {"link": link},
        }
        inputs |= {"headers": dict(call.headers)} if call.headers else {}
        inputs |= {"body": call.body} if call.body is not None else {}
        actions[name] = {"type": "Http", "inputs": inputs, "runAfter": before}
        before = {name: ["Succeeded"]}
    last, first = f"{target}_{len(asked.calls)}", f"{target}_1"
    said = asked.said.replace("BODY", f"body('{last}')")
    # Of several calls the first says why nobody is let in.
    code = f"@{{outputs('{first}')?['statusCode']}} @{{actions('{first}')?['code']}}"
    refused = f"{code} @{{string(body('{first}'))}}"
    actions[f"{target}_said"] = _response({"let_in": True, "said": said}, last, "Succeeded")
    actions[f"{target}_refused"] = _response({"let_in": False, "said": refused}, last, "Failed", "Skipped")
    return actions


def _response(body: dict[str, Any], after: str, *how: str) -> dict[str, Any]:
    inputs = {"statusCode": 200, "body": body}
    return {"type": "Response", "kind": "Http", "inputs": inputs, "runAfter": {after: list(how)}}


def _told(text: str, prefix: str) -> str:
    """An address with each variable in braces as an expression that reads it."""
    for name in _NAMES:
        text = text.replace(f"{{{name}}}", f"@{{parameters('{prefix}{name}')}}")
    return text
