"""The printed commands that no local Azure answers, each with the reason. Their arguments are parsed."""

from collections.abc import Mapping
from typing import Final

ONLY_IN_AZURE: Final[Mapping[str, str]] = {
    "aks get-credentials --admin --name aks --resource-group rg": "the local clusters have no "
    "certificate of an administrator; where local accounts are off, as they are with ours, Azure refuses it",
    "feature register --namespace Microsoft.Compute --name EncryptionAtHost": "features of a subscription "
    "are not served: the local Azure has them all",
    "functionapp deployment source config-zip --resource-group rg --name app --src {package}": "it publishes,"
    " and then asks for the app's keys to see how its host fares: the local Azure has none of these",
    "functionapp list-flexconsumption-runtimes --location westeurope --runtime python": "the list is "
    "Microsoft's and changes by the month",
    "functionapp list-runtimes --os linux": "the list is Microsoft's and changes by the month",
    "login --tenant {tenant}": "it opens a browser on Microsoft's own page; after `make env` the deployer is "
    "signed in, and `az login --use-device-code` signs in somebody else",
    "webapp list-runtimes --os linux": "the list is Microsoft's and changes by the month",
}

OF_EXTENSIONS: Final[Mapping[str, str]] = {
    "ssh vm --name vm --resource-group rg": "no local machine has a server of SSH",
}
"""What only an extension of `az` knows, and none is on PyPI."""
