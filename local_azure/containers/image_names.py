"""What an image is called, `shop.azurecr.io/web/api:1@sha256:…`.

https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
"""

import re
from dataclasses import dataclass
from typing import Final, Self

_PUBLIC: Final = "docker.io"
_NAME: Final = re.compile(
    r"(?P<path>[^@]+?)(?::(?P<tag>[\w][\w.-]{0,127}))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)


@dataclass(frozen=True)
class ImageName:
    """`registry` is a host in lower case, Docker Hub's for a name without one. `reference` is a digest or a
    tag, `latest` where neither is given."""

    registry: str
    repository: str
    reference: str

    @classmethod
    def read(cls, text: str) -> Self | None:
        """None for what is no name of an image."""
        found = _NAME.fullmatch(text)
        if found is None:
            return None
        first, _, rest = found["path"].partition("/")
        is_host = bool(rest) and ("." in first or ":" in first or first == "localhost")
        registry, repository = (first.lower(), rest) if is_host else (_PUBLIC, found["path"])
        return cls(registry, repository, found["digest"] or found["tag"] or "latest")
