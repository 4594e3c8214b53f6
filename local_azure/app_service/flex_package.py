"""The code of a site on Flex Consumption: a package in a container, written and read with the identity that
the site names for it.

https://learn.microsoft.com/azure/azure-functions/functions-infrastructure-as-code#deployment-package
"""

from typing import Final

from local_azure.app_service.flex_consumption import opening_identity
from local_azure.app_service.not_started import NotStartedError
from local_azure.app_service.remote_package import Fetcher
from local_azure.bodies import section
from local_azure.http import JsonObject
from local_azure.rules import Rule
from local_azure.store import Resource

PACKAGE: Final = "released-package.zip"

RULES: Final = [
    Rule(
        "F14",
        "behaviour",
        "What is published to a site on Flex Consumption is kept in its container as released-package.zip, "
        "and read from there when an instance starts, both with the identity that it names.",
        held_by="f14_published_code_is_kept_and_read_with_the_identity_that_the_site_names",
    ),
]


def keep(fetcher: Fetcher, site: Resource, package: bytes) -> None:
    """Write a package into the site's container. Raises NotStartedError when the identity may not."""
    storage = _storage(site)
    fetcher.write(site, opening_identity(storage), _address(storage), package)


def read(fetcher: Fetcher, site: Resource) -> bytes:
    """The package in the site's container. Raises NotStartedError when the identity does not get it."""
    storage = _storage(site)
    return fetcher.read(site, opening_identity(storage), _address(storage))


def _storage(site: Resource) -> JsonObject:
    config = section(site.body["properties"], "functionAppConfig")
    storage = section(section(config, "deployment"), "storage")
    if section(storage, "authentication").get("type") == "StorageAccountConnectionString":
        words = "Its container opens with a connection string, and the local Azure has no account keys."
        raise NotStartedError("DeploymentStorageFailure", words)
    return storage


def _address(storage: JsonObject) -> str:
    return f"{str(storage['value']).rstrip('/')}/{PACKAGE}"
