"""Monitor ingestion."""

from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi_azure_native import operationalinsights

from components import LogsIngestion
from components.links import LinkArgs
from tests.hosts.row import Given, Target


class _Target(Target):
    name = "Monitor ingestion"
    docs = "docs/guides/logs-ingestion.md"
    said = "sent"
    refusal = r"does not have access to ingest"

    def declare(self, given: Given) -> tuple[LinkArgs, Mapping[str, pulumi.Input[Any]]]:
        workspace = operationalinsights.Workspace("rows", resource_group_name=given.group.name)
        made = LogsIngestion(
            "rows",
            {
                "resource_group_name": given.group.name,
                "location": "westeurope",
                "workspace_id": workspace.id,
                "table": "Probe_CL",
                "columns": {"Order": "int"},
            },
        )
        return made.send_link(), {"name": made.name}


TARGET = _Target()
