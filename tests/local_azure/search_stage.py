"""What the tests of AI Search need: services with an index, and Microsoft's clients for whoever asks."""

import importlib
from collections.abc import Sequence
from typing import Any

from azure.search.documents import SearchClient
from azure.search.documents.indexes import SearchIndexClient

from local_azure.entra.directory import Principal
from tests.local_azure.arm import content
from tests.local_azure.vault_stage import Json, VaultStage

READER, WRITER = "Search Index Data Reader", "Search Index Data Contributor"
MANAGER = "Search Service Contributor"
_MODELS: Any = importlib.import_module("azure.search.documents.indexes.models")
PRODUCTS: Sequence[Json] = (
    {"id": "1", "name": "Green shoe", "price": 20.0, "tags": ["new", "shoe"]},
    {"id": "2", "name": "Red shoe", "price": 30.0, "tags": ["old"]},
    {"id": "3", "name": "Green hat", "price": 10.0, "tags": []},
)


class SearchStage(VaultStage):
    """One running local Azure with one resource group, where search services are made."""

    def service_id(self, name: str) -> str:
        return f"{self.group}/providers/Microsoft.Search/searchServices/{name}"

    def service(self, tier: str = "basic", **properties: Any) -> str:
        """Write a service, without keys unless told; its name."""
        name = self.name("srch")
        content(self.arm("PUT", self.service_id(name), service_body(tier, **properties)))
        return name

    def indexes(self, service: str, principal: Principal) -> Any:
        """azure-search-documents' client of indexes, as that principal; a refusal is not tried again."""
        return SearchIndexClient(
            f"https://{service}.search.windows.net", self.holder(principal), retry_total=0, **self.trust
        )

    def documents(self, service: str, principal: Principal, index: str = "products") -> Any:
        """azure-search-documents' client of an index, as that principal; a refusal is not tried again."""
        host = f"https://{service}.search.windows.net"
        return SearchClient(host, index, self.holder(principal), retry_total=0, **self.trust)

    def index(self, service: str, name: str = "products") -> str:
        """Make an index of products as somebody who may; its id."""
        manager = self.with_role(MANAGER, self.service_id(service))
        self.indexes(service, manager).create_index(products(name))
        return f"{self.service_id(service)}/indexes/{name}"

    def filled(self, **properties: Any) -> str:
        """A service with an index of products and three of them; its name."""
        service = self.service(**properties)
        writer = self.with_role(WRITER, self.index(service))
        self.documents(service, writer).upload_documents(list(PRODUCTS))
        return service


def field(name: str, type: str = "Edm.String", **more: Any) -> Any:
    """A field of an index, by the client's own model."""
    return _MODELS.SearchField(name=name, type=type, **more)


def index_of(name: str, *fields: Any) -> Any:
    return _MODELS.SearchIndex(name=name, fields=list(fields))


def products(name: str = "products", *more: Any) -> Any:
    return index_of(
        name,
        field("id", key=True, searchable=False),
        field("name", searchable=True),
        field("price", "Edm.Double", filterable=True, sortable=True),
        field("tags", "Collection(Edm.String)", searchable=True),
        *more,
    )


def service_body(tier: str = "basic", **properties: Any) -> Json:
    """What a client sends for a service; a property that is None is left out."""
    every = {"disableLocalAuth": True, **properties}
    given = {key: value for key, value in every.items() if value is not None}
    return {"location": "westeurope", "sku": {"name": tier}, "properties": given}
