"""Links: what a workload reaches, each under a name of the user's and with exactly one target in it.

A field of `LinkArgs` that is a record is a target. Its record is read by `read_link` of the module that
declares it, so a new target is one file and one field here.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, NotRequired, TypedDict, get_args, get_origin, is_typeddict

from ..arguments import Arguments
from ..errors import Give, Step, TakeOut
from ..form import Form
from ..identity import IdentityKind
from ..names.everywhere import ENVIRONMENT_VARIABLE
from .ai import AiLinkArgs
from .app import AppLinkArgs
from .app_configuration import AppConfigurationLinkArgs
from .blobs import BlobsLinkArgs
from .calls import refuse_without_client_id, user_assigned
from .certificates import CertificatesLinkArgs
from .cosmos import CosmosLinkArgs
from .event_grid import EventGridLinkArgs
from .event_hubs import EventHubsLinkArgs
from .files import FilesLinkArgs
from .flat_storage import FlatStorageArgs, read_flat_storage
from .key_vault import SHORT, KeyVaultLinkArgs, SecretsArgs, VaultLink, read_short_form
from .keys import KeysLinkArgs
from .link import Link
from .logs_ingestion import LogsIngestionLinkArgs
from .mysql import MySqlLinkArgs
from .needs import link_in
from .postgres import PostgresLinkArgs
from .queues import QueuesLinkArgs
from .record import Record
from .redis import RedisLinkArgs
from .registry import RegistryLinkArgs
from .role import RoleLinkArgs
from .search import SearchLinkArgs
from .service_bus import ServiceBusLinkArgs
from .signalr import SignalRLinkArgs
from .sql import SqlLinkArgs
from .tables import TablesLinkArgs
from .web_pub_sub import WebPubSubLinkArgs

_NAME: Final = Form.matching(
    "letters and digits, with single hyphens or underscores between, beginning with a letter",
    r"[A-Za-z][0-9A-Za-z]*([_-][0-9A-Za-z]+)*",
    r"(?:[A-Za-z](?:[_-]?[0-9A-Za-z])*[_-]?)?",
)
_PREFIX: Final = replace(
    ENVIRONMENT_VARIABLE, words="letters, digits and underscores, not beginning with a digit"
)


class LinkArgs(TypedDict):
    """One thing that code reaches with the workload's identity: exactly one target, and how it is told."""

    key_vault: NotRequired[KeyVaultLinkArgs]
    """Secrets of a vault, each as a variable; left out, another target."""
    keys: NotRequired[KeysLinkArgs]
    """Keys of a vault; left out, another target."""
    certificates: NotRequired[CertificatesLinkArgs]
    """Certificates of a vault; left out, another target."""
    blobs: NotRequired[BlobsLinkArgs]
    """Blobs of a storage account; left out, another target."""
    queues: NotRequired[QueuesLinkArgs]
    """Queues of a storage account; left out, another target."""
    tables: NotRequired[TablesLinkArgs]
    """Tables of a storage account; left out, another target."""
    cosmos: NotRequired[CosmosLinkArgs]
    """Items of a Cosmos DB account; left out, another target."""
    files: NotRequired[FilesLinkArgs]
    """File shares of a storage account; left out, another target."""
    postgres: NotRequired[PostgresLinkArgs]
    """A database of a PostgreSQL server; left out, another target."""
    mysql: NotRequired[MySqlLinkArgs]
    """A database of a MySQL server; left out, another target."""
    sql: NotRequired[SqlLinkArgs]
    """A database of an Azure SQL server; left out, another target."""
    service_bus: NotRequired[ServiceBusLinkArgs]
    """Queues or topics of Service Bus; left out, another target."""
    event_hubs: NotRequired[EventHubsLinkArgs]
    """Event hubs; left out, another target."""
    redis: NotRequired[RedisLinkArgs]
    """The database of an Azure Managed Redis; left out, another target."""
    registry: NotRequired[RegistryLinkArgs]
    """Images in a container registry; left out, another target."""
    event_grid: NotRequired[EventGridLinkArgs]
    """A topic of Event Grid; left out, another target."""
    signalr: NotRequired[SignalRLinkArgs]
    """A SignalR service; left out, another target."""
    web_pub_sub: NotRequired[WebPubSubLinkArgs]
    """A Web PubSub service; left out, another target."""
    logs_ingestion: NotRequired[LogsIngestionLinkArgs]
    """Tables of logs, by a data collection rule; left out, another target."""
    app_configuration: NotRequired[AppConfigurationLinkArgs]
    """An App Configuration store; left out, another target."""
    ai: NotRequired[AiLinkArgs]
    """An account of Azure OpenAI or Azure AI services; left out, another target."""
    search: NotRequired[SearchLinkArgs]
    """Indexes of an AI Search service; left out, another target."""
    app: NotRequired[AppLinkArgs]
    """An app of your own that is called; left out, another target."""
    role: NotRequired[RoleLinkArgs]
    """Any role on any scope; left out, another target."""
    grant: NotRequired[bool]
    """Whether the identity is granted here; left out, true. With false, whoever owns the target does it."""
    variables: NotRequired[str]
    """What the names of the link's variables begin with; left out, the link's name in capitals."""


