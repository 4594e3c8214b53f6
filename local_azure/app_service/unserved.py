"""What App Service has below a site and the local one has not. Whoever asks is told so, and not that there is
no such type.

https://learn.microsoft.com/rest/api/appservice/web-apps
"""

from collections.abc import Mapping
from typing import Final

from local_azure.app_service.site_names import SITE, SLOT

_BELOW_SITES: Final = {
    "analyzeCustomHostname": "the analysis of host names",
    "backups": "backups of web apps",
    "continuousWebJobs": "WebJobs",
    "deployments/log": "the logs of deployments",
    "domainOwnershipIdentifiers": "identifiers of domains; a host name is bound with its TXT record",
    "extensions": "deployments through Resource Manager; publish a package at the scm host",
    "functions": "the functions of a function app",
    "host": "the keys of a function app",
    "hybridConnection": "hybrid connections",
    "hybridConnectionNamespaces": "hybrid connections",
    "hybridConnectionRelays": "hybrid connections",
    "instances": "the instances of web apps",
    "migratemysql": "MySQL in App",
    "networkFeatures": "hybrid connections",
    "networkTrace": "network traces",
    "networkTraces": "network traces",
    "perfcounters": "performance counters",
    "phplogging": "PHP's own logs",
    "premierAddons": "add-ons",
    "privateAccess": "private access",
    "privateEndpointConnections": "connections seen from the site; see Microsoft.Network/privateEndpoints",
    "privateLinkResources": "the groups of private endpoints seen from the site",
    "processes": "the processes of web apps",
    "publicCertificates": "certificates that an app trusts",
    "siteContainers": "containers, which do not run here",
    "siteExtensions": "extensions of sites",
    "snapshots": "snapshots of web apps",
    "snapshotsdr": "snapshots of web apps",
    "sourceControls": "source control; publish a package",
    "triggeredWebJobs": "WebJobs",
    "usages": "usages of web apps",
    "virtualNetworkConnections/gateways": "integration through a gateway",
    "webJobs": "WebJobs",
    "workflows": "Logic Apps",
}

UNSERVED: Final[Mapping[str, str]] = {
    **{f"{kind}/{name}": what for kind in (SITE, SLOT) for name, what in _BELOW_SITES.items()},
    f"{SITE}/migrate": "MySQL in App",
    **{f"{kind}/config/snapshots": "snapshots of configuration" for kind in (SITE, SLOT)},
}
"""What is not served, as the end of a sentence, by the type."""
