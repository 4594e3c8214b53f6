"""Are an app's Key Vault references resolved? App Service deploys green when they are not: this check tells.

`python -m readiness --stack NAME`, or from Python: `check([app_id], DefaultAzureCredential()).ready`.
https://learn.microsoft.com/azure/app-service/app-service-key-vault-references
"""

from readiness.checking import check
from readiness.reports import NotReachableError, Readiness, ReferenceReport

__all__ = ["NotReachableError", "Readiness", "ReferenceReport", "check"]
