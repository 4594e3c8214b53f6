"""The door of one service of every account: where the account is, who asks, from where, and what they may do.

https://learn.microsoft.com/rest/api/storageservices/authorize-with-azure-active-directory
"""

import re
from dataclasses import dataclass
from typing import Final

from local_azure.entra.directory import Caller
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import Lacking, Request, Response
from local_azure.key_vault.customer_keys import CustomerKeys
from local_azure.origins import PERSON_ADDRESS, Origin
from local_azure.rules import Rule
from local_azure.service import Services
from local_azure.storage import account_names
from local_azure.storage.account_names import host_suffix
from local_azure.storage.data_access import authenticate
from local_azure.storage.encryption import require_still_there
from local_azure.storage.firewall import require_path
from local_azure.storage.refusals import refusal
from local_azure.storage.signed_addresses import Signed, SignedAddresses
from local_azure.store import Resource

_OLDEST: Final = "2017-11-09"
"""The first version of the services that takes tokens."""

RULES: Final = [
    Rule(
        "I9",
        "refusal",
        "Without a data action on the blob's container or above: 403 AuthorizationPermissionMismatch; "
        "Owner and Contributor have none.",
        held_by="i9_without_a_data_role_every_verb_is_refused",
        source="skyplane-project/skyplane#354 hashicorp/terraform-provider-azurerm#6934",
    ),
]

Way = str | tuple[str, ...]
"""An action, or several that are only enough together."""


@dataclass(frozen=True)
class Asker:
    """Who asks; `caller` is None for whoever has one of the account's keys, and may do everything.

    With `signed` they hold an address that the caller has signed, and do what both may.
    """

    caller: Caller | None
    signed: Signed | None = None


class Gate:
    """`service` is what Azure calls it in hosts and in the groups of private endpoints: `blob`, `queue`.
    `addresses` are those that delegation keys sign, for a service that takes them."""

    def __init__(
        self, ground: Ground, services: Services, service: str, addresses: SignedAddresses | None = None
    ) -> None:
        self._ground = ground
        self._services = services
        self._service = service
        self._addresses = addresses
        self._customer_keys = CustomerKeys(ground)

    def account(self, request: Request) -> Resource:
        """The account that the host names. Raises Refusal 404."""
        name = request.host.removesuffix(host_suffix(self._service))
        account = account_names.find(self._ground.store, name)
        if account is None:
            raise refusal(404, "ResourceNotFound", f"There is no storage account behind {request.host}.")
        return account

    def asker(self, account: Resource, request: Request) -> Asker:
        """Who asks, from a place that the account answers. The place is looked at first, and only a token
        tells whose it is.
        """
        anywhere = [Origin(address=PERSON_ADDRESS)]  # neither a key nor an address says who has it
        store = self._ground.store
        try:
            signed = self._addresses.read(account, request) if self._addresses else None
            if signed is None:
                caller = authenticate(store, self._ground.entra, account, self._service, request)
                asker = Asker(caller)
            else:
                caller, asker = None, Asker(*signed)
        except Refusal:
            require_path(store, account, self._service, anywhere)
            raise
        origins = self._services.origins(caller.principal.object_id) if caller else anywhere
        require_path(store, account, self._service, origins)
        require_still_there(self._customer_keys, account)
        return asker

    def require(self, asker: Asker, scope: str, *ways: Way, data: bool = True, signed: str = "") -> None:
        """Raises Refusal 403 unless one of the ways is open to who asks, at the scope; `data` says whether
        these are actions on data, and `signed` with which letters a signed address allows it."""
        if asker.signed is not None and not asker.signed.allows(signed):
            raise _mismatch()
        if asker.caller is None:
            return
        lacking: list[str] = []
        for way in ways:
            actions = (way,) if isinstance(way, str) else way
            missing = [one for one in actions if not self._has(asker.caller, one, scope, data)]
            if not missing:
                return
            lacking += missing
        refused = _mismatch()
        refused.lacking = Lacking(asker.caller.principal.object_id, lacking[0], scope, data)
        raise refused

    def has_any_role(self, asker: Asker, account: Resource) -> bool:
        """Whether who asks may do anything at all in the account."""
        return asker.caller is None or self._ground.authorizer.has_any_role(asker.caller, account.id)

    def _has(self, caller: Caller, action: str, scope: str, data: bool) -> bool:
        return self._ground.authorizer.is_allowed(caller, action, scope, data=data).allowed


def _mismatch() -> Refusal:
    text = "This request is not authorized to perform this operation using this permission."
    return refusal(403, "AuthorizationPermissionMismatch", text)


def require_version(request: Request) -> str:
    """The version that is asked for. Raises Refusal 400 for none, and for one that takes no tokens."""
    version = request.headers.get("x-ms-version") or request.query.get("sv", "")
    if not re.fullmatch(r"20\d\d-\d\d-\d\d", version) or version < _OLDEST:
        text = "An HTTP header that's mandatory for this request, x-ms-version, is missing or too old."
        raise refusal(400, "MissingRequiredHeader", text)
    return version


def in_version(version: str, answer: Response) -> Response:
    """The answer, with the version that it is in."""
    return Response(answer.status, answer.body, {"x-ms-version": version, **answer.headers})
