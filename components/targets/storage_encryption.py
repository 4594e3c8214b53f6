"""With whose key a storage account encrypts, in the words of Microsoft.Storage.

https://learn.microsoft.com/azure/storage/common/customer-managed-keys-configure-new-account
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pulumi
from pulumi_azure_native import storage

from ..encryption import Encryption
from ..encryption_refusals import Encrypts
from ..errors import warn
from ..hooks import Check

STORAGE: Final = Encrypts(
    child="storage:StorageAccount",
    # https://github.com/Azure/bicep/issues/16601
    not_honoured=("KeyVaultAuthenticationFailure",),
    later=True,
    back=True,
)
_OF_THE_ACCOUNT: Final = ("queue", "table")
"""The services that use the account's key where that is said when the account is made, and only there.
https://learn.microsoft.com/azure/storage/common/account-encryption-key-create"""


def encrypted(encryption: Encryption | None) -> dict[str, Any]:
    """The arguments of the account that say it."""
    if encryption is None:
        return {
            "encryption": storage.EncryptionArgs(
                key_source=storage.KeySource.MICROSOFT_STORAGE,
                require_infrastructure_encryption=True,  # a second time, and only at creation
            )
        }
    id = encryption.identity.identity_id
    whole = storage.EncryptionServiceArgs(enabled=True, key_type=storage.KeyType.ACCOUNT)
    return {
        "encryption": storage.EncryptionArgs(
            encryption_identity=storage.EncryptionIdentityArgs(encryption_user_assigned_identity=id),
            key_source=storage.KeySource.MICROSOFT_KEYVAULT,
            key_vault_properties=storage.KeyVaultPropertiesArgs(
                key_name=encryption.given.key, key_vault_uri=encryption.vault_uri
            ),
            require_infrastructure_encryption=True,
            services=storage.EncryptionServicesArgs(blob=whole, file=whole, queue=whole, table=whole),
        ),
        "identity": storage.IdentityArgs(
            type=storage.IdentityType.USER_ASSIGNED, user_assigned_identities=[id]
        ),
    }


def keeps_its_services(account: pulumi.ComponentResource, used: Sequence[str]) -> Check:
    """Warn, in a preview, too, where an account that was made without a key gets one: its queues and tables
    go on with Microsoft's.
    """
    left = [f"{service}s" for service in _OF_THE_ACCOUNT if service in used]

    def check(hook: pulumi.ResourceHookArgs) -> None:
        encryption: Mapping[str, Any] = (hook.old_inputs or {}).get("encryption") or {}
        if left and not encryption.get("services"):
            warn(
                f"The account was made without a key of yours, so its {' and '.join(left)} stay encrypted "
                "with Microsoft's: Azure decides that when an account is made. Blobs and files get the key. "
                "Next: to encrypt all of it, make another account with encryption, and move what is in "
                "this one.",
                account,
            )

    return check
