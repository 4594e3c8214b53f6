"""Queue storage's data plane: `<account>.queue.core.windows.net`.

https://learn.microsoft.com/rest/api/storageservices/queue-service-rest-api
"""

from typing import Final

from local_azure.bodies import section
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.rules import Rule
from local_azure.service import Services
from local_azure.storage import queue_answers
from local_azure.storage.account_names import QUEUES, account_name, is_dashed_name, queue_id
from local_azure.storage.gate import Asker, Gate, in_version, require_version
from local_azure.storage.metadata import metadata_headers, metadata_of
from local_azure.storage.queries import page, whole_number
from local_azure.storage.queue_messages import QueueMessages
from local_azure.storage.queue_store import QueueStore
from local_azure.storage.refusals import invalid_name, refusal, unserved
from local_azure.store import Resource

_SERVICE: Final = "the queue service"
_MOST: Final = 5000

RULES: Final = [
    Rule(
        "I13",
        "behaviour",
        "Queues are listed by who may read queues at the account or above, and of one queue its metadata "
        "are, with about how many messages there are.",
        held_by="i13_queues_are_listed_by_who_may_read_them_all",
        source="https://learn.microsoft.com/rest/api/storageservices/authorize-with-azure-active-directory",
    ),
    Rule(
        "I13",
        "refusal",
        "A queue that exists is not made again with other metadata: 409 QueueAlreadyExists.",
        held_by="i13_a_queue_is_made_once",
        source="https://learn.microsoft.com/rest/api/storageservices/create-queue4",
    ),
]


class QueueData:
    """Every account's queues and messages, behind tokens and role assignments."""

    def __init__(self, ground: Ground, queues: QueueStore, services: Services) -> None:
        self._ground = ground
        self._queues = queues
        self._gate = Gate(ground, services, "queue")
        self._messages = QueueMessages(self._gate, queues)

    def handle(self, request: Request) -> Response:
        """One request to an account. Raises Refusal in the data plane's envelope."""
        account = self._gate.account(request)
        asker = self._gate.asker(account, request)
        version = require_version(request)
        queue, _, below = request.path.lstrip("/").partition("/")
        with self._ground.store.transaction():
            if not queue:
                answer = self._list(account, request, asker)
            elif below:
                self._messages.require(account, queue, below, request, asker)
                self._existing(queue_id(account, queue))
                answer = self._messages.answer(account, queue, below, request)
            else:
                answer = self._queue(account, queue, request, asker)
        return in_version(version, answer)

    def _list(self, account: Resource, request: Request, asker: Asker) -> Response:
        query = request.query
        if request.method != "GET" or query.get("comp") != "list" or "restype" in query:
            raise unserved(request, _SERVICE)
        self._gate.require(asker, account.id, f"{QUEUES}/read", data=False)
        stored = self._ground.store.list(under=account.id, type=QUEUES)
        named = {one.id.rpartition("/")[2]: _metadata(one.body) for one in stored}
        most = whole_number(query, "maxresults", _MOST, lowest=1, highest=_MOST)
        names, after = page(sorted(named), query.get("prefix", ""), query.get("marker", ""), most)
        return queue_answers.queue_list(request.host, [(one, named[one]) for one in names], query, after)

    def _queue(self, account: Resource, name: str, request: Request, asker: Asker) -> Response:
        id = queue_id(account, name)
        match request.method, request.query.get("comp"):
            case "PUT", None:
                self._gate.require(asker, id, f"{QUEUES}/write", data=False)
                return self._create(id, name, metadata_of(request))
            case "GET" | "HEAD", "metadata":
                self._gate.require(asker, id, f"{QUEUES}/read", data=False)
                metadata = _metadata(self._existing(id))
                count = len(self._queues.every(account_name(account), name))
                headers = {**metadata_headers(metadata), "x-ms-approximate-messages-count": str(count)}
                return Response(200, None, headers)
            case "PUT", "metadata":
                self._gate.require(asker, id, f"{QUEUES}/write", data=False)
                self._existing(id)
                self._write(id, metadata_of(request))
                return Response(204)
            case "DELETE", None:
                self._gate.require(asker, id, f"{QUEUES}/delete", data=False)
                self._existing(id)
                self._queues.clear(account_name(account), name)
                self._ground.store.delete(id)
                return Response(204)
            case _:
                raise unserved(request, _SERVICE)

    def _create(self, id: str, name: str, metadata: JsonObject) -> Response:
        if not is_dashed_name(name):
            raise invalid_name("queue", name)
        known = self._ground.store.get(id)
        if known is None:
            self._write(id, metadata)
            return Response(201)
        if _metadata(known.body) != metadata:
            raise refusal(409, "QueueAlreadyExists", "The specified queue already exists.")
        return Response(204)

    def _write(self, id: str, metadata: JsonObject) -> None:
        self._ground.store.put(Resource(id, QUEUES, {"properties": {"metadata": metadata}}))

    def _existing(self, id: str) -> JsonObject:
        found = self._ground.store.get(id)
        if found is None:
            raise refusal(404, "QueueNotFound", "The specified queue does not exist.")
        return found.body


def _metadata(queue: JsonObject) -> JsonObject:
    return section(section(queue, "properties"), "metadata")
