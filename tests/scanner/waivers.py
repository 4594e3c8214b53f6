"""What the scanner finds and we leave: each finding by its check and the type it is in, with the reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

Finding = tuple[str, str]
"""The id of a check, and Resource Manager's type."""

_SITE, _SLOT = "Microsoft.Web/sites", "Microsoft.Web/sites/slots"
_CONFIG, _PLAN = "Microsoft.Web/sites/config", "Microsoft.Web/serverfarms"
_CLUSTER: Final = "Microsoft.ContainerService/managedClusters"
_ACCOUNT, _VAULT = "Microsoft.Storage/storageAccounts", "Microsoft.KeyVault/vaults"


@dataclass(frozen=True)
class Open:
    """What is open unless one of these arguments is given, and why it is not closed by itself."""

    arguments: tuple[str, ...]
    reason: str


_LOGS: Final = (
    "It asks for logs in the app's own file system, which lie there for hours. `diagnostics_workspace_id` "
    "sends every category to a workspace."
)
_ELSEWHERE: Final = "It reads the number of the site, which is none of its own: the plan has it (`workers`)."
_FRAMEWORK: Final = (
    "azure-native says `v4.6` where nothing is said; the runtime of an app on Linux is in `linuxFxVersion`."
)
_SHARE: Final = "A share of Azure Files opens with an account key: files of an app would bring back a secret."

ALWAYS: Final[Mapping[Finding, str]] = {
    ("CKV_AZURE_13", _CONFIG): "It knows `authsettings` alone, the older of the two, and takes every other "
    "configuration of a site for one without sign-in. `sign_in` writes `authsettingsV2`.",
    (
        "CKV_AZURE_17",
        _SITE,
    ): "A certificate of each caller is another way to sign in: `sign_in` asks Entra who calls.",
    ("CKV_AZURE_212", _SITE): _ELSEWHERE,
    ("CKV_AZURE_212", _SLOT): _ELSEWHERE,
    ("CKV_AZURE_222", _CONFIG): "It takes the settings of a site, which have no address, for a site.",
    (
        "CKV_AZURE_50",
        "Microsoft.Compute/virtualMachines",
    ): "It wants no extension on a machine: people sign in by one, and certificates come by another.",
    ("CKV_AZURE_4", _CLUSTER): "It wants an agent of Container Insights on each node; "
    "`diagnostics_workspace_id` sends what is done by the API, and who signs in.",
    (
        "CKV_AZURE_8",
        _CLUSTER,
    ): "It wants an add-on said to be off that no version of Kubernetes in support has.",
    ("CKV_AZURE_168", _CLUSTER): "It wants 50 pods or more to be said; with this network Azure takes 250.",
    ("CKV_AZURE_172", _CLUSTER): "It wants the value true where Azure takes the text: rotation is on.",
    ("CKV_AZURE_226", _CLUSTER): "Disks of nodes on their host take a size that has them, which is a choice.",
    ("CKV_AZURE_63", _CONFIG): _LOGS,
    ("CKV_AZURE_65", _CONFIG): _LOGS,
    ("CKV_AZURE_66", _CONFIG): _LOGS,
    ("CKV_AZURE_80", _CONFIG): _FRAMEWORK,
    ("CKV_AZURE_88", _CONFIG): _SHARE,
    (
        "CKV_AZURE_95",
        "Microsoft.Compute/virtualMachineScaleSets",
    ): "It wants instances made anew from each image: here Azure patches them, as it does machines.",
}
"""Found whatever the arguments are."""

_NETWORK: Final = "A network is somebody's own: without one, the way in is a token and a role."
_OF_SITES: Final = Open(
    ("public_network_access", "private_endpoint_subnet_id", "allowed_ip_ranges"), _NETWORK
)
_OF_VAULTS: Final = Open(
    ("vault_private_endpoint_subnet_id", "vault_allowed_ip_ranges", "vault_allowed_subnet_ids"), _NETWORK
)
_OF_ACCOUNTS: Final = Open(
    ("storage_private_endpoint_subnet_id", "storage_allowed_ip_ranges", "storage_allowed_subnet_ids"),
    _NETWORK,
)
_HEALTH: Final = Open(
    ("health_check_path",), "Only its author knows the path at which an app tells how it is."
)

UNLESS_ASKED: Final[Mapping[Finding, Open]] = {
    ("CKV_AZURE_109", _VAULT): _OF_VAULTS,
    ("CKV_AZURE_189", _VAULT): _OF_VAULTS,
    ("CKV_AZURE_206", _ACCOUNT): Open(
        ("redundancy",),
        "Three zones of one region; copies in another region are another price, and another place.",
    ),
    ("CKV_AZURE_213", _SITE): _HEALTH,
    ("CKV_AZURE_213", _SLOT): _HEALTH,
    ("CKV_AZURE_222", _SITE): _OF_SITES,
    ("CKV_AZURE_222", _SLOT): _OF_SITES,
    ("CKV_AZURE_225", _PLAN): Open(
        ("zone_redundant",),
        "Zones take a premium size and two workers: another price, and no matter of access.",
    ),
    ("CKV_AZURE_35", _ACCOUNT): _OF_ACCOUNTS,
    ("CKV_AZURE_36", _ACCOUNT): _OF_ACCOUNTS,
    ("CKV_AZURE_59", _ACCOUNT): _OF_ACCOUNTS,
}
"""Found where the arguments are left out, and gone where they are given."""
