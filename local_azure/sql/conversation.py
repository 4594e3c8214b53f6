"""What is said after a login: batches, calls of procedures, transactions, one answer each."""

import sqlite3
import struct
from typing import Any, Final

from local_azure.sql import tokens
from local_azure.sql.calls import (
    EXECUTE,
    EXECUTE_SQL,
    PREPARE,
    PREPARE_AND_EXECUTE,
    UNPREPARE,
    Call,
    after_headers,
    read_call,
)
from local_azure.sql.engine import Engine
from local_azure.sql.packets import ATTENTION, BATCH, RPC, TRANSACTION, Channel, Message, NoMessageError
from local_azure.sql.refusals import refusal_of
from local_azure.sql.tokens import Rows, SqlRefusal
from local_azure.sql.tsql import parts, words_of

_BEGIN, _COMMIT, _ROLL_BACK = 5, 7, 8
_AND_BEGIN: Final = 1
_RESET: Final = "sp_reset_connection"
_NO_USER: Final = SqlRefusal(
    916, "The server principal is not able to access the database under the current security context.", 14
)


class Conversation:
    """One client's, until it goes away or is let in no more."""

    def __init__(self, channel: Channel, engine: Engine) -> None:
        self._channel, self._engine = channel, engine
        engine.files.give_up_when(channel.is_called)
        self._transactions = 0
        self._prepared: dict[int, tuple[str, list[str]]] = {}
        """Statements by their handles, with the names of their parameters."""

    def hold(self) -> None:
        """Raises as `Channel.receive` does."""
        while True:
            message = self._channel.receive()
            if message.kind == ATTENTION:
                # What ran was given up when it came, and its answer is complete.
                self._channel.send(tokens.attended())
                continue
            try:
                if self._engine.user() is None:
                    self._channel.send(tokens.refused(_NO_USER))
                    return
                self._channel.send(self._answer(message))
            except sqlite3.Error as error:  # of what SQL asks its own catalog, while another changes it
                self._channel.send(tokens.refused(refusal_of(error)))
            except (struct.error, IndexError, UnicodeDecodeError):
                raise NoMessageError from None

    def _answer(self, message: Message) -> bytes:
        if message.kind == TRANSACTION:
            return self._transaction(message.body)
        results: list[Rows] = []
        refusal: SqlRefusal | None = None
        handle: int | None = None
        began = self._engine.files.in_transaction
        try:
            if message.kind == BATCH:
                text = message.body[after_headers(message.body) :].decode("utf-16-le")
                self._engine.run(text, {}, results.append)
            elif message.kind == RPC:
                handle = self._called(read_call(message.body), results)
            else:
                raise NoMessageError
        except SqlRefusal as error:
            refusal = error
        turned = self._turned(began)
        if message.kind == BATCH:
            return turned + tokens.answered(results, refusal)
        return turned + tokens.answered_call(results, refusal, handle)

    def _called(self, call: Call, results: list[Rows]) -> int | None:
        """The handle of what was prepared. Raises SqlRefusal."""
        name, given = call.procedure.lower().removeprefix("sys."), list(call.placed)
        if name == EXECUTE_SQL:
            statement = given[0] if given else call.named.pop("stmt", call.named.pop("statement", ""))
            names = _parameters(given[1] if len(given) > 1 else call.named.pop("params", ""))
            values = {**dict(zip(names, given[2:], strict=False)), **call.named}
            self._engine.run(str(statement), values, results.append)
        elif name in (PREPARE, PREPARE_AND_EXECUTE):
            handle = len(self._prepared) + 1
            self._prepared[handle] = (str(given[2]), _parameters(given[1]))
            if name == PREPARE_AND_EXECUTE:
                self._execute(handle, given[3:], call.named, results)
            return handle
        elif name == EXECUTE:
            self._execute(given[0], given[1:], call.named, results)
        elif name == UNPREPARE:
            self._prepared[given[0]] = ("", [])
        elif name == _RESET:
            self._engine.files.end(commits=False)
        else:
            self._engine.call(call.procedure, call.placed, call.named, results.append)
        return None

    def _execute(self, handle: int, placed: list[Any], named: dict[str, Any], results: list[Rows]) -> None:
        if handle not in self._prepared:
            raise SqlRefusal(8179, f"Could not find prepared statement with handle {handle}.")
        statement, names = self._prepared[handle]
        values = {**dict(zip(names, placed, strict=False)), **named}
        self._engine.run(statement, values, results.append)

    def _turned(self, began: bool) -> bytes:
        """What a client is told where a batch began or ended a transaction."""
        now = self._engine.files.in_transaction
        if now == began:
            return b""
        if now:
            self._transactions += 1
        ended = tokens.COMMITTED if self._engine.files.has_committed else tokens.ROLLED_BACK
        return tokens.transaction(tokens.BEGUN if now else ended, self._transactions)

    def _transaction(self, body: bytes) -> bytes:
        """Asked for by its own message, as drivers do, and not by a statement."""
        start = after_headers(body)
        (asked,) = struct.unpack_from("<H", body, start)
        if asked == _BEGIN:
            return self._begun() + tokens.done()
        if asked not in (_COMMIT, _ROLL_BACK):
            raise NoMessageError
        self._engine.files.end(commits=asked == _COMMIT)
        kind = tokens.COMMITTED if asked == _COMMIT else tokens.ROLLED_BACK
        answer = tokens.transaction(kind, self._transactions)
        rest = body[start + 2 :]
        name_length = rest[0] if rest else 0
        if len(rest) > name_length + 1 and rest[name_length + 1] & _AND_BEGIN:
            answer += self._begun()
        return answer + tokens.done()

    def _begun(self) -> bytes:
        self._engine.files.begin()
        self._transactions += 1
        return tokens.transaction(tokens.BEGUN, self._transactions)


def _parameters(definitions: Any) -> list[str]:
    """The names in `@P1 int, @P2 nvarchar(4000)`, without `@`."""
    listed = parts(words_of(str(definitions or "")))
    return [words[0].raw.removeprefix("@") for words in listed if words]
