"""Create, read, update and delete one resource through Resource Manager, as azure-native does it."""

import sys

from local_azure.plugins import shape
from local_azure.plugins.arm_client import ArmClient, AzureError, OperationFailedError
from local_azure.plugins.row import Row
from local_azure.plugins.server import ResourceInitError
from local_azure.plugins.table import ROWS
from local_azure.plugins.wire import PropertyMap, as_object

_VAULT_API_VERSION = "7.6"


class Resources:
    """Everything that the stand-in does on the network, for one identity and subscription."""

    def __init__(self, client: ArmClient) -> None:
        self.client = client
        self._group_locations: dict[str, str] = {}

    def create(self, row: Row, inputs: PropertyMap, timeout: float) -> tuple[str, PropertyMap]:
        """The id and the outputs of a new resource. Raises RuntimeError when its id is taken."""
        id_ = shape.resource_id(row, self.client.credentials.subscription_id, inputs)
        # What lives and dies with its parent always exists already.
        if row.default_body is None and self.client.exists(id_, row.api_version):
            raise RuntimeError(f"cannot create already existing resource '{id_}'")
        return self._write(row, id_, inputs, timeout)

    def update(self, row: Row, id_: str, inputs: PropertyMap, timeout: float) -> PropertyMap:
        return self._write(row, id_, inputs, timeout)[1]

    def read(self, row: Row, id_: str) -> PropertyMap | None:
        """The outputs of an existing resource; None when there is none."""
        try:
            return shape.outputs(row, self._get(row, id_))
        except AzureError as error:
            if error.status == 404:
                return None
            raise

    def delete(self, row: Row, id_: str, timeout: float) -> None:
        if row.default_body is not None:
            self.client.put(id_, row.api_version, dict(row.default_body), timeout)
        elif row.delete == "in the vault":
            vault = shape.path_parameters(row, id_)["vaultName"]
            kind, name = id_.split("/")[-2:]
            self.client.delete(
                f"https://{vault}.vault.azure.net/{kind}/{name}", _VAULT_API_VERSION, timeout=timeout
            )
        else:
            self.client.delete(id_, row.api_version, row.delete_query, timeout)

    def group_location(self, name: str) -> str | None:
        """Where a resource group is; None when it cannot be read."""
        if name not in self._group_locations:
            row = ROWS["azure-native:resources:ResourceGroup"]
            subscription = self.client.credentials.subscription_id
            id_ = shape.resource_id(row, subscription, {"resourceGroupName": name})
            try:
                self._group_locations[name] = str(self.client.get(id_, row.api_version)["location"])
            except AzureError:
                return None
        return self._group_locations[name]

    def _write(self, row: Row, id_: str, inputs: PropertyMap, timeout: float) -> tuple[str, PropertyMap]:
        try:
            response = self.client.put(id_, row.api_version, shape.request_body(row, inputs), timeout)
        except OperationFailedError as error:
            raise ResourceInitError(id_, self._half_made(row, id_, inputs), inputs, str(error)) from error
        id_ = str(response.get("id", id_))
        try:
            response = self._get(row, id_)
        except AzureError as error:
            # azure-native goes on with the answer to its PUT, and warns.
            print(f"could not read {id_} after it was written: {error.status} {error.code}", file=sys.stderr)
        return id_, shape.outputs(row, response)

    def _get(self, row: Row, id_: str) -> PropertyMap:
        if row.read == "list":
            return self.client.post(f"{id_}/list", row.api_version)
        found = self.client.get(id_, row.api_version)
        if row.read == "site":
            # GET leaves siteConfig out: https://learn.microsoft.com/rest/api/appservice/web-apps/get-configuration
            settings = (
                as_object(self.client.get(f"{id_}/config/web", row.api_version).get("properties")) or {}
            )
            if settings.get("publishingUsername") == "REDACTED":
                settings.pop("publishingUsername")
            found["properties"] = {**found.get("properties", {}), "siteConfig": settings}
        return found

    def _half_made(self, row: Row, id_: str, inputs: PropertyMap) -> PropertyMap:
        """The outputs to keep of a write that failed late: Azure's, or the inputs where it has none."""
        try:
            found = self.read(row, id_)
        except AzureError:
            found = None
        return found or {name: value for name, value in inputs.items() if name in row.body}
