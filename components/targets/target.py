"""What every target does alike, whatever it is: it is created or adopted, people are let in through groups,
and a private endpoint, diagnostics and a lock are put around it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import pulumi

from ..deployer import Owed, deployer_contract
from ..diagnostics import send_diagnostics
from ..encryption import CustomerKey, Encryption, attached, encrypt_with
from ..encryption_refusals import Encrypts, both, encryption_check
from ..hooks import Check, hooks_of
from ..links.grants import every_access
from ..locks import delete_lock
from ..naming import Naming
from ..options import checked_options
from ..outputs import register_outputs
from ..private_endpoint import PrivateEndpoint
from ..unknowns import once_there
from .groups import grant_groups
from .target_arguments import TargetChoices, TargetKind

Resource = TypeVar("Resource", bound=pulumi.CustomResource)


class Target(pulumi.ComponentResource):
    """A target: something an identity can be let into. A class of its own says what it is made of."""

    name: pulumi.Output[str]
    """Its name in Azure."""
    access: pulumi.Output[Sequence[str]]
    """Who may do what there by a grant made here, one sentence each."""
    deployer_contract: pulumi.Output[Mapping[str, str]]
    """What a deployer needs: roles, role_ids, principal_types, condition, resource_providers, commands."""

    def __init__(
        self, kind: TargetKind, name: str, choices: TargetChoices, opts: pulumi.ResourceOptions | None
    ) -> None:
        super().__init__(
            kind.token, name, {}, checked_options(kind.component, name, opts, choices.foreign_tags)
        )
        self.kind, self.called, self.target = kind, name, choices
        self.adopted = choices.existing_id is not None
        self.is_looked_up = opts is not None and opts.urn is not None
        """Whether it was sought by its URN: the engine knows the rest."""
        self.encryption: Encryption | None = None

    def adopted_or(self, get: Callable[..., Resource], make: Callable[[], Resource]) -> Resource:
        """What exists, read by its full id and not by name, which would be sought in the provider's
        subscription only; or what is made.
        """
        if self.target.existing_id is None:
            return make()
        return get(self.called, self.target.existing_id, pulumi.ResourceOptions(parent=self))

    def encrypt(self, key: CustomerKey | None) -> None:
        """Let the identity in that encrypts with a key of a vault, where one was given: before it is made."""
        self.encryption = encrypt_with(self, self.called, key, self.target.place)

    def encrypting(
        self, how: Encrypts, also: Check | None = None, *, ignore_changes: Sequence[str] = ()
    ) -> pulumi.ResourceOptions:
        """Options of what is made, where it encrypts with a key of a vault. `also` is checked in any case."""
        ignored = list(ignore_changes) or None
        if self.encryption is None:
            check = both(encryption_check(self, self.called, how), also)
            hooks = hooks_of(self, f"{how.child}::{self.called}", before_update=check)
            return pulumi.ResourceOptions(parent=self, hooks=hooks, ignore_changes=ignored)
        return pulumi.ResourceOptions(
            parent=self,
            depends_on=self.encryption.resources,
            hooks=self.encryption.hooks(self, self.called, how, also),
            ignore_changes=ignored,
        )

    def chosen_name(self) -> pulumi.Output[str]:
        """The name that was given, or one that is derived."""
        return Naming(self, self.called).choose(self.target.name, self.kind.name_rule)

    def declare_around(
        self,
        resource: pulumi.CustomResource,
        content: Sequence[pulumi.Resource] = (),
        others: Sequence[pulumi.Resource | None] = (),
        *,
        grants: Sequence[pulumi.Resource] | None = None,
        own_tables: bool = True,
        has_logs: bool = True,
        logs_of: Mapping[str, pulumi.Output[str]] | None = None,
        log_categories: Sequence[str] = (),
    ) -> pulumi.Output[str]:
        """All that stands around the target, whose name is told by then. Gives its id once its `content` is
        there: a role on what is not there yet is refused. `others` belong to it besides and are locked with
        it; `grants` are those of people where roles are not what opens it; `own_tables` is whether its logs
        have tables of their own, `has_logs` whether it has any, `logs_of` what has logs in its place: names
        of settings to ids; `log_categories` are the logs that are sent where all of them would be too many.
        """
        choices, name = self.target, self.called
        # The id of a read is unknown in previews; the one that was given is not.
        self.id = resource.id if choices.existing_id is None else choices.existing_id
        used = [] if self.encryption is None else self.encryption.grants
        self.grants: Sequence[pulumi.Resource] = [*used, *(self._people() if grants is None else grants)]
        self.private_endpoint = self._private_endpoint(content)
        workspace = choices.diagnostics_workspace_id
        self.diagnostics = [
            send_diagnostics(
                self, key, id, workspace, own_tables=own_tables, has_logs=has_logs, categories=log_categories
            )
            for key, id in ({name: self.id} if logs_of is None else logs_of).items()
        ]
        self.lock = self._lock([resource, *content, *self.grants, *others, *self.diagnostics])
        return once_there(self.id, content)

    def once_reachable(self, address: pulumi.Output[str]) -> pulumi.Output[str]:
        """An address that is given out when its private endpoint, where it has one, leads there."""
        return address if self.private_endpoint is None else self.private_endpoint.once_reachable(address)

    def finished(self, left_to_owners: Sequence[Owed] = ()) -> None:
        """Says who may do what and what a deployer needs, when all is declared, and registers the outputs."""
        choices, elsewhere = self.target, list(self.target.elsewhere)
        left = list(left_to_owners)
        if self.encryption is not None:
            elsewhere += attached(self.encryption.given)
            left += self.encryption.left_to_owners
        self.access = every_access(self.grants)
        self.deployer_contract = deployer_contract(
            self, elsewhere, choices.place.resource_group_name, left_to_owners=left
        )
        register_outputs(self)

    def _people(self) -> Sequence[pulumi.Resource]:
        return [
            grant
            for key, (part, role) in self.kind.people.items()
            for grant in grant_groups(self, self.called, part, role, self.id, self.target.people[key])
        ]

    def _lock(self, everything: Sequence[pulumi.Resource | None]) -> pulumi.Resource | None:
        if not self.target.is_locked:
            return None
        made = [one for one in everything if one is not None]
        if self.private_endpoint is not None:
            made += self.private_endpoint.resources
        return delete_lock(self, self.called, self.id, made)

    def _private_endpoint(self, content: Sequence[pulumi.Resource]) -> PrivateEndpoint | None:
        choices = self.target
        if choices.network.endpoint is None:
            return None
        return PrivateEndpoint(
            self.called,
            choices.network.endpoint,
            group_id=self.kind.group_id,
            place=choices.place,
            target_id=self.id,
            target_name=self.name,
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(content[-1:])),
        )
