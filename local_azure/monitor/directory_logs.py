"""What happens in the directory, as rows in the workspaces that its diagnostic settings lead to.

https://learn.microsoft.com/entra/identity/monitoring-health/concept-diagnostic-settings-logs-options
"""

from datetime import UTC, datetime
from typing import Final

from components.azure_facts.log_tables import table_of
from local_azure.bodies import items, properties_of
from local_azure.entra.events import Event, SignInAttempt
from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.monitor.directory_rows import category_of, row_of_change, row_of_sign_in
from local_azure.monitor.directory_settings import DIRECTORY_SETTINGS
from local_azure.monitor.rows import WorkspaceRows
from local_azure.monitor.tables import TIME
from local_azure.monitor.workspaces import WORKSPACES
from local_azure.origins import PERSON_ADDRESS
from local_azure.rules import Rule
from local_azure.service import Services

RULES: Final = [
    Rule(
        "O23",
        "behaviour",
        "Where a setting of the directory has the category, each token that is given out or refused is a "
        "row: of a managed identity, an application, a person, or a client that asks for a person again, in "
        "four tables.",
        held_by="o23_each_token_is_a_row_in_the_table_of_who_got_it",
    ),
    Rule(
        "O23",
        "behaviour",
        "A sign-in that is refused says Entra's number in ResultType, which is 0 of the others.",
        held_by="o23_a_sign_in_that_is_refused_says_the_number",
        source="https://learn.microsoft.com/entra/identity-platform/reference-error-codes",
    ),
    Rule(
        "O23",
        "assumed",
        "A token that a federated credential is exchanged for is a sign-in of the managed identity. Azure "
        "keeps a managed identity's token for a day, so there are fewer rows than here; a client that is not "
        "known leaves none.",
        held_by="o23_an_exchanged_token_is_a_sign_in_of_the_identity",
    ),
    Rule(
        "O24",
        "behaviour",
        "A change of applications, service principals, app roles and members is a row of AuditLogs, with "
        "what was changed and by whom.",
        held_by="o24_a_change_in_the_directory_says_what_and_by_whom",
        source="https://learn.microsoft.com/entra/identity/monitoring-health/reference-audit-activities",
    ),
]


class DirectoryLogs:
    """Hears what the directory tells."""

    def __init__(self, ground: Ground, services: Services, rows: WorkspaceRows) -> None:
        self._ground, self._services, self._rows = ground, services, rows
        ground.entra.happened.listen(self._take)

    def _take(self, event: Event) -> None:
        category = category_of(event)
        table = table_of("", category)
        if table is None:
            raise LookupError(f"no table is known for {category} of the directory")
        for setting in self._ground.store.list(type=DIRECTORY_SETTINGS):
            said = properties_of(setting.body)
            asked = any(log.get("category") == category and log.get("enabled") for log in items(said, "logs"))
            workspace = self._ground.store.get(str(said.get("workspaceId") or "")) if asked else None
            if workspace is not None and workspace.type == WORKSPACES:
                beside = {"TenantId": properties_of(workspace.body)["customerId"], "Type": table.name}
                self._rows.add(workspace.id, table.name, [{**self._row(event), **beside}])

    def _row(self, event: Event) -> JsonObject:
        now = datetime.fromtimestamp(self._ground.clock.now(), UTC)
        at = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        if isinstance(event, SignInAttempt):
            row = row_of_sign_in(event, self._address(event), at)
        else:
            row = row_of_change(event, PERSON_ADDRESS, at)
        return {**row, TIME: at, "SourceSystem": "Azure AD", "_IsBillable": "True"}

    def _address(self, event: SignInAttempt) -> str:
        """From where: of code in a network nothing is said, as it asks from within."""
        found = self._services.origins(event.principal.object_id)
        return next((one.address for one in found if one.address), "")
