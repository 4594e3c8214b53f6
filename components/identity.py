"""The identity an app runs as: the kinds there are, and one that stands on its own."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NotRequired

import pulumi
from pulumi_azure_native import managedidentity

from .arguments import Arguments
from .contract import MANAGED_IDENTITY as TOKEN
from .names.everywhere import IDENTITY as IDENTITY_NAME
from .naming import Naming, read_name
from .options import checked_options
from .outputs import register_outputs
from .placement import adopt_or_create, read_placement
from .references import IDENTITY, id_form
from .tags import ForeignTagsArgs, read_foreign_tags


class IdentityKind(StrEnum):
    """The identity an app runs as."""

    USER_ASSIGNED = "user-assigned"
    """An identity of the app's own that exists before the app, so that it can be granted before the app
    starts.
    """
    SYSTEM_ASSIGNED = "system-assigned"
    """An identity that Azure creates with the app and deletes with it."""
    EXISTING = "existing"
    """A user-assigned identity that somebody else owns and grants."""
    NONE = "none"
    """No identity: for an app that reaches nothing."""


class ManagedIdentityArgs(ForeignTagsArgs):
    """Arguments of ManagedIdentity: either what to create, or `existing_id`."""

    resource_group_name: NotRequired[pulumi.Input[str]]
    """The resource group to create the identity in; required unless existing_id is given."""
    location: NotRequired[pulumi.Input[str]]
    """Azure region; left out, the resource group's."""
    identity_name: NotRequired[pulumi.Input[str]]
    """The identity's name in Azure, 3 to 128 characters; left out, id-<name>-<stack>-<random>."""
    existing_id: NotRequired[pulumi.Input[str]]
    """Full id of an identity to adopt: nothing is created, its ids are read; left out, one is created."""
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Tags of the identity; left out, none."""


class ManagedIdentity(pulumi.ComponentResource):
    """A user-assigned managed identity: created, or an existing one read by its full id.

    Grant it with AccessGrant, and hand it to as many apps as shall share it.
    Source: https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview
    """

    identity_id: pulumi.Output[str]
    """Resource id of the identity, which an app names in order to run as it."""
    name: pulumi.Output[str]
    """Name of the identity in Azure."""
    principal_id: pulumi.Output[str]
    """Object id of the identity's service principal: what a role is assigned to."""
    client_id: pulumi.Output[str]
    """Client id of the identity: what code names to get a token for it. Never what a role is assigned to."""

    def __init__(
        self, name: str, args: ManagedIdentityArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Raises ConfigurationError when the arguments contradict each other or Azure's rules."""
        arguments = Arguments("ManagedIdentity", name, args, ManagedIdentityArgs)
        creating = ("resource_group_name", "location", "identity_name", "tags", "tags_added_elsewhere")
        adopt_or_create(arguments, creating, "an identity is adopted or created")
        existing_id = arguments.text("existing_id", id_form(IDENTITY))
        given_name = read_name(arguments, "identity_name", IDENTITY_NAME)
        foreign_tags, place = read_foreign_tags(arguments), read_placement(arguments)
        arguments.done()

        super().__init__(TOKEN, name, {}, checked_options("ManagedIdentity", name, opts, foreign_tags))
        if opts is not None and opts.urn is not None:
            return  # looked up by its URN: the engine knows the rest

        self.adopted = existing_id is not None
        if existing_id is not None:
            # A provider read by full id, and not get_user_assigned_identity, which sees one subscription
            # only.
            self.resource = managedidentity.UserAssignedIdentity.get(
                name, existing_id, pulumi.ResourceOptions(parent=self)
            )
        else:
            self.resource = managedidentity.UserAssignedIdentity(
                name,
                location=place.location,
                resource_group_name=place.resource_group_name,
                resource_name_=Naming(self, name).choose(given_name, IDENTITY_NAME),
                tags=place.tags,
                # A replacement under the same name finds the name taken unless the old one goes first.
                opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
            )
        # The id of a read is unknown in previews; the one that was given is not.
        self.id = self.resource.id if existing_id is None else pulumi.Output.from_input(existing_id)
        self.identity_id = self.id
        self.name = self.resource.name
        self.principal_id = self.resource.principal_id
        self.client_id = self.resource.client_id
        register_outputs(self)
