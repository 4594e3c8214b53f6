"""The addresses of what an identity reaches, and whether one belongs to the resource beside it."""

import re
from collections.abc import Callable, Sequence
from typing import Final

import pulumi

from .arguments import Arguments
from .errors import ConfigurationError, Give, Problem, Step
from .form import Form
from .plain import is_plain
from .references import REGISTRY, SITE, id_form, is_id_of, parse_id
from .shown import beginning
from .unknowns import once_checked

_ENDPOINT: Final = re.compile(r"https://[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)+/?")
_SITES: Final = "azurewebsites"
"""In the address that App Service itself gives a site, in any cloud."""
_SECONDARY: Final = "-secondary"
"""Ends the first word of an address at which a copy in another region is read."""


def is_endpoint(text: str, service: str) -> bool:
    """Whether this is the address of something of that service, such as `vault` or `blob`, in any cloud:
    https, a host name, no port, no path. A storage account's host may have its DNS zone before the service.
    Of a service that answers under several names, they stand with a | between.

    https://learn.microsoft.com/azure/storage/common/storage-account-overview#storage-account-endpoints
    """
    words = set(_host(text).split(".")[1:3])
    return _ENDPOINT.fullmatch(text) is not None and not words.isdisjoint(service.split("|"))


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
    arguments: Arguments,
    keys: tuple[str, str],
    type_: str,
    service: str,
    example: str,
    path: str = "",
    *,
    is_named: bool = True,
    may_end: str = "",
) -> tuple[pulumi.Output[str] | None, pulumi.Output[str] | None]:
    """An id and an endpoint, refused where they are of two resources: a grant on one of them opens nothing in
    the other. What is an Output is compared when it is known. `path` is what the address ends with where that
    is not its host, such as `/api/events`; `may_end` is how Azure ends it, and a person need not. `is_named`
    is whether the host begins with the resource's name: where it need not, the two are not compared.
    """
    belongs = _begins_with if is_named else _may_belong
    return _read_pair(arguments, keys, type_, endpoint_form(service, example, path, may_end), belongs)


def endpoint_form(service: str, example: str, path: str = "", may_end: str = "") -> Form:
    """The form of an address of that service, as `read_id_and_endpoint` takes it."""

    def allows(text: str) -> bool:
        return text.endswith(path) and is_endpoint(text.removesuffix(path).removesuffix(may_end), service)

    begins = beginning("https://", f"[0-9A-Za-z.-]*{beginning(path or '/', '')}")
    return Form(example, allows, begins, _of_another_service)


def read_id_and_host(
    arguments: Arguments, keys: tuple[str, str], type_: str, service: str, example: str
) -> tuple[pulumi.Output[str] | None, pulumi.Output[str] | None]:
    """`read_id_and_endpoint` for what is found by its host name alone, without https://."""
    return _read_pair(arguments, keys, type_, _host_form(service, example))


def read_id_and_login_server(
    arguments: Arguments, keys: tuple[str, str], example: str
) -> tuple[pulumi.Output[str] | None, pulumi.Output[str] | None]:
    """`read_id_and_host` for a container registry, whose host may have a hash behind its name."""
    return _read_pair(arguments, keys, REGISTRY, _host_form("azurecr", example), _is_of_registry)


def _host_form(service: str, example: str) -> Form:
    return Form(example, lambda text: is_endpoint(f"https://{text}", service), r"[0-9A-Za-z.-]*")


def _is_of_registry(host: str, name: str) -> bool:
    """https://learn.microsoft.com/azure/container-registry/container-registry-get-started-portal#configure-domain-name-label-dnl-option"""
    return host.partition(".")[0].partition("-")[0] == name


def read_site_and_address(
    arguments: Arguments, keys: tuple[str, str]
) -> tuple[pulumi.Output[str] | None, pulumi.Output[str] | None]:
    """`read_id_and_endpoint` for a site, whose address may be of a domain of its own, which no id tells."""

    def is_address(text: str) -> bool:
        return _ENDPOINT.fullmatch(text) is not None

    form = Form(
        "https://<app>.azurewebsites.net, or https://<domain of the app>",
        is_address,
        beginning("https://", r"[0-9A-Za-z.-]*/?"),
    )
    return _read_pair(arguments, keys, SITE, form, _is_of_site)


def _is_of_site(host: str, name: str) -> bool:
    """A site's own address may have a hash behind its name, and a region behind that.
    https://learn.microsoft.com/azure/app-service/reference-dangling-subdomain-prevention"""
    first, *rest = host.split(".")
    if _SITES not in rest:
        return True
    return first == name or (rest[0] != _SITES and first.startswith(f"{name}-"))


def _may_belong(_host: str, _name: str) -> bool:
    return True


def _begins_with(host: str, name: str) -> bool:
    return host.partition(".")[0].removesuffix(_SECONDARY) == name


def _read_pair(
    arguments: Arguments,
    keys: tuple[str, str],
    type_: str,
    form: Form,
    belongs: Callable[[str, str], bool] = _begins_with,
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
            arguments.problems += _problems_with(called, belongs, str(given[1]), str(given[0]))
        return id, endpoint

    def check(known: Sequence[str]) -> None:
        if problems := _problems_with(called, belongs, *known):
            raise ConfigurationError(component, problems)

    return id, once_checked(endpoint, check, id)


def _problems_with(
    called: tuple[str, str], belongs: Callable[[str, str], bool], endpoint: str, id: str
) -> list[Problem]:
    """`belongs` compares a host with the name of a resource, both in lower case."""
    if belongs(_host(endpoint), parse_id(id).name.lower()):
        return []
    words = "give both as the one component outputs them, or both of the one resource"
    step, given = Step(words, (Give(called[1]),)), "the id of one resource, with the address of another"
    return [Problem(" and ".join(called), given, "one resource", step)]
