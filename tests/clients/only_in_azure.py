"""The printed commands that no local Azure answers, each with the reason. Their arguments are parsed."""

from collections.abc import Mapping
from typing import Final

ONLY_IN_AZURE: Final[Mapping[str, str]] = {
    "login --tenant {tenant}": "it opens a browser on Microsoft's own page; after `make env` the deployer is "
    "signed in, and `az login --use-device-code` signs in somebody else",
    "ad app federated-credential create --id x --parameters {{}}": "the local directory has no applications",
    "ad sp update --id {client} --set appRoleAssignmentRequired=true": "nobody writes to the local directory",
    "vm show --name vm --resource-group rg --query identity.principalId": "virtual machines are not served",
    "webapp list-runtimes --os linux": "the list is Microsoft's and changes by the month",
}
