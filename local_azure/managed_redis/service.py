"""Microsoft.Cache/redisEnterprise as a service: Managed Redis, and Redis' commands behind a gate."""

import threading
from typing import TYPE_CHECKING

from typing_extensions import override

from local_azure.ground import Ground
from local_azure.managed_redis.admission import AUDIENCE, Admission
from local_azure.managed_redis.clusters import AccessPolicyAssignment, Cluster, Database
from local_azure.managed_redis.gate import RedisGate
from local_azure.managed_redis.redis_names import PORT, SUFFIX
from local_azure.planes import Listening, gated
from local_azure.service import Service, Services

if TYPE_CHECKING:
    from local_azure.managed_redis.data import Data


class ManagedRedis(Service):
    """`gate` is what lets clients in. No command is loaded before somebody is."""

    def __init__(self, ground: Ground, services: Services) -> None:
        self._data: Data | None = None
        self._making = threading.Lock()
        self.gate = RedisGate(ground, Admission(ground, services), self._data_of_all)
        self.types = (
            Cluster(ground, self._forget),
            Database(ground, self._forget),
            AccessPolicyAssignment(ground),
        )
        self.planes = (gated(self.gate, hosts=f"*.*{SUFFIX}", audience=AUDIENCE, port=PORT),)

    @override
    def start(self, listening: Listening) -> None:
        self.gate.start(listening.tls)

    @override
    def close(self) -> None:
        self.gate.close()

    def _data_of_all(self) -> "Data":
        with self._making:
            if self._data is None:
                # With what it needs this module is loaded where somebody is let in, and nowhere else.
                from local_azure.managed_redis.data import Data

                self._data = Data()
            return self._data

    def _forget(self, cluster_id: str) -> None:
        if self._data is not None:
            self._data.forget(cluster_id)
