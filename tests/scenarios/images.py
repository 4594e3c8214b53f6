"""A registry of another team's, with the image that the container app of `hosts.py` runs."""

from typing import Final

from local_azure.server import LocalAzure
from tests.local_azure.images import push_program
from tests.local_azure.registry_stage import RegistryStage

_NAME: Final = "team"


class _Named(RegistryStage):
    """Recorded reports say what the registry is called."""

    def name(self, kind: str = "kv") -> str:
        return f"{kind}{_NAME}"


def push_image(azure: LocalAzure) -> None:
    """Make the registry, and push its one image, which is never started: nobody asks the app."""
    stage = _Named(azure)
    id, host = stage.registry()
    push_program(stage.images(host, stage.with_role("AcrPush", id)), "api", "1", {"app.py": "pass\n"})
