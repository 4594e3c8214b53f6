"""The arguments of AccessReview: whose logs are kept where, whom the program knows, and who is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NotRequired, TypedDict

import pulumi

from ..arguments import Arguments
from ..azure_facts.reviewed_logs import reviewed_logs
from ..diagnostics import read_diagnostics
from ..elsewhere import Elsewhere, read_elsewhere
from ..form import Form
from ..names.monitor import REVIEW_WORKSPACE
from ..naming import read_name
from ..placement import Placement, read_placement
from ..references import ACTION_GROUP, guid_form, id_form
from ..shown import entry
from ..tags import ForeignTagsArgs, read_foreign_tags

_EMAIL: Final = Form.matching("an e-mail address", r"[^@\s]+@[^@\s]+\.[^@\s]+", r"[^\s]*")
_PRINCIPAL: Final = guid_form("the object id of a principal in Entra, a GUID")
_SHORTEST, _LONGEST, _USUAL = 30, 730, 90


class ReviewedLog(StrEnum):
    """What a log is of."""

    VAULT = "vault"
    """Calls to a Key Vault, each with the role assignment that decided."""
    BLOBS = "blobs"
    """Requests to the blobs of a storage account, likewise; one row a request."""
    QUEUES = "queues"
    """Requests to its queues, likewise."""
    TABLES = "tables"
    """Requests to its tables, likewise."""
    FILES = "files"
    """Requests to its file shares, likewise."""
    SERVICE_BUS = "service-bus"
    """Changes in a Service Bus namespace and, of a premium one, which application sends and receives."""
    EVENT_HUBS = "event-hubs"
    """The same of an Event Hubs namespace."""
    CONFIGURATION = "configuration"
    """Requests to a configuration store, and changes in it."""
    COSMOS = "cosmos"
    """Requests to the data of a Cosmos DB account, and changes of the account; one row a request."""
    REGISTRY = "registry"
    """Sign-ins to a container registry, and images that are pulled and pushed."""
    SITE = "site"
    """Sign-ins to an app's publishing, to the app, and calls that its address rules decide."""


class EntraLog(StrEnum):
    """A log of the directory, which says who got a token, and what was changed."""

    MANAGED_IDENTITIES = "ManagedIdentitySignInLogs"
    """Tokens of managed identities, each with what it is for."""
    SERVICE_PRINCIPALS = "ServicePrincipalSignInLogs"
    """Tokens of applications, such as a pipeline that deploys."""
    PEOPLE = "SignInLogs"
    """Sign-ins of people, by themselves."""
    PEOPLE_AGAIN = "NonInteractiveUserSignInLogs"
    """Tokens that clients got for people without asking them again; a row a token, so the most of all."""
    CHANGES = "AuditLogs"
    """Changes of applications, service principals, app roles, groups and their members."""


class ReviewedArgs(TypedDict):
    """One log that is kept."""

    id: pulumi.Input[str]
    """Full id of the vault, account, namespace, store, registry or app; required."""
    log: NotRequired[ReviewedLog]
    """What the log is of; left out, vault."""


