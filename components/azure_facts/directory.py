"""What Resource Manager has of a tenant's directory: the settings of its logs.

Sources: https://learn.microsoft.com/entra/identity/monitoring-health/howto-configure-diagnostic-settings and,
of what lets an application write them, https://github.com/Azure/azure-rest-api-specs/issues/11085
"""

from typing import Final

DIRECTORY: Final = "/providers/Microsoft.aadiam"
"""The scope that they are in, outside of every subscription."""
