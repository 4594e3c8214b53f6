"""Where entities are kept, in the order of their keys."""

from collections.abc import Mapping

from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.storage.entities import Entity
from local_azure.storage.table_values import Value
from local_azure.store import Documents


class EntityStore:
    """The entities of every table, by account, table and keys."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def find(self, account: str, table: str, partition: str, row: str) -> Entity | None:
        document = self._documents(account, table).get(_key(partition, row))
        return _read(document) if document else None

    def every(self, account: str, table: str) -> list[Entity]:
        """By partition, and in each by row."""
        return [_read(document) for _, document in self._documents(account, table).items()]

    def put(
        self, account: str, table: str, partition: str, row: str, properties: Mapping[str, Value]
    ) -> Entity:
        """Write an entity, whatever was there."""
        entity = Entity(partition, row, self._ground.clock.now(), properties)
        document: JsonObject = {
            "partition": partition,
            "row": row,
            "modified": entity.modified,
            "properties": {name: [value.type, value.plain] for name, value in properties.items()},
        }
        self._documents(account, table).put(_key(partition, row), document)
        return entity

    def delete(self, account: str, table: str, entity: Entity) -> None:
        self._documents(account, table).delete(_key(entity.partition, entity.row))

    def clear(self, account: str, table: str) -> None:
        """Forget every entity of a table."""
        documents = self._documents(account, table)
        for key, _ in documents.items():
            documents.delete(key)

    def _documents(self, account: str, table: str) -> Documents:
        # A kind for each table: to look into one reads no other.
        return self._ground.store.documents(f"table-entities/{account}/{table}".lower())


def _key(partition: str, row: str) -> str:
    """In the service's order, by UTF-16, which the store's keys do not have by themselves: they tell no case
    apart. The sign between comes before every digit, so that a shorter partition does, too."""
    return "!".join(one.encode("utf-16-be", "surrogatepass").hex() for one in (partition, row))


def _read(document: JsonObject) -> Entity:
    properties = {name: Value(type, plain) for name, (type, plain) in document["properties"].items()}
    return Entity(document["partition"], document["row"], document["modified"], properties)
