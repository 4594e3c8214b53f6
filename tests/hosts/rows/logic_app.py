"""Logic apps. What others ask in code is here HTTP actions of the workflow: `tests/hosts/http_actions.py`."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import pulumi

from components import LogicApp, TokenVersion, WorkflowCallerArgs
from components.hosts.logic_apps.http_targets import UNREACHABLE
from components.links import LinkArgs
from local_azure.constants import DEPLOYER
from tests.hosts.http_actions import asking
from tests.hosts.row import LINK, SEVERAL, Given, Host, targets
from tests.patience import PATIENCE

if TYPE_CHECKING:
    from tests.engine.conftest import Loop

_AUDIENCE: Final = "https://management.azure.com"
_CALLER: Final[WorkflowCallerArgs] = {
    "object_id": DEPLOYER.object_id,
    "audience": _AUDIENCE,
    "token_version": TokenVersion.V1,
}
_FILES: Final = {"key_vault": "secrets"}
"""Targets of links whose file in `targets/` is called otherwise."""


class _LogicApp(Host):
    name = "Logic app"
    docs = "docs/guides/logic-apps.md"
    type = "Microsoft.Logic/workflows"
    runs_on = ("components/hosts/logic_apps", "local_azure/logic")
    unreachable = MappingProxyType({name: why for name, why in UNREACHABLE.items() if name in targets()})

    def declare(self, given: Given) -> pulumi.ComponentResource:
        actions: dict[str, Any] = {"begin": {"type": "Compose", "inputs": "@triggerBody()"}}
        for link, record in given.links.items():
            target = _target(link, record)
            prefix = f"{link.upper()}_"
            actions[f"ask_{target}"] = {
                "type": "If",
                "expression": {"equals": ["@triggerBody()?['target']", target]},
                "actions": {} if target in self.unreachable else asking(target, link, prefix),
            }
        return LogicApp(
            "host",
            {
                "resource_group_name": given.group.name,
                "identity": given.identity,
                "links": given.links,
                "callers": {"probe": _CALLER},
                "definition": {
                    "triggers": {"ask": {"type": "Request", "kind": "Http", "inputs": {}}},
                    "actions": actions,
                },
            },
        )

    def ask(self, loop: "Loop", outputs: Mapping[str, Any], target: str) -> Mapping[str, Any]:
        import httpx

        token = loop.session.credential.get_token(f"{_AUDIENCE}/.default").token
        answer = httpx.post(
            outputs["trigger_urls"]["ask"],
            json={"target": target},
            headers={"Authorization": f"Bearer {token}"},
            timeout=PATIENCE,
        )
        assert answer.status_code == 200, answer.text
        return answer.json()


def _target(link: str, record: LinkArgs) -> str:
    """The file of the target that a link is to: there are several where it is named so."""
    if link != LINK:
        return link.removeprefix(SEVERAL)
    field = next(one for one in record if one != "grant")
    return _FILES.get(field, field)


HOST = _LogicApp()
