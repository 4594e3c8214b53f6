"""The token endpoint of a runbook's sandbox: App Service's protocol, for an automation account.

https://learn.microsoft.com/azure/automation/enable-managed-identity-for-automation
"""

import uuid
from collections.abc import Mapping
from typing import Final

from local_azure.app_service.identity_endpoint import handle_identity
from local_azure.ground import Ground
from local_azure.http import Request, Response
from local_azure.rules import Rule
from local_azure.store import Resource
from local_azure.with_identity.table import AUTOMATION

PATH: Final = "/automation/msi/token"

RULES: Final = [
    Rule(
        "I22",
        "behaviour",
        "A runbook gets tokens at IDENTITY_ENDPOINT with IDENTITY_HEADER, as code on App Service; no one "
        "else knows the header.",
        held_by="i22_a_runbook_gets_tokens_as_its_account",
    ),
]


class Runbooks:
    """`environment` is what a sandbox is told, which a job has as long as it runs."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._portal = ""
        self._accounts: dict[str, str] = {}

    def bind(self, portal: str) -> None:
        self._portal = portal

    def environment(self, account_id: str) -> Mapping[str, str]:
        """Raises LookupError where there is no such account."""
        account: Resource | None = self._ground.store.get(account_id)
        if account is None or account.type.lower() != AUTOMATION.lower():
            raise LookupError(f"there is no automation account {account_id}")
        header = uuid.uuid4().hex
        self._accounts[header] = account.id
        return {"IDENTITY_ENDPOINT": f"{self._portal}{PATH}", "IDENTITY_HEADER": header}

    def handle(self, request: Request) -> Response:
        return handle_identity(self._ground, self._accounts, request)
