"""A secret that somebody typed in the wrong place, in the forms that secrets have, and every place for it."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, cast

from components.links import target_records
from tests.unit.components import answering_azure as azure
from tests.unit.components import schema_now

SECRET: Final = "Xq7vHunter2Zk"
NUMBER: Final = 86753097752
_SHORTEST: Final = 5
"""Characters in a row that say something of the secret."""


class Opaque:
    """An object that shows what it holds."""

    def __repr__(self) -> str:
        return SECRET


TEXTS: Final[Mapping[str, str]] = {
    "a password": f"{SECRET}!#'\"$",
    "a password behind a symbol": f"!{SECRET}",
    "an address with a login": f"https://user:{SECRET}@registry.azurecr.io/shop:1.2",
    "an address with a signature": f"https://stteam.blob.core.windows.net/c/p.zip?sig={SECRET}",
    "a connection string": f"Server=tcp:db;Uid=shop;Password={SECRET};",
    "the address of a secret": f"https://kv-team.vault.azure.net/secrets/{SECRET}!/0123",
    "a reference": f"@Microsoft.KeyVault(VaultName=kv-team;SecretName={SECRET})",
    "a secret's name with another end": f"{SECRET}_",
    "the id of nothing": f"{azure.GROUP}/providers/{SECRET}/{SECRET}/{SECRET}!",
    "an upper-case host": f"{SECRET}.contoso.com",
    "lines": f"first\n{SECRET}\r\n",
    "a long text": f"{SECRET} " * 60,
    "another alphabet": f"ключ-{SECRET}",
    "a placeholder": f"{{AZURE_CLIENT_ID_{SECRET.upper()}}}",
}
AS_NAMES: Final = ("a secret's name with another end", "an upper-case host")
"""Those that may be the name of an entry. A message repeats such: without it nobody finds the entry."""
OTHERS: Final[Mapping[str, Any]] = {
    "a number": NUMBER,
    "a number with a fraction": NUMBER + 0.5,
    "not a number": float("nan"),
    "a list": [SECRET],
    "a map": {"a": SECRET},
    "bytes": SECRET.encode(),
    "an object": Opaque(),
}


LINKS: Final[Mapping[str, dict[str, Any]]] = {
    "key_vault": {"id": azure.VAULT, "endpoint": azure.ENDPOINT, "secrets": {"DB": "db"}},
    "app_configuration": {"id": azure.STORE, "endpoint": azure.STORE_ENDPOINT},
    "ai": {"id": azure.AI, "endpoint": azure.AI_ENDPOINT},
    "search": {"id": azure.SEARCH, "endpoint": azure.SEARCH_ENDPOINT},
    "role": {"id": azure.VAULT, "role": "Key Vault Reader"},
    **{
        service: {"id": azure.STORAGE, "endpoint": azure.STORAGE_ENDPOINT.replace("blob", service[:-1])}
        for service in ("blobs", "files", "queues", "tables")
    },
}
"""A link to each target, without anything wrong in it."""


def told_of_the_secret(text: str) -> list[str]:
    """What a text tells of it: parts of the secret or the number, in whatever case and spelling."""
    spelt = re.sub(r"[^0-9a-z]", "", text.lower())
    parts = {
        whole[start : start + _SHORTEST]
        for whole in (SECRET.lower(), str(NUMBER))
        for start in range(len(whole) - _SHORTEST + 1)
    }
    return sorted(part for part in parts if part in spelt)


@dataclass(frozen=True)
class Place:
    """An argument: `path` is how a message calls it."""

    path: str
    keys: tuple[str, ...]
    is_key: bool = False
    takes_outputs: bool = False

    def is_apart_from(self, other: "Place") -> bool:
        """Whether neither stands in the other, so that both can be given."""
        return any(one != another for one, another in zip(self.keys, other.keys, strict=False))

    def is_subject(self, subject: str) -> bool:
        """Whether a problem's subject is this place, alone or with others."""
        each = re.split(r", | and ", subject)
        return any(one.startswith(f"{self.path}[") if self.is_key else one == self.path for one in each)


def put(base: Mapping[str, Any], places: Sequence[Place], secret: Any) -> dict[str, Any]:
    """The arguments with the secret in each of these places, which are apart from each other."""
    args = dict(base)
    for place in places:
        first, *inner = place.keys
        given = args.get(first)
        if first == "links" and inner:
            (name, *_) = inner
            target = name if name in _targets() else "role"
            given = {name: {target: LINKS.get(target, {})}, **cast(Mapping[str, Any], given or {})}
        args[first] = _nested(given, inner, secret, is_key=place.is_key)
    return args


def _nested(given: Any, keys: list[str], secret: Any, *, is_key: bool) -> Any:
    args: dict[str, Any] = dict(cast(Mapping[str, Any], given)) if isinstance(given, dict) else {}
    if not keys:
        return {secret: next(iter(args.values()), "a")} if is_key else secret
    (first, *inner) = keys
    if first == "[]":
        element = next(iter(cast(list[Any], given)), None) if isinstance(given, list) else None
        return [_nested(element, inner, secret, is_key=is_key)]
    args[first] = _nested(args.get(first), inner, secret, is_key=is_key)
    return args


def together(places: Iterable[Place]) -> list[list[Place]]:
    """The places in as few groups as can be, in each of which all are apart from each other."""
    groups: list[list[Place]] = []
    for place in places:
        fitting = (group for group in groups if all(place.is_apart_from(other) for other in group))
        if (group := next(fitting, None)) is None:
            groups.append([place])
        else:
            group.append(place)
    return groups


@cache
def _targets() -> Collection[str]:
    return target_records()


def places(component: str) -> Iterator[Place]:
    """Every place in the arguments of a component, from its schema: fields of records at every depth, keys
    and values of maps, elements of lists.
    """
    for name, property_ in schema_now.resources()[f"keyless:index:{component}"]["inputProperties"].items():
        yield from _in(snake(name), (snake(name),), property_)


def snake(name: str) -> str:
    return re.sub(r"[A-Z]", lambda found: f"_{found[0].lower()}", name)


def _in(path: str, keys: tuple[str, ...], property_: Mapping[str, Any]) -> Iterator[Place]:
    takes_outputs = not property_.get("plain", False)
    yield Place(path, keys, takes_outputs=takes_outputs)
    if "additionalProperties" in property_:
        yield Place(path, keys, is_key=True)
        yield from _in(f"{path}[a]", (*keys, "a"), property_["additionalProperties"])
    if "items" in property_:
        yield from _in(f"{path}[0]", (*keys, "[]"), property_["items"])
    record = schema_now.types().get(property_.get("$ref", "").removeprefix("#/types/"), {})
    for name, inner in record.get("properties", {}).items():
        yield from _in(*_field(path, keys, snake(name)), inner)


def _field(path: str, keys: tuple[str, ...], name: str) -> tuple[str, tuple[str, ...]]:
    """A field of a record. A link is named for its target: one link has one."""
    if keys[0] == "links" and len(keys) == 2 and name in _targets():
        path, keys = f"links[{name}]", ("links", name)
    return f"{path}.{name}", (*keys, name)
