"""Why an image is not pulled, or a container of it not started. Each host says it in its own envelope."""

from dataclasses import dataclass
from enum import StrEnum

from typing_extensions import override


class Because(StrEnum):
    """The kind of reason."""

    UNAUTHORIZED = "unauthorized"
    """The puller lacks the role, or there is none."""
    UNKNOWN = "unknown"
    """There is no such registry, repository, tag or digest."""
    ELSEWHERE = "elsewhere"
    """It is in a registry that the local Azure has not. Azure might pull it."""
    BROKEN = "broken"
    """No image, or one that Azure could not run, either."""
    NO_RUNTIME = "no runtime"
    """Azure would run it. Here is only Python."""


@dataclass
class ImageError(Exception):
    """`text` is one or more whole sentences that name the image, or what is missing."""

    because: Because
    text: str

    @property
    def is_of_this_machine(self) -> bool:
        """Whether it is the local Azure that cannot, which is answered with 501."""
        return self.because in (Because.ELSEWHERE, Because.NO_RUNTIME)

    @override
    def __str__(self) -> str:
        return self.text
