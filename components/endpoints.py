"""The addresses of what an identity reaches, and whether one belongs to the resource beside it."""

import re
from collections.abc import Sequence
from typing import Final

import pulumi

from .arguments import Arguments
from .errors import ConfigurationError, Give, Problem, Step
from .form import Form
from .plain import is_plain
from .references import id_form, is_id_of, parse_id
from .shown import beginning
from .unknowns import once_checked

_ENDPOINT: Final = re.compile(r"https://[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)+/?")
_BEGINS: Final = beginning("https://", r"[0-9A-Za-z.-]*/?")
_SECONDARY: Final = "-secondary"
"""Ends the first word of an address at which a copy in another region is read."""


def is_endpoint(text: str, service: str) -> bool:
    """Whether this is the address of something of that service, such as `vault` or `blob`, in any cloud:
    https, a host name, no port, no path. A storage account's host may have its DNS zone before the service.

    https://learn.microsoft.com/azure/storage/common/storage-account-overview#storage-account-endpoints
    """
    return _ENDPOINT.fullmatch(text) is not None and service in _host(text).split(".")[1:3]


def _of_another_service(refused: str) -> str:
    return "the address of another service" if _ENDPOINT.fullmatch(refused) else ""


def normal_endpoint(text: str) -> str:
    """An endpoint with the one trailing slash that Azure itself writes."""
    return text.rstrip("/") + "/"


def secret_uri(vault_endpoint: str, secret: str) -> str:
    """The address of a secret: from the vault's own endpoint, so right in every cloud, and without a version,
    so that a new one is read.
    """
    return f"{normal_endpoint(vault_endpoint)}secrets/{secret}"


def endpoint_of_service(endpoint: str, service: str, other: str) -> str:
    """The address of another service of the same account: they differ in the service's name alone."""
    return re.sub(rf"\.{service}\.", f".{other}.", normal_endpoint(endpoint), count=1, flags=re.IGNORECASE)


def host_of(endpoint: str) -> str:
    """The host of an address, as clients want it that speak no HTTP."""
    return _host(endpoint).partition(":")[0]


def _host(endpoint: str) -> str:
    return endpoint.removeprefix("https://").rstrip("/").lower()


def read_id_and_endpoint(
    arguments: Arguments, keys: tuple[str, str], type_: str, service: str, example: str
) -> tuple[pulumi.Output[str] | None, pulumi.Output[str] | None]:
    """An id and an endpoint, refused where they are of two resources: a grant on one of them opens nothing in
    the other. What is an Output is compared when it is known.
    """
    form = Form(example, lambda text: is_endpoint(text, service), _BEGINS, _of_another_service)
    return _read_pair(arguments, keys, type_, form)


def read_id_and_host(
    arguments: Arguments, keys: tuple[str, str], type_: str, service: str, example: str
) -> tuple[pulumi.Output[str] | None, pulumi.Output[str] | None]:
    """`read_id_and_endpoint` for what is found by its host name alone, without https://."""
    form = Form(example, lambda text: is_endpoint(f"https://{text}", service), r"[0-9A-Za-z.-]*")
    return _read_pair(arguments, keys, type_, form)


def _read_pair(
    arguments: Arguments, keys: tuple[str, str], type_: str, form: Form
) -> tuple[pulumi.Output[str] | None, pulumi.Output[str] | None]:
    arguments.pair(*keys)
    id_key, endpoint_key = keys
    id = arguments.text(id_key, id_form(type_))
    endpoint = arguments.text(endpoint_key, form)
    if id is None or endpoint is None:
        return id, endpoint
    component, called = arguments.component, (arguments.at(id_key), arguments.at(endpoint_key))
    given = (arguments.raw(id_key), arguments.raw(endpoint_key))
    if all(is_plain(value) for value in given):
        if is_id_of(type_, str(given[0])) and form.holds(given[1]):
            arguments.problems += _problems_with(called, str(given[1]), str(given[0]))
        return id, endpoint

    def check(known: Sequence[str]) -> None:
        if problems := _problems_with(called, *known):
            raise ConfigurationError(component, problems)

    return id, once_checked(endpoint, check, id)


def _problems_with(called: tuple[str, str], endpoint: str, id: str) -> list[Problem]:
    if _host(endpoint).partition(".")[0].removesuffix(_SECONDARY) == parse_id(id).name.lower():
        return []
    words = "give both as the one component outputs them, or both of the one resource"
    step, given = Step(words, (Give(called[1]),)), "the id of one resource, with the address of another"
    return [Problem(" and ".join(called), given, "one resource", step)]
