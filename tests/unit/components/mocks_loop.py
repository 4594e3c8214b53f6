"""The event loop of a program on mocks, where every answer is there at once."""

import asyncio
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from typing import Any, Never, TypeVar, TypeVarTuple

from pulumi.runtime.settings import SETTINGS
from pulumi.runtime.stack import run_pulumi_func

from tests.unit.components.unread_by_mocks import left_out

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class _NothingOutside:
    """In place of a selector: no socket, pipe or thread ever wakes this loop."""

    def select(self, timeout: float | None) -> list[Never]:
        if timeout == 0:
            return []
        raise RuntimeError("The program waits for something that nothing in it will bring about")


class MocksLoop(asyncio.BaseEventLoop):
    """Calls what would be a request to the engine in place, and starts no thread for it.

    The SDK gives each request a thread, and waits for it. With mocks nobody has to be waited for; the
    threads took more time than the answers. A program that waits for ever is a RuntimeError.
    """

    def __init__(self) -> None:
        super().__init__()
        self._selector = _NothingOutside()

    def run_in_executor(  # pyright: ignore[reportIncompatibleMethodOverride] - a future is awaited, no more
        self, _: object, func: Callable[[*Ts], T], *args: *Ts
    ) -> asyncio.Future[T]:
        answer: asyncio.Future[T] = self.create_future()
        try:
            answer.set_result(func(*args))
        except Exception as refused:
            answer.set_exception(refused)
        return answer

    def _process_events(self, event_list: list[Never]) -> None: ...

    def _write_to_self(self) -> None: ...


_SETTINGS: Any = SETTINGS
_LOOP = MocksLoop()
# A refusal reaches the test; what else waited for the refused value need not repeat it.
_LOOP.set_exception_handler(lambda _, __: None)


def use_mocks_loop() -> None:
    """To call before mocks are set: the first ones of a process make the stack, which stays with its loop."""
    asyncio.set_event_loop(_LOOP)


def run_to_its_end(program: Callable[[], Awaitable[Any]]) -> None:
    """Run a program as `pulumi.runtime.test` does.

    What the first refused resource raised is raised. Nothing of the program runs on.
    """
    _SETTINGS.rpc_manager.clear()
    _SETTINGS.outputs.clear()
    try:
        _LOOP.run_until_complete(run_pulumi_func(program))
    finally:
        waiting = asyncio.all_tasks(_LOOP)
        for task in waiting:
            task.cancel()
        _LOOP.run_until_complete(asyncio.gather(*waiting, return_exceptions=True))


@contextmanager
def on_mocks() -> Generator[Callable[[Callable[[], Awaitable[Any]]], None]]:
    """While this lasts, mocks can be set and programs run."""
    use_mocks_loop()
    with left_out():
        yield run_to_its_end
