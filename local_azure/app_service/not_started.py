"""Why App Service does not start an app: what its log and its page say."""

from dataclasses import dataclass

from typing_extensions import override


@dataclass
class NotStartedError(Exception):
    """`reason` is App Service's own word where it has one; `status` is what a request gets meanwhile."""

    reason: str
    text: str
    status: int = 503

    @override
    def __str__(self) -> str:
        return f"{self.reason}: {self.text}"
