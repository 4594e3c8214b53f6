"""Azure's own lock: nobody deletes what it is on, whatever role they have, until the lock is gone."""

from collections.abc import Sequence
from typing import Final, NotRequired, TypedDict

import pulumi
from pulumi_azure_native import authorization

from .arguments import Arguments

_KEY: Final = "delete_lock"


class LockArgs(TypedDict):
    """Whether what is created can be deleted by hand."""

    delete_lock: NotRequired[bool]
    """Whether Azure refuses deletions, of grants too, until the lock is removed; left out, false."""


def read_lock(arguments: Arguments) -> bool:
    return arguments.flag(_KEY, False)


def delete_lock(
    component: pulumi.Resource, name: str, scope: pulumi.Output[str], everything: Sequence[pulumi.Resource]
) -> "authorization.ManagementLockByScope":
    """A lock on `scope` that is made after `everything` that stands there, and so is the first to go.

    Source: https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources
    """
    who = f"{type(component).__name__} '{name}' of the stack {pulumi.get_stack()}"
    return authorization.ManagementLockByScope(
        name,
        level=authorization.LockLevel.CAN_NOT_DELETE,
        lock_name=f"{name}-lock",
        notes=f"Made by {who}: `pulumi destroy` removes it first; set {_KEY} to false to remove it alone.",
        scope=scope,
        opts=pulumi.ResourceOptions(parent=component, depends_on=list(everything)),
    )
