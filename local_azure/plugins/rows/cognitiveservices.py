"""Accounts of Azure OpenAI and Azure AI services, and their models."""

from collections.abc import Mapping
from typing import Final

from local_azure.plugins.row import GROUP, Row, names

_ACCOUNT: Final = GROUP + "/providers/Microsoft.CognitiveServices/accounts/{accountName}"
_VERSION: Final = "2025-06-01"

ROWS: Final[Mapping[str, Row]] = {
    "azure-native:cognitiveservices:Account": Row(
        api_version=_VERSION,
        path=_ACCOUNT,
        body=names("identity kind location properties sku tags"),
        outputs=names(
            "name type etag systemData"
            " identity.principalId identity.tenantId properties.abusePenalty"
            " properties.callRateLimit properties.capabilities properties.commitmentPlanAssociations"
            " properties.dateCreated properties.deletionDate properties.endpoint"
            " properties.endpoints properties.internalId properties.isMigrated"
            " properties.privateEndpointConnections properties.provisioningState"
            " properties.quotaLimit properties.scheduledPurgeDate properties.skuChangeInfo"
        ),
        replaces=names("kind location"),
    ),
    "azure-native:cognitiveservices:Deployment": Row(
        api_version=_VERSION,
        path=f"{_ACCOUNT}/deployments/{{deploymentName}}",
        body=names("properties sku tags"),
        outputs=names(
            "name type etag systemData"
            " properties.callRateLimit properties.capabilities properties.dynamicThrottlingEnabled"
            " properties.model.callRateLimit properties.provisioningState properties.rateLimits"
            " properties.scaleSettings.activeCapacity"
        ),
        has_location=False,
    ),
}