class AccessReviewArgs(ForeignTagsArgs):
    """Arguments of AccessReview."""

    resource_group_name: NotRequired[pulumi.Input[str]]
    """The resource group for workspace and alerts, and the one whose grants are watched; required."""
    location: NotRequired[pulumi.Input[str]]
    """Azure region; left out, the resource group's."""
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Tags of what is created; left out, none."""
    diagnostics_workspace_id: NotRequired[pulumi.Input[str]]
    """Log Analytics workspace that logs go to; left out, one is made."""
    workspace_name: NotRequired[pulumi.Input[str]]
    """Name of the workspace that is made, 4 to 63 characters; left out, log-<name>-<stack>-<random>."""
    retention_days: NotRequired[int]
    """Days for which the workspace that is made keeps rows, 30 to 730; left out, 90."""
    resources: NotRequired[Mapping[str, ReviewedArgs]]
    """Whose logs are kept, by names of yours; required."""
    known_principal_ids: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Who may call, as name to object id: a call by any other principal is told; left out, no such alert."""
    deployer_ids: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Who deploys, as name to object id: a grant by any other is told; left out, every grant is told."""
    exports_activity_log: NotRequired[bool]
    """Whether the subscription's activity log goes to the workspace too; left out, false."""
    entra_logs: NotRequired[Sequence[EntraLog]]
    """Logs of the directory that go to the workspace too, of the whole tenant; left out, none."""
    alert_emails: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Who is told of alerts, as name to e-mail address; left out, alerts are seen in the portal alone."""
    action_group_id: NotRequired[pulumi.Input[str]]
    """Existing action group that is told of alerts; left out, see alert_emails."""


@dataclass(frozen=True)
class Reviewed:
    """One log that is kept, read and checked."""

    name: str
    id: pulumi.Output[str]
    log: ReviewedLog


@dataclass(frozen=True)
class AccessReviewChoices:
    """The arguments, read and checked. `workspace_id` is None where one is made."""

    place: Placement
    foreign_tags: tuple[str, ...]
    elsewhere: Elsewhere
    workspace_id: pulumi.Output[str] | None
    workspace_name: pulumi.Output[str] | None
    retention_days: int
    resources: tuple[Reviewed, ...]
    known: Mapping[str, pulumi.Output[str]]
    deployers: Mapping[str, pulumi.Output[str]]
    exports_activity_log: bool
    entra_logs: tuple[EntraLog, ...]
    emails: Mapping[str, pulumi.Output[str]]
    action_group_id: pulumi.Output[str] | None


_ENTRA_LOG: Final = Form(f"one of {', '.join(EntraLog)}", lambda text: text in list(EntraLog))


def read_access_review(arguments: Arguments) -> AccessReviewChoices:
    """Problems are noted in `arguments`."""
    arguments.require("resource_group_name", "the resource group for workspace and alerts")
    arguments.require("resources", "whose logs are kept")
    made = ("workspace_name", "retention_days")
    arguments.exclude("diagnostics_workspace_id", made, "a workspace is there or is made")
    arguments.exclude("action_group_id", ("alert_emails",), "an action group is there or is made")
    if arguments.has("deployer_ids") and not arguments.flag("exports_activity_log", False):
        step = "set exports_activity_log, or take deployer_ids out"
        expected = "exports_activity_log with it: Azure's own alerts cannot leave somebody out"
        arguments.refuse("deployer_ids", "ids without the log that names who made a grant", expected, step)
    return AccessReviewChoices(
        place=read_placement(arguments),
        foreign_tags=read_foreign_tags(arguments),
        elsewhere=read_elsewhere(arguments, AccessReviewArgs),
        workspace_id=read_diagnostics(arguments),
        workspace_name=read_name(arguments, "workspace_name", REVIEW_WORKSPACE),
        retention_days=arguments.whole_number("retention_days", _USUAL, _SHORTEST, _LONGEST),
        resources=tuple(_reviewed(arguments)),
        known=_texts(arguments, "known_principal_ids", _PRINCIPAL),
        deployers=_texts(arguments, "deployer_ids", _PRINCIPAL),
        exports_activity_log=arguments.flag("exports_activity_log", False),
        entra_logs=tuple(
            EntraLog(one) for one in arguments.plain_names("entra_logs", _ENTRA_LOG) if _ENTRA_LOG.holds(one)
        ),
        emails=_texts(arguments, "alert_emails", _EMAIL),
        action_group_id=arguments.text("action_group_id", id_form(ACTION_GROUP)),
    )


def _reviewed(arguments: Arguments) -> list[Reviewed]:
    found: list[Reviewed] = []
    for name, record in arguments.records("resources", ReviewedArgs, "names to what has a log"):
        log = record.choice("log", ReviewedLog, ReviewedLog.VAULT)
        record.require("id", "the id of what has the log")
        id = record.text("id", id_form(reviewed_logs()[log.value].type))
        if id is not None:
            found.append(Reviewed(name, id, log))
    return found


def _texts(arguments: Arguments, key: str, form: Form) -> Mapping[str, pulumi.Output[str]]:
    given = arguments.plain_map(key, f"names to {form.words}")
    return {name: arguments.checked(entry(key, name, given), one, form) for name, one in given.items()}
