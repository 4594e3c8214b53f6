"""What Microsoft.Storage has in an account and the local one has not.

https://learn.microsoft.com/rest/api/storagerp/
"""

from collections.abc import Mapping
from typing import Final

from local_azure.storage.account_names import ACCOUNTS, CONTAINERS

UNSERVED: Final[Mapping[str, str]] = {
    f"{ACCOUNTS}/encryptionScopes": "scopes of encryption",
    f"{ACCOUNTS}/inventoryPolicies": "inventories of blobs",
    f"{ACCOUNTS}/localUsers": "local users of an account",
    f"{ACCOUNTS}/managementPolicies": "the life cycle of blobs",
    f"{ACCOUNTS}/objectReplicationPolicies": "the replication of blobs",
    f"{ACCOUNTS}/privateEndpointConnections": "connections seen from the account; see"
    " Microsoft.Network/privateEndpoints",
    f"{ACCOUNTS}/privateLinkResources": "the groups of private endpoints seen from the account",
    f"{CONTAINERS}/immutabilityPolicies": "policies that keep blobs unchanged",
}
"""What is not served, as the end of a sentence, by the type."""
