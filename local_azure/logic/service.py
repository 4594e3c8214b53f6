"""Microsoft.Logic as a service: workflows, and their runs, which call what their actions say."""

from collections.abc import Sequence
from typing import Final

from typing_extensions import override

from local_azure.app_service.attached_identities import attached_identities
from local_azure.ground import Ground
from local_azure.logic.access import Access
from local_azure.logic.door import HOSTS, Door
from local_azure.logic.history import Firing, RunAction, Trigger, WorkflowRun
from local_azure.logic.runs import Runs
from local_azure.logic.workflows import WORKFLOWS, Workflow
from local_azure.origins import Origin
from local_azure.planes import HttpPlane, Listening
from local_azure.service import Service, Services

_ADDRESS: Final = "192.0.2.30"
"""Where actions call from, as no network has a workflow in it. From a block that is reserved for
documentation."""
_UNSERVED: Final = {
    "Microsoft.Logic/integrationAccounts": "integration accounts",
    "Microsoft.Logic/integrationServiceEnvironments": "integration service environments, which are retired",
    f"{WORKFLOWS}/runs/actions/repetitions": "repetitions of actions",
    f"{WORKFLOWS}/runs/operations": "operations of runs",
    f"{WORKFLOWS}/versions": "versions of workflows",
}


class LogicApps(Service):
    """`runs` has what became of every workflow."""

    unserved = _UNSERVED

    def __init__(self, ground: Ground, services: Services) -> None:
        self._ground = ground
        access, self.runs = Access(ground, services), Runs(ground)
        below = (ground, access, self.runs)
        self.types = (
            Workflow(*below),
            Trigger(*below),
            Firing(*below),
            WorkflowRun(*below),
            RunAction(*below),
        )
        self.planes = (HttpPlane(hosts=HOSTS, handle=Door(*below).handle),)

    @override
    def start(self, listening: Listening) -> None:
        self.runs.bind(listening.client_environment)

    @override
    def close(self) -> None:
        self.runs.close()

    @override
    def origins(self, principal_id: str) -> Sequence[Origin]:
        return [
            Origin(address=_ADDRESS)
            for one in self._ground.store.list(type=WORKFLOWS)
            if any(each.principal_id == principal_id for each in attached_identities(one.body))
        ]
