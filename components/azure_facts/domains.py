"""The domains below which Azure answers, in every cloud: its services, its sign-in, its portal.

Source: https://learn.microsoft.com/azure/security/fundamentals/azure-domains
"""

from typing import Final

DOMAINS: Final = frozenset(
    [
        "appserviceenvironment.net",
        "applicationinsights.io",
        "applicationinsights.us",
        "azconfig.io",
        "azmk8s.io",
        "azure-api.cn",
        "azure-api.net",
        "azure-api.us",
        "azure-devices.net",
        "azure-mobile.net",
        "azure.cn",
        "azure.com",
        "azure.net",
        "azure.us",
        "azurecontainer.io",
        "azurecontainerapps.io",
        "azurecr.cn",
        "azurecr.io",
        "azurecr.us",
        "azuredatabricks.net",
        "azureedge.net",
        "azurefd.net",
        "azurehdinsight.net",
        "azurestaticapps.net",
        "azuresynapse.net",
        "azurewebsites.net",
        "azurewebsites.us",
        "chinacloudapi.cn",
        "chinacloudapp.cn",
        "chinacloudsites.cn",
        "cloudapp.net",
        "live.com",
        "loganalytics.io",
        "loganalytics.us",
        "microsoft.com",
        "microsoft.us",
        "microsoftonline.cn",
        "microsoftonline.com",
        "microsoftonline.us",
        "msauth.net",
        "msftauth.net",
        "msidentity.com",
        "trafficmanager.cn",
        "trafficmanager.net",
        "usgovcloudapi.net",
        "usgovcloudapp.net",
        "usgovtrafficmanager.net",
        "visualstudio.com",
        "windows.net",
        "windowsazure.com",
        "windowsazure.us",
    ]
)
"""In lower case, without a dot in front."""


def of_azure(host: str) -> bool:
    """Whether `host` (lower-case, without a port) is one of these domains or below one."""
    labels = host.rstrip(".").split(".")
    return any(".".join(labels[start:]) in DOMAINS for start in range(len(labels)))
