"""Something that is told to whoever listens; neither knows the other."""

from collections.abc import Callable
from typing import Generic, TypeVar

_Event = TypeVar("_Event")


class Told(Generic[_Event]):
    """In the order in which they began to listen."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[_Event], None]] = []

    def listen(self, listener: Callable[[_Event], None]) -> None:
        self._listeners.append(listener)

    def tell(self, event: _Event) -> None:
        for listener in self._listeners:
            listener(event)
