"""Where a trigger's connection leads and as whom: the settings that begin with its name.

https://learn.microsoft.com/azure/azure-functions/functions-reference#configure-an-identity-based-connection
"""

from collections.abc import Mapping
from dataclasses import dataclass

from azure.core.credentials import TokenCredential
from azure.identity import DefaultAzureCredential, ManagedIdentityCredential


class ConnectionRefusedHereError(Exception):
    """A connection that cannot be used; the text says what is expected."""


def words_of(error: Exception) -> str:
    """An error in one line, with the service's own code where it has one."""
    code = getattr(error, "error_code", None)
    first = str(error).partition("\n")[0]
    return f"{getattr(code, 'value', code)}: {first}" if code else first


@dataclass(frozen=True)
class Connection:
    """`settings` are those of the site."""

    name: str
    settings: Mapping[str, str]

    def address(self, service: str) -> str:
        """Of blob, queue or table. Raises ConnectionRefusedHereError."""
        self._refuse_string(f"{service}ServiceUri")
        name = self._of("accountName")
        address = self._of(f"{service}ServiceUri") or self._of("serviceUri")
        if address is None and name is not None:
            address = f"https://{name}.{service}.core.windows.net"
        if address is None:
            raise ConnectionRefusedHereError(
                f"no setting {self.name}__{service}ServiceUri, which a link to a {service} tells where its "
                f"variables begin with {self.name}"
            )
        return address.rstrip("/")

    def namespace(self) -> str:
        """Of Service Bus or Event Hubs: its host name. Raises ConnectionRefusedHereError."""
        self._refuse_string("fullyQualifiedNamespace")
        namespace = self._of("fullyQualifiedNamespace")
        if namespace is None:
            raise ConnectionRefusedHereError(
                f"no setting {self.name}__fullyQualifiedNamespace, which a link to Service Bus or Event Hubs "
                f"tells where its variables begin with {self.name}"
            )
        return namespace

    def credential(self) -> TokenCredential:
        """The identity that is named, or the system-assigned one; a developer's where none was asked for."""
        client_id, resource_id = self._of("clientId"), self._of("managedIdentityResourceId")
        if (self._of("credential") or "").lower() != "managedidentity":
            # Without it the host takes what it finds, and `AZURE_CLIENT_ID` counts.
            return DefaultAzureCredential()
        if resource_id is not None:
            return ManagedIdentityCredential(identity_config={"resource_id": resource_id})
        # Here it does not: https://learn.microsoft.com/dotnet/azure/sdk/authentication/create-token-credentials-from-configuration
        return ManagedIdentityCredential(client_id=client_id)

    def _refuse_string(self, key: str) -> None:
        """An exact match wins over what begins with it."""
        if self.name in self.settings:
            raise ConnectionRefusedHereError(
                f"the setting {self.name} is a connection string, which wins over {self.name}__{key}; what "
                "Keyless makes opens with identities only"
            )

    def _of(self, key: str) -> str | None:
        return self.settings.get(f"{self.name}__{key}") or None