class LinksArgs(SecretsArgs, FlatStorageArgs):
    """Everything that code reaches."""

    links: NotRequired[Mapping[str, LinkArgs]]
    """What code reaches, under names of your own, each with one target; left out, secrets alone."""


def read_links(
    arguments: Arguments, identity: IdentityKind, *, vault_follows: bool = False
) -> tuple[VaultLink, Sequence[Link]]:
    """The short form of a vault's secrets, and all other links. Problems are noted in `arguments`.

    With `vault_follows` the caller creates the vault that the short form is for.
    """
    vault = read_short_form(arguments, vault_follows=vault_follows)
    asked = {SHORT: vault} if vault.secrets else dict[str, Link]()
    flat = dict(read_flat_storage(arguments))
    links = list(flat.values())
    for name, link in read_records(arguments):
        if older := asked.get(name) or flat.get(name):
            one, other = older.source, f"links[{name}]"
            step = f"take {one} out, or give the link another name"
            expected = f"one link named {name}: {one} is the short form of it"
            arguments.refuse(f"{one} and {other}", "both", expected, step)
        else:
            links.append(link)
    check_identity(arguments, identity, [*asked.values(), *links])
    return vault, links


def check_identity(arguments: Arguments, identity: IdentityKind, links: Sequence[Link]) -> None:
    """Refuse links that the kind of identity cannot be let in to."""
    if identity is IdentityKind.NONE:
        for link in links:
            _refuse_without_identity(arguments, link)
    if identity is IdentityKind.SYSTEM_ASSIGNED:
        refuse_without_client_id(arguments, links, "identity", identity.value, user_assigned())


def _refuse_without_identity(arguments: Arguments, link: Link) -> None:
    without = link_in(link.source) or link.source
    steps = (
        Step("set identity to user-assigned", (Give("identity", IdentityKind.USER_ASSIGNED.value),)),
        Step(f"take {without} out", (TakeOut(without),)),
    )
    expected = "an identity that can be let in"
    arguments.refuse(f"identity and {link.source}", f"none, with {link.source}", expected, steps)


def read_records(arguments: Arguments) -> Iterator[tuple[str, Link]]:
    """The links in `links`, by their names. Problems are noted in `arguments`."""
    kinds = target_records()
    for number, (name, record) in enumerate(arguments.records("links", LinkArgs, "names to links"), 1):
        own = re.sub(r"[^0-9A-Z]", "_", name.upper())
        if not _NAME.holds(name):
            arguments.refuse(record.path, _NAME.refused(name), _NAME.words, "name the link for what it is")
            own = f"LINK_{number}"
        targets = [target for target in kinds if record.has(target)]
        if len(targets) != 1:
            _refuse_targets(arguments, record, targets, kinds)
            continue
        kind = kinds[targets[0]]
        given = record.record(targets[0], kind)
        prefix = record.plain_text("variables", own)
        if not _PREFIX.holds(prefix):
            step = "leave it out, or rename it"
            arguments.refuse(record.at("variables"), _PREFIX.refused(prefix), _PREFIX.words, step)
        grants_here = record.flag("grant", True)
        if given is not None:
            read = Record(name, given, prefix, grants_here)
            yield name, sys.modules[kind.__module__].read_link(read)


def _refuse_targets(
    arguments: Arguments, record: Arguments, given: Sequence[str], known: Iterable[str]
) -> None:
    expected = f"exactly one of {', '.join(known)}"
    if given:
        step = "give each target a link of its own"
        arguments.refuse(record.path, " and ".join(given), expected, step)
    else:
        arguments.refuse(record.path, "no target", expected, "give the target, or take the link out")


def target_records() -> Mapping[str, type]:
    """The targets that there are: field of `LinkArgs` to the record that it holds."""
    found: dict[str, type] = {}
    for field, annotation in LinkArgs.__annotations__.items():
        inner = get_args(annotation)[0] if get_origin(annotation) is NotRequired else annotation
        if is_typeddict(inner):
            found[field] = inner
    return found
