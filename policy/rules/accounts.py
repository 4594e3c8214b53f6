"""Storage accounts and registries: no keys, nothing for everybody, no network without a reason."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import EnforcementLevel

from access_report.following import REGISTRY, STORAGE
from access_report.resources import UNKNOWN, Resource
from policy.reading import at, truth
from policy.rule import Options, ResourceRule, Rule
from policy.switches import closed, off

_CONTAINER: Final = "storage:BlobContainer"
_SHARE: Final = "storage:FileShare"
_FILES: Final = "storage:FileServiceProperties"


def _shared_key(resource: Resource, _: Options) -> Iterator[str]:
    given = at(resource, "allowSharedKeyAccess")
    if given != UNKNOWN and (given is None or truth(given)):
        yield f"storage account {resource.name} is opened by its keys: allowSharedKeyAccess is not false"


def _public_blobs(resource: Resource, options: Options) -> Iterator[str]:
    if not resource.is_of(_CONTAINER):
        yield from off("allowBlobPublicAccess", "storage account")(resource, options)
        return
    given = at(resource, "publicAccess")
    if given not in (None, UNKNOWN) and str(given).lower() != "none":
        yield f"publicAccess of container {resource.name} is {given}"


def _shares(resource: Resource, _: Options) -> Iterator[str]:
    if resource.is_of(_SHARE):
        given, wrong = at(resource, "enabledProtocols"), "nfs"
        said = f"enabledProtocols of share {resource.name} is NFS"
    else:
        given, wrong = at(resource, "protocolSettings.smb.authenticationMethods"), "ntlm"
        said = f"protocolSettings.smb.authenticationMethods of {resource.name} has NTLM"
    if given != UNKNOWN and wrong in str(given).lower():
        yield said


_NETWORKS: Final = (
    "Set publicNetworkAccess to Disabled, or networkRuleSet.defaultAction to Deny with the networks that are "
    "let in; or waive this one with the reason."
)

RULES: Final[tuple[Rule, ...]] = (
    ResourceRule(
        id="storage-no-shared-key",
        what="A storage account is opened by roles alone, and by none of its keys.",
        why="A key opens all of the account to anybody who has it, and where nothing is said it does.",
        source="https://learn.microsoft.com/azure/storage/common/shared-key-authorization-prevent",
        step="Set allowSharedKeyAccess to false, and assign roles.",
        types=(STORAGE,),
        judge=_shared_key,
    ),
    ResourceRule(
        id="storage-no-public-blobs",
        what="No blob is read without signing in.",
        why="What is public can be read by everybody, and found by those who look for it.",
        source="https://learn.microsoft.com/azure/storage/blobs/anonymous-read-access-prevent",
        step="Set allowBlobPublicAccess of the account to false, and publicAccess of the container to None.",
        types=(STORAGE, _CONTAINER),
        judge=_public_blobs,
    ),
    ResourceRule(
        id="storage-shares-ask-who",
        what="Whoever mounts a file share says who they are.",
        why="NFS asks for no identity, and NTLM is signed in to with the account's key.",
        source="https://learn.microsoft.com/azure/storage/files/files-smb-protocol",
        step="Leave enabledProtocols of the share at SMB, and authenticationMethods at Kerberos.",
        types=(_SHARE, _FILES),
        judge=_shares,
    ),
    ResourceRule(
        id="storage-network-closed",
        what="A storage account answers chosen networks only, or there is a reason why not.",
        why="A stolen token is worth nothing where its thief's network is not let in.",
        source="https://learn.microsoft.com/azure/storage/common/storage-network-security",
        step=_NETWORKS,
        types=(STORAGE,),
        judge=closed("publicNetworkAccess", "networkRuleSet", "storage account"),
    ),
    ResourceRule(
        id="registry-no-admin-user",
        what="A registry has no admin user.",
        why="Its password belongs to nobody and may push what every app of the registry runs.",
        source="https://learn.microsoft.com/azure/container-registry/container-registry-authentication",
        step="Set adminUserEnabled to false, and assign AcrPull to the identity that pulls.",
        types=(REGISTRY,),
        judge=off("adminUserEnabled", "registry"),
    ),
    ResourceRule(
        id="registry-no-anonymous-pull",
        what="Nobody pulls from a registry without signing in.",
        why="An image holds the code, and often more than was meant to be in it.",
        source="https://learn.microsoft.com/azure/container-registry/anonymous-pull-access",
        step="Set anonymousPullEnabled to false.",
        types=(REGISTRY,),
        judge=off("anonymousPullEnabled", "registry"),
    ),
    ResourceRule(
        id="registry-network-closed",
        what="A registry answers chosen networks only.",
        why="Whoever has a token could otherwise pull from anywhere; only its premium size can refuse.",
        source="https://learn.microsoft.com/azure/container-registry/container-registry-access-selected-networks",
        step=_NETWORKS,
        level=EnforcementLevel.ADVISORY,
        types=(REGISTRY,),
        judge=closed("publicNetworkAccess", "networkRuleSet", "registry"),
    ),
)
