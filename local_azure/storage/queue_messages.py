"""Messages as the queue service is asked for them: put in, looked at, taken, changed, deleted.

https://learn.microsoft.com/rest/api/storageservices/operations-on-messages
"""

from typing import Final

from local_azure.http import Request, Response
from local_azure.rules import Rule
from local_azure.storage import queue_answers
from local_azure.storage.account_names import QUEUES, account_name, queue_id
from local_azure.storage.gate import Asker, Gate, Way
from local_azure.storage.queries import whole_number
from local_azure.storage.queue_store import Message, QueueStore
from local_azure.storage.refusals import out_of_range, refusal, unserved
from local_azure.storage.xml_bodies import read_xml
from local_azure.store import Resource

_DAYS_7: Final = 7 * 86_400
_FOR_EVER: Final = -1
_LONGEST: Final = 2**31 - 1
_LARGEST: Final = 64 * 1024
_READ, _WRITE, _DELETE, _ADD, _PROCESS = (
    f"{QUEUES}/messages/{verb}" for verb in ("read", "write", "delete", "add/action", "process/action")
)
_DATA_ACTIONS: Final = (
    "https://learn.microsoft.com/rest/api/storageservices/authorize-with-azure-active-directory"
)

RULES: Final = [
    Rule(
        "I13",
        "refusal",
        "A Message Sender puts messages in and neither sees nor takes one; a Reader looks at them and takes "
        "none; a Message Processor takes and deletes them, and puts none in, changes none and clears "
        "nothing: 403 AuthorizationPermissionMismatch.",
        held_by="i13_each_role_does_what_its_data_actions_say_and_nothing_else",
        source=_DATA_ACTIONS,
    ),
    Rule(
        "I13",
        "refusal",
        "A message of more than 64 KiB is refused: 413 RequestBodyTooLarge.",
        held_by="i13_a_message_is_no_larger_than_64_kib",
        source="https://learn.microsoft.com/rest/api/storageservices/put-message",
    ),
    Rule(
        "I13",
        "refusal",
        "At most 32 messages are taken at once, and hidden for at most 7 days: 400 "
        "OutOfRangeQueryParameterValue.",
        held_by="i13_numbers_that_the_service_does_not_take_are_refused",
        source="https://learn.microsoft.com/rest/api/storageservices/get-messages",
    ),
]


class QueueMessages:
    """What is below a queue: `messages`, and each of them."""

    def __init__(self, gate: Gate, queues: QueueStore) -> None:
        self._gate = gate
        self._queues = queues

    def require(self, account: Resource, queue: str, path: str, request: Request, asker: Asker) -> None:
        """Raises Refusal 403 unless who asks may do this to the queue's messages, 501 where nobody may here.

        Whoever may not is not told whether there is such a queue.
        """
        self._gate.require(asker, queue_id(account, queue), *_ways(path, request))

    def answer(self, account: Resource, queue: str, path: str, request: Request) -> Response:
        """One request below a queue that there is, of somebody who may."""
        owner, id = account_name(account), path.partition("/")[2]
        match request.method, bool(id):
            case "POST", False:
                return self._put(owner, queue, request)
            case "GET", False:
                return self._get(owner, queue, request)
            case "DELETE", False:
                self._queues.clear(owner, queue)
            case "DELETE", True:
                self._queues.delete(owner, queue, self._held(owner, queue, id, request).id)
            case _:
                return self._change(owner, queue, id, request)
        return Response(204)

    def _put(self, account: str, queue: str, request: Request) -> Response:
        hidden = whole_number(request.query, "visibilitytimeout", 0, lowest=0, highest=_DAYS_7)
        lives = whole_number(request.query, "messagettl", _DAYS_7, lowest=_FOR_EVER, highest=_LONGEST)
        if lives == 0:
            raise out_of_range("messagettl")
        if lives != _FOR_EVER and hidden >= lives:
            raise out_of_range("visibilitytimeout")
        kept = None if lives == _FOR_EVER else lives
        return queue_answers.put_answer(self._queues.put(account, queue, _text(request), hidden, kept))

    def _get(self, account: str, queue: str, request: Request) -> Response:
        count = whole_number(request.query, "numofmessages", 1, lowest=1, highest=32)
        if _is_peek(request):
            return queue_answers.messages(self._queues.visible(account, queue, count), taken=False)
        hidden = whole_number(request.query, "visibilitytimeout", 30, lowest=1, highest=_DAYS_7)
        return queue_answers.messages(self._queues.take(account, queue, count, hidden), taken=True)

    def _change(self, account: str, queue: str, id: str, request: Request) -> Response:
        _require(request, "visibilitytimeout")
        hidden = whole_number(request.query, "visibilitytimeout", 0, lowest=0, highest=_DAYS_7)
        message = self._held(account, queue, id, request)
        text = _text(request) if request.body else None
        changed = self._queues.change(account, queue, message, text, hidden)
        if changed.expires is not None and changed.visible > changed.expires:
            raise out_of_range("visibilitytimeout")
        return Response(204, None, queue_answers.next_visible(changed))

    def _held(self, account: str, queue: str, id: str, request: Request) -> Message:
        _require(request, "popreceipt")
        found = self._queues.held(account, queue, id, request.query["popreceipt"])
        if found is None:
            raise refusal(404, "MessageNotFound", "The specified message does not exist.")
        return found


def _ways(path: str, request: Request) -> tuple[Way, ...]:
    """The actions of which one way is enough."""
    messages, _, id = path.partition("/")
    if messages != "messages" or "/" in id:
        raise unserved(request, "the queue service")
    match request.method, bool(id):
        case "POST", False:
            return (_ADD, _WRITE)
        case "GET", False:
            return (_READ,) if _is_peek(request) else (_PROCESS, (_DELETE, _READ))
        case "DELETE", False:
            return (_DELETE,)
        case "DELETE", True:
            return (_PROCESS, _DELETE)
        case "PUT", True:
            return (_WRITE,)
        case _:
            raise unserved(request, "the queue service")


def _is_peek(request: Request) -> bool:
    return request.query.get("peekonly", "").lower() == "true"


def _require(request: Request, key: str) -> None:
    if key not in request.query:
        text = f"A query parameter that's mandatory for this request is not specified: {key}."
        raise refusal(400, "MissingRequiredQueryParameter", text)


def _text(request: Request) -> str:
    """What the body says that the message is. Raises Refusal 400 or 413."""
    root = read_xml(request.body, "QueueMessage")
    message = root.findtext("MessageText") or ""
    if len(message.encode()) > _LARGEST:
        text = "The request body is too large and exceeds the maximum permissible limit."
        raise refusal(413, "RequestBodyTooLarge", text)
    return message
