"""What goes wrong with a host, as rows of a table in the app's own storage, which people find in the portal.

https://learn.microsoft.com/azure/azure-functions/functions-diagnostics
"""

import logging
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from azure.core.exceptions import AzureError, ResourceNotFoundError

from local_azure.functions_host.connections import Connection, words_of
from local_azure.functions_host.host_storage import HOST, host_id_of
from local_azure.rules import Rule

RULES: Final = [
    Rule(
        "F12",
        "behaviour",
        "What keeps a trigger from starting is a row of AzureFunctionsDiagnosticEvents<month> in the host's "
        "storage; a host that may not write it runs all the same.",
        held_by="f12_each_role_on_the_hosts_storage_is_missed_by_what_it_is_for",
        source="https://learn.microsoft.com/azure/azure-functions/functions-reference"
        "#connecting-to-host-storage-with-an-identity",
    ),
]
LOG: Final = logging.getLogger("functions")
TABLE: Final = "AzureFunctionsDiagnosticEvents"


def record(settings: Mapping[str, str], message: str) -> None:
    """Write one row; that it cannot be written is told in the log alone."""
    # Most hosts write none, and each would import its client.
    from azure.data.tables import TableServiceClient

    now = datetime.now(UTC)
    connection = Connection(HOST, settings)
    event = {
        "PartitionKey": f"{host_id_of(settings)}-{now:%Y%m%d}",
        "RowKey": str(uuid.uuid4()),
        "HitCount": 1,
        "Level": 4,
        "Message": message,
    }
    try:
        tables: Any = TableServiceClient(connection.address("table"), credential=connection.credential())
        table: Any = tables.get_table_client(f"{TABLE}{now:%Y%m}")
        try:
            table.create_entity(event)
        except ResourceNotFoundError:
            # Another listener that did not start may make it meanwhile.
            tables.create_table_if_not_exists(table.table_name)
            table.create_entity(event)
    except AzureError as error:
        LOG.error("Unable to write diagnostic events to table storage: %s", words_of(error))
