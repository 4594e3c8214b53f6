"""Microsoft.CognitiveServices as a service: accounts, their deployments, and what answers in models'
place."""

from typing import Final

from typing_extensions import override

from local_azure.ai_services.access import AUDIENCES
from local_azure.ai_services.accounts import (
    ACCOUNTS,
    DOMAINS,
    REGIONAL,
    Account,
    DeletedAccount,
    Deployment,
    all_deleted,
)
from local_azure.ai_services.data import AiData
from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.planes import HttpPlane
from local_azure.service import Service, Services

_UNSERVED: Final = {
    f"{ACCOUNTS}/commitmentPlans": "commitments of Azure AI services",
    f"{ACCOUNTS}/raiPolicies": "content filters of models",
}


class AiServices(Service):
    """Accounts of Azure OpenAI and Azure AI services."""

    unserved = _UNSERVED

    def __init__(self, ground: Ground, services: Services) -> None:
        self._ground = ground
        data = AiData(ground, services)
        self.types = (Account(ground), DeletedAccount(ground), Deployment(ground))
        self.planes = (
            *(
                HttpPlane(hosts=f"*{one}", audiences=AUDIENCES, envelope="plain", handle=data.handle)
                for one in DOMAINS
            ),
            HttpPlane(hosts=f"*{REGIONAL}", audiences=AUDIENCES, envelope="plain", handle=data.handle_region),
        )

    @override
    def leftovers(self) -> JsonObject:
        """The names of deleted accounts, which Azure keeps for two days."""
        return {
            "deleted_ai_accounts": [str(one["id"]).rpartition("/")[2] for one in all_deleted(self._ground)]
        }
