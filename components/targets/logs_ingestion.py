"""A way for rows of one's own into Log Analytics, as a target: something an identity can be let into."""

import pulumi
from pulumi_azure_native import monitor, operationalinsights

from ..choices import read_once
from ..links import LinkArgs
from ..names.monitor import COLLECTION_ENDPOINT
from ..naming import Naming
from ..references import parse_id
from ..unknowns import answered
from .logs_ingestion_arguments import KIND, TIME, LogsIngestionArgs, LogsIngestionChoices, read_logs_ingestion
from .target import Target

_DESTINATION = "workspace"


class LogsIngestion(Target):
    """A table of a Log Analytics workspace, and the data collection rule and endpoint by which code sends
    rows to it: created, or an existing rule read by its full id. There is no key to it.

    Source: https://learn.microsoft.com/azure/azure-monitor/logs/logs-ingestion-api-overview
    """

    collection_rule_id: pulumi.Output[str]
    """Resource id of the data collection rule."""
    immutable_id: pulumi.Output[str]
    """What the rule is called when rows are sent, for a link's `rule_id`."""
    endpoint: pulumi.Output[str]
    """Address that rows are sent to, for a link's `endpoint`."""
    stream: pulumi.Output[str]
    """Stream that rows are sent to, for a link's `stream`."""

    def __init__(
        self, name: str, args: LogsIngestionArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Raises ConfigurationError when the arguments contradict each other or Azure's rules."""
        choices = read_once(KIND.component, name, args, LogsIngestionArgs, read_logs_ingestion)
        super().__init__(KIND, name, choices.target, opts)
        if self.is_looked_up:
            return
        self.naming = Naming(self, name)
        self.table = self._table(name, choices)
        self.collection_endpoint = self._endpoint(name, choices)
        self.resource = self.adopted_or(monitor.DataCollectionRule.get, lambda: self._rule(name, choices))
        self.name = self.resource.name
        self.collection_rule_id = self.declare_around(
            self.resource, others=[self.table, self.collection_endpoint]
        )
        self.immutable_id = answered(self.resource.immutable_id, lambda text: text, "the rule's immutable id")
        self.endpoint = self._address(choices)
        self.stream = choices.stream or pulumi.Output.from_input(_stream_of(choices.table))
        self.finished()

    def send_link(self) -> LinkArgs:
        """A link that sends rows to the table."""
        return {
            "logs_ingestion": {
                "id": self.collection_rule_id,
                "endpoint": self.endpoint,
                "rule_id": self.immutable_id,
                "stream": self.stream,
            }
        }

    def _table(self, name: str, choices: LogsIngestionChoices) -> operationalinsights.Table | None:
        if choices.workspace_id is None:
            return None
        workspace = choices.workspace_id.apply(parse_id)
        types = {TIME: "dateTime", **choices.columns}
        return operationalinsights.Table(
            name,
            resource_group_name=workspace.apply(lambda id: str(id.resource_group)),
            schema=operationalinsights.SchemaArgs(
                columns=[
                    operationalinsights.ColumnArgs(
                        name=column, type="dateTime" if type_ == "datetime" else type_
                    )
                    for column, type_ in types.items()
                ],
                name=choices.table,
            ),
            table_name=choices.table,
            workspace_name=workspace.apply(lambda id: id.name),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _endpoint(self, name: str, choices: LogsIngestionChoices) -> monitor.DataCollectionEndpoint | None:
        if self.adopted:
            return None
        return monitor.DataCollectionEndpoint(
            name,
            data_collection_endpoint_name=self.naming.choose(choices.endpoint_name, COLLECTION_ENDPOINT),
            location=self.target.place.location,
            network_acls=monitor.DataCollectionEndpointNetworkAclsArgs(
                public_network_access="Enabled" if choices.public else "Disabled"
            ),
            resource_group_name=self.target.place.resource_group_name,
            tags=self.target.place.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _rule(self, name: str, choices: LogsIngestionChoices) -> monitor.DataCollectionRule:
        assert self.collection_endpoint is not None
        assert self.table is not None
        stream, types = _stream_of(choices.table), {TIME: "datetime", **choices.columns}
        return monitor.DataCollectionRule(
            name,
            data_collection_endpoint_id=self.collection_endpoint.id,
            data_collection_rule_name=self.naming.choose(self.target.name, KIND.name_rule),
            data_flows=[
                monitor.DataFlowArgs(
                    destinations=[_DESTINATION],
                    output_stream=stream,
                    streams=[stream],
                    transform_kql="source",
                )
            ],
            destinations=monitor.DataCollectionRuleDestinationsArgs(
                log_analytics=[
                    monitor.LogAnalyticsDestinationArgs(
                        name=_DESTINATION, workspace_resource_id=choices.workspace_id
                    )
                ]
            ),
            location=self.target.place.location,
            resource_group_name=self.target.place.resource_group_name,
            stream_declarations={
                stream: monitor.StreamDeclarationArgs(
                    columns=[
                        monitor.ColumnDefinitionArgs(name=column, type=type_)
                        for column, type_ in types.items()
                    ]
                )
            },
            tags=self.target.place.tags,
            # A rule for a table that is not there yet is refused.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[self.table]),
        )

    def _address(self, choices: LogsIngestionChoices) -> pulumi.Output[str]:
        if self.collection_endpoint is None:
            assert choices.address is not None
            return choices.address
        found = self.collection_endpoint.logs_ingestion
        return answered(found, lambda one: one.endpoint if one else None, "the endpoint's address")


def _stream_of(table: str) -> str:
    return f"Custom-{table}"
