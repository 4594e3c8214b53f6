"""What a vault's data plane answers alike for secrets, keys and certificates.

https://learn.microsoft.com/rest/api/keyvault
"""

from typing import ClassVar, Generic

from local_azure.entra.directory import Caller
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.key_vault.access import require
from local_azure.key_vault.answers import (
    deleted,
    existing,
    name_of,
    nothing_answers,
    page,
    purge,
    require_name,
)
from local_azure.key_vault.vault_objects import V, VaultObjects
from local_azure.store import Resource


class ObjectsData(Generic[V]):
    """One kind of what is in every vault, behind tokens and role assignments: what there is of it, and what
    soft delete keeps of it. A class of its own answers all else for its kind, and says how one is shown.
    """

    reads: ClassVar = "read"
    """The action by which they are listed."""

    def __init__(self, ground: Ground, objects: VaultObjects[V]) -> None:
        self.ground = ground
        self.objects = objects

    def answer(self, vault: Resource, request: Request, rest: list[str], caller: Caller) -> Response:
        """A request for one of them; `rest` is its path below the kind. Raises Refusal."""
        raise NotImplementedError

    def item(self, vault: Resource, found: V, *, versioned: bool = True) -> JsonObject:
        """One as a list shows it."""
        raise NotImplementedError

    def shown(self, vault: Resource, found: V) -> JsonObject:
        """One as it is shown when it was asked for."""
        return self.item(vault, found)

    def shown_deleted(self, vault: Resource, found: V) -> JsonObject:
        """One that is deleted, when it was asked for."""
        return self.item(vault, found)

    def route(self, vault: Resource, request: Request, segments: list[str], caller: Caller) -> Response:
        """Raises Refusal."""
        of, rest = name_of(vault), segments[1:]
        if rest:
            require_name(rest[0], self.objects.noun.lower())
        if segments[0] != self.objects.kind:
            return self._answer_deleted(vault, request.method, rest, caller)
        match request.method, rest:
            case "GET", []:
                self.require(vault, caller, self.reads)
                newest = [self.newest(vault, name) for name in self.objects.names(of)]
                return page([self.item(vault, one, versioned=False) for one in newest])
            case "GET", [name, "versions"]:
                self.require(vault, caller, self.reads, name)
                return page([self.item(vault, one) for one in self.objects.versions(of, name)])
            case _:
                return self.answer(vault, request, rest, caller)

    def newest(self, vault: Resource, name: str) -> V:
        """Raises Refusal 404."""
        return existing(self.objects, vault, name, None)

    def one_of(self, vault: Resource, name: str, version: list[str]) -> V:
        """The version that a path ends with, or the newest one where it names none. Raises Refusal 404."""
        return existing(self.objects, vault, name, version[0] if version else None)

    def require(
        self, vault: Resource, caller: Caller, verb: str, name: str | None = None, *, of: str | None = None
    ) -> None:
        """Raises Refusal 403 unless `caller` has the data action, as `access.require` has it."""
        require(self.ground.authorizer, vault, caller, verb, name, kind=self.objects.kind, of=of)

    def _answer_deleted(self, vault: Resource, method: str, rest: list[str], caller: Caller) -> Response:
        of = name_of(vault)
        match method, rest:
            case "GET", []:
                self.require(vault, caller, self.reads)
                kept = [deleted(self.objects, vault, name) for name in self.objects.names(of, deleted=True)]
                return page([{**said, **self.item(vault, found.newest)} for found, said in kept])
            case "GET", [name]:
                self.require(vault, caller, self.reads, name)
                found, said = deleted(self.objects, vault, name)
                return Response(200, {**said, **self.shown_deleted(vault, found.newest)})
            case "DELETE", [name]:
                self.require(vault, caller, "purge/action", name)
                return purge(self.objects, vault, name)
            case "POST", [name, "recover"]:
                self.require(vault, caller, "recover/action", name)
                found, _ = deleted(self.objects, vault, name)
                found.newest.require_unmanaged(self.objects.noun)
                self.objects.recover(of, name)
                return Response(200, self.shown(vault, self.newest(vault, name)))
            case _:
                raise nothing_answers(method, f"deleted {self.objects.kind}")
