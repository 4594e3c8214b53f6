"""AI Search."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pulumi

from components import AccessGrant, SearchService
from components.links import LinkArgs
from local_azure.constants import DEPLOYER
from tests.hosts.row import Given, Target

if TYPE_CHECKING:
    from tests.engine.conftest import Loop


class _Target(Target):
    name = "AI Search"
    docs = "docs/guides/ai.md"
    said = "0 documents"
    refusal = r"Authorization failed"

    def declare(self, given: Given) -> tuple[LinkArgs, Mapping[str, pulumi.Input[Any]]]:
        # An index is made by whoever fills it: here by the deployer.
        makes: dict[str, Any] = {
            "principal_id": DEPLOYER.object_id,
            "role": "Search Service Contributor",
            "scope_id": given.group.id,
        }
        AccessGrant("search", makes)  # pyright: ignore[reportArgumentType]
        made = SearchService("search", {"resource_group_name": given.group.name})
        return made.search_link("probe"), {"endpoint": made.endpoint}

    def arrange(self, loop: "Loop", outputs: Mapping[str, Any]) -> None:
        from azure.search.documents.indexes import SearchIndexClient

        indexes: Any = SearchIndexClient(outputs["endpoint"], loop.session.credential)
        key = {"name": "id", "type": "Edm.String", "key": True}
        indexes.create_or_update_index({"name": "probe", "fields": [key]})


TARGET = _Target()
