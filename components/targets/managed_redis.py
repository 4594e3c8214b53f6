"""An Azure Managed Redis as a target: something an identity can be let into."""

import pulumi
from pulumi_azure_native import redisenterprise

from ..choices import read_once
from ..diagnostics import send_diagnostics
from ..links import LinkArgs
from ..links.redis import PORT
from ..redis_grant import DATABASE
from ..unknowns import answered
from .managed_redis_arguments import KIND, ManagedRedisArgs, ManagedRedisChoices, read_managed_redis
from .target import Target

_ENABLED, _DISABLED = "Enabled", "Disabled"


class ManagedRedis(Target):
    """An Azure Managed Redis that no access key opens: created with its database, or an existing one read by
    its full id.

    Access policy assignments open it, which links make; it knows no groups, and no right but everything.
    Source: https://learn.microsoft.com/azure/redis/entra-for-authentication
    """

    redis_id: pulumi.Output[str]
    """Resource id of it, given out when its database exists."""
    endpoint: pulumi.Output[str]
    """Host name of it, where Redis answers on port 10000 under TLS."""

    def __init__(self, name: str, args: ManagedRedisArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Raises ConfigurationError when the arguments contradict each other or Azure's rules."""
        choices = read_once(KIND.component, name, args, ManagedRedisArgs, read_managed_redis)
        super().__init__(KIND, name, choices.target, opts)
        if self.is_looked_up:
            return
        self.resource = self.adopted_or(
            redisenterprise.RedisEnterprise.get, lambda: self._cluster(name, choices)
        )
        self.name = self.resource.name
        content = [] if self.adopted else [self._database(name, choices)]
        self.connections = self._connections(name)
        self.redis_id = self.declare_around(self.resource, content, [self.connections], has_logs=False)
        self.endpoint = self.once_reachable(
            answered(self.resource.host_name, lambda host: host, "its host name")
        )
        self.finished()

    def redis_link(self) -> LinkArgs:
        """A link to the database, in which code may do everything."""
        return {"redis": {"id": self.redis_id, "endpoint": self.endpoint}}

    def _cluster(self, name: str, choices: ManagedRedisChoices) -> redisenterprise.RedisEnterprise:
        place = self.target.place
        return redisenterprise.RedisEnterprise(
            name,
            cluster_name=self.chosen_name(),
            high_availability=_ENABLED if choices.is_available else _DISABLED,
            location=place.location,
            minimum_tls_version=redisenterprise.TlsVersion.TLS_VERSION_1_2,
            public_network_access=self.target.network.public_network_access,
            resource_group_name=place.resource_group_name,
            sku=redisenterprise.SkuArgs(name=choices.size),
            tags=place.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _database(self, name: str, choices: ManagedRedisChoices) -> redisenterprise.Database:
        return redisenterprise.Database(
            name,
            # Said out loud: an access key opens everything, and older api-versions have them on.
            access_keys_authentication=_DISABLED,
            client_protocol=redisenterprise.Protocol.ENCRYPTED,
            cluster_name=self.resource.name,
            clustering_policy=choices.clustering.value,
            database_name=DATABASE,
            port=PORT,
            resource_group_name=self.target.place.resource_group_name,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _connections(self, name: str) -> pulumi.Resource | None:
        """Who connected: the logs are the database's, the metrics the cluster's."""
        id = self.resource.id if self.target.existing_id is None else self.target.existing_id
        database_id = id.apply(lambda known: f"{known.rstrip('/')}/databases/{DATABASE}")
        workspace = self.target.diagnostics_workspace_id
        called = f"{name}-connections"
        return send_diagnostics(self, called, database_id, workspace, own_tables=True, has_metrics=False)
