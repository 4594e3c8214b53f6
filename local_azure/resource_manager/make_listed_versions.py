"""`python -m local_azure.resource_manager.make_listed_versions FOLDER`: the text of `listed_versions.json`.

FOLDER is `generated/` of https://github.com/Azure/bicep-types-az, which Microsoft makes of Azure's public
specifications: a `types.json` for each version of a namespace. Of the types that are served here, what they
name is listed; a type that they do not name (a document such as `sites/config/appsettings`) has the versions
of what it is in.
"""

import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

from local_azure.azure import Azure
from local_azure.resource_manager.listed_versions import above

OF_CLIENTS: Mapping[str, Sequence[str]] = {
    "Microsoft.App/": ["2026-07-01"],  # azure-mgmt-appcontainers 5.1
    "Microsoft.Authorization/roleDefinitions": ["2020-04-01-preview"],  # azure-native 3.29
    "Microsoft.ContainerRegistry/": ["2026-09-01-preview"],  # azure-cli 2.91
    "Microsoft.ContainerService/": [
        "2026-06-01",
        "2026-08-01",
    ],  # azure-cli 2.91, azure-mgmt-containerservice 41.8
    "Microsoft.DBforPostgreSQL/": ["2026-10-01"],  # azure-mgmt-postgresqlflexibleservers 3.0
    "Microsoft.KeyVault/": ["2026-05-15"],  # azure-mgmt-keyvault 14.1
    "Microsoft.Network/privateEndpoints": ["2026-01-01"],  # azure-cli 2.91
    "Microsoft.Sql/": ["2025-01-01"],  # azure-mgmt-sql 4.0
    "Microsoft.Storage/": ["2026-06-01", "2026-09-01"],  # azure-mgmt-storage 25.3
    "Microsoft.Web/": ["2025-05-01"],  # azure-mgmt-web 11.0
}
"""Versions that released clients ask for and that the specifications' types of August 2026 do not have, by
how the names of the types begin."""

OF_RESOURCE_MANAGER = (
    "2013-03-01", "2014-01-01", "2014-04-01", "2014-04-01-preview", "2015-01-01", "2015-11-01",
    "2016-02-01", "2016-06-01", "2016-07-01", "2016-09-01", "2017-03-01", "2017-05-01", "2017-05-10",
    "2017-06-01", "2017-08-01", "2017-12-01", "2018-01-01", "2018-02-01", "2018-05-01", "2018-06-01",
    "2018-07-01", "2018-08-01", "2018-09-01", "2018-11-01", "2019-03-01", "2019-05-01", "2019-05-10",
    "2019-06-01", "2019-07-01", "2019-08-01", "2019-09-01", "2019-10-01", "2019-11-01", "2020-01-01",
    "2020-05-01", "2020-06-01", "2020-07-01", "2020-08-01", "2020-09-01", "2020-10-01", "2021-01-01",
    "2021-04-01", "2022-01-01", "2022-03-01-preview", "2022-05-01", "2022-06-01", "2022-09-01",
    "2022-11-01-preview", "2022-12-01", "2023-03-01-preview", "2023-07-01", "2023-07-01-preview",
    "2024-03-01", "2024-06-01-preview", "2024-07-01", "2024-08-01", "2024-11-01", "2025-03-01",
    "2025-04-01", "2025-07-01",
)  # fmt: skip
"""What Resource Manager lists when it refuses another one (https://github.com/Azure/azure-cli/issues/31331),
and those of 2025 from the specifications."""

NAMED_AS: Mapping[str, str] = {
    "Microsoft.AppConfiguration/deletedConfigurationStores": "Microsoft.AppConfiguration/configurationStores",
    "Microsoft.AppConfiguration/locations/deletedConfigurationStores": "Microsoft.AppConfiguration/"
    "configurationStores",
    "Microsoft.KeyVault/deletedVaults": "Microsoft.KeyVault/vaults",
    "Microsoft.KeyVault/locations/deletedVaults": "Microsoft.KeyVault/vaults",
    "Microsoft.OperationalInsights/deletedWorkspaces": "Microsoft.OperationalInsights/workspaces",
    "Microsoft.Web/sites/config/appsettings": "Microsoft.Web/sites/config",
    "Microsoft.Web/sites/slots/config/appsettings": "Microsoft.Web/sites/slots/config",
}
"""What is no type of its own to Resource Manager: it has the versions of another."""


def main(folder: Path) -> int:
    """Print the list. Raises LookupError for a type that neither the folder nor its parents name."""
    named = dict(_named(folder))
    with tempfile.TemporaryDirectory() as state:
        azure = Azure(Path(state))
        served = sorted(kind.type for kind in azure.services.types.values() if not kind.api_versions)
        azure.close()
    listed: dict[str, list[str]] = {"Microsoft.Resources": list(OF_RESOURCE_MANAGER)}
    for type_ in served:
        if type_.startswith("Microsoft.Resources/"):  # Resource Manager's own
            continue
        ways = above(NAMED_AS.get(type_, type_))
        known = next((named[one.lower()] for one in ways if one.lower() in named), None)
        if known is None:
            raise LookupError(f"{folder} names no version of {type_}")
        of_clients = (more for start, more in OF_CLIENTS.items() if type_.startswith(start))
        listed[type_] = sorted({*known, *chain.from_iterable(of_clients)})
    lines = (f"  {json.dumps(type_)}: {json.dumps(versions)}" for type_, versions in listed.items())
    print("{\n" + ",\n".join(lines) + "\n}")
    return 0


def _named(folder: Path) -> Iterator[tuple[str, set[str]]]:
    """Each type that the folder names, in lower case, and its versions."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for path in folder.glob("*/*/*/types.json"):
        for one in json.loads(path.read_text(encoding="utf-8")):
            if one["$type"] == "ResourceType":
                name, _, version = str(one["name"]).partition("@")
                found[name.lower()].add(version)
    yield from found.items()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
