"""The `az` commands that a person is shown, and some beside them, as they are run on a local Azure, in this
order. Those that only make sense in Azure are in `only_in_azure.py`.

A line is what a shell would be given after `az`. `{…}` is filled in from `scene.py`.
"""

from typing import Final

from local_azure.constants import OFFICER
from tests.clients.command import Command
from tests.clients.hosts import HOSTS

SECRETS: Final = "Key Vault Secrets Officer"
GRANT: Final = "role assignment create --assignee-object-id"
SIGN_IN: Final = "login --use-device-code --allow-no-subscriptions --output none"
"""Run by itself, as a person has to enter the code."""

RUN: Final = (
    # Who is signed in
    Command("account show --query id --output tsv", "{subscription}"),
    Command("account show --query tenantId --output tsv", "{tenant}"),
    Command("account set --subscription {subscription}"),
    Command("account list --query [].name", "Local platform"),
    Command("account list-locations --query [].name", "westeurope"),
    Command("account get-access-token --resource https://vault.azure.net --query tokenType", "Bearer"),
    Command("cloud list --query [?isActive].name --output tsv", "AzureCloud"),
    Command("ad signed-in-user show --query id --output tsv", "{officer}", by=OFFICER),
    Command("ad group show --group vault-officers --query id --output tsv", "{officers}"),
    Command("ad group member list --group vault-officers --query [].id --output tsv", "{officer}"),
    Command("ad sp show --id {client} --query id --output tsv", "{deployer}"),
    Command("ad user show --id {officer} --query userPrincipalName", "officer@"),
    # App registrations, which people make
    Command(
        "ad app create --display-name shop-api --requested-access-token-version 2 --query appId --output tsv",
        by=OFFICER,
        keeps="registration",
    ),
    Command("ad app update --id {registration} --identifier-uris api://{registration}", by=OFFICER),
    Command("ad app update --id {registration} --requested-access-token-version 2", by=OFFICER),
    Command("ad sp create --id {registration} --query appId --output tsv", "{registration}", by=OFFICER),
    Command("account get-access-token --resource api://{registration} --query tokenType", "Bearer"),
    Command(
        "ad app federated-credential create --id {registration} --parameters '{trusted}'", "shop", by=OFFICER
    ),
    Command("ad sp show --id {registration} --query id --output tsv", by=OFFICER, keeps="api"),
    Command(
        "rest --method POST --url https://graph.microsoft.com/v1.0/servicePrincipals/{api}/appRoleAssignedTo "
        "--body '{assigned}'",
        "appRoleId",
        by=OFFICER,
    ),
    Command("ad sp update --id {registration} --set appRoleAssignmentRequired=true", by=OFFICER),
    Command("account get-access-token --resource api://{registration} --query tokenType", "Bearer"),
    # Groups, providers, resources
    Command("group create --name rg-clients --location westeurope", '"Succeeded"'),
    Command("group list --query [].name", "rg-clients"),
    Command("group show --name rg-clients --query location", "westeurope"),
    Command("provider unregister --namespace Microsoft.OperationalInsights --wait"),
    Command("provider register --namespace Microsoft.OperationalInsights --wait"),
    Command("provider show --namespace Microsoft.Web --query registrationState", "Registered"),
    Command("lock create --name keep --resource-group rg-clients --lock-type CanNotDelete", "CanNotDelete"),
    Command("lock list --resource-group rg-clients --query [].level", "CanNotDelete"),
    Command("lock delete --name keep --resource-group rg-clients"),
    # Identities and roles
    Command("identity create --name id-clients --resource-group rg-clients", "clientId"),
    Command(
        "identity show --resource-group rg-clients --name id-clients --query id --output tsv", "id-clients"
    ),
    Command("identity list --resource-group rg-clients --query [].name", "id-clients"),
    Command(
        "identity federated-credential create --name github --identity-name id-clients --resource-group "
        "rg-clients --issuer https://token.actions.githubusercontent.com --subject repo:o/r:environment:dev "
        "--audiences api://AzureADTokenExchange",
        "github",
    ),
    Command(
        "identity federated-credential list --identity-name id-clients --resource-group rg-clients", "github"
    ),
    Command("role definition list --output table --name Reader", "Reader"),
    Command("role assignment create --assignee {client} --role Contributor --scope {group}", "{deployer}"),
    Command(
        "role definition create --role-definition "
        """'{{"Name": "Key reader", "AssignableScopes": ["/subscriptions/{subscription}"], """
        """"DataActions": ["Microsoft.KeyVault/vaults/keys/read"]}}'""",
        "CustomRole",
    ),
    Command(
        "role definition update --role-definition "
        """'{{"Name": "Key reader", "AssignableScopes": ["/subscriptions/{subscription}", "{group}"], """
        """"DataActions": ["Microsoft.KeyVault/vaults/keys/read"]}}'""",
        "rg-clients",
    ),
    # Vaults and secrets
    Command(
        "keyvault create --name kv-clients --resource-group rg-clients --enable-rbac-authorization true "
        "--enable-purge-protection true --location westeurope",
        "https://kv-clients.vault.azure.net",
    ),
    Command("keyvault create --name kv-purged --resource-group rg-clients --location westeurope"),
    Command("keyvault list --query [].name", "kv-clients"),
    Command("keyvault show --name kv-clients --query id --output tsv", "{vault}"),
    Command("keyvault update --name kv-clients --enable-rbac-authorization true", "true"),
    Command("keyvault network-rule list --name kv-clients", "defaultAction"),
    Command(f"{GRANT} {{officers}} --assignee-principal-type Group --role '{SECRETS}' --scope {{vault}}"),
    Command(
        f"{GRANT} {{deployer}} --assignee-principal-type ServicePrincipal --role Reader --scope {{group}} "
        "--condition-version 2.0 --condition "
        """"((!(ActionMatches{{'Microsoft.Authorization/roleAssignments/write'}})))" """,
        "conditionVersion",
    ),
    Command("role assignment list --scope {vault} --query [].principalName", "vault-officers"),
    Command(
        f"role assignment list --scope {{vault}} --role '{SECRETS}' --query [].id --output tsv", "{vault}"
    ),
    Command(f"role assignment list --all --query \"[?roleDefinitionName=='{SECRETS}'].id\"", "{vault}"),
    Command(
        "keyvault secret set --file /dev/stdin --output none --vault-name kv-clients --name database-password"
        " --expires 2030-01-01T00:00:00Z",
        given="a value",
        by=OFFICER,
    ),
    Command(
        "keyvault secret show --vault-name kv-clients --name database-password --query value",
        "a value",
        by=OFFICER,
    ),
    Command("keyvault secret list --vault-name kv-clients --query [].name", "database-password", by=OFFICER),
    Command(
        "keyvault secret show --vault-name kv-clients --name database-password --query id --output tsv",
        "https://kv-clients.vault.azure.net/secrets/database-password/",
        by=OFFICER,
        keeps="version",
    ),
    Command(
        "keyvault secret set-attributes --vault-name kv-clients --name database-password --version {version} "
        "--enabled false",
        '"enabled": false',
        by=OFFICER,
    ),
    Command(
        "keyvault secret delete --vault-name kv-clients --name database-password", "recoveryId", by=OFFICER
    ),
    Command("keyvault secret recover --vault-name kv-clients --name database-password", by=OFFICER),
    Command(
        f"{GRANT} {{deployer}} --assignee-principal-type ServicePrincipal --role 'Key Vault Crypto Officer' "
        "--scope {vault}"
    ),
    Command("keyvault key create --vault-name kv-clients --name pulumi --kty RSA --size 3072", '"RSA"'),
    Command("keyvault key list --vault-name kv-clients --query [].name", "pulumi"),
    Command("keyvault key set-attributes --vault-name kv-clients --name pulumi --enabled true", '"RSA"'),
    Command(
        "keyvault key rotation-policy update --vault-name kv-clients --name pulumi --value "
        """'{{"lifetimeActions": [{{"trigger": {{"timeAfterCreate": "P90D"}}, """
        """"action": {{"type": "Rotate"}}}}]}}'""",
        "P90D",
    ),
    Command("keyvault key delete --vault-name kv-clients --name pulumi", "recoveryId"),
    Command("keyvault key recover --vault-name kv-clients --name pulumi"),
    Command(
        f"{GRANT} {{deployer}} --assignee-principal-type ServicePrincipal --role "
        "'Key Vault Certificates Officer' --scope {vault}"
    ),
    Command("keyvault certificate get-default-policy", "keyProperties"),
    Command(
        "keyvault certificate create --vault-name kv-clients --name tls --policy "
        """'{{"issuerParameters": {{"name": "Self"}}, "keyProperties": {{"keyType": "RSA", """
        """"keySize": 2048, "exportable": true, "reuseKey": false}}, "secretProperties": """
        """{{"contentType": "application/x-pkcs12"}}, "x509CertificateProperties": """
        """{{"subject": "CN=shop", "validityInMonths": 12}}}}'""",
        "completed",
    ),
    Command("keyvault delete --name kv-clients"),
    Command("keyvault list-deleted --resource-type vault --query [].name", "kv-clients"),
    Command("keyvault recover --name kv-clients", "kv-clients"),
    Command("keyvault delete --name kv-purged"),
    Command("keyvault purge --name kv-purged"),
    # Storage, networks, registries, workspaces
    Command(
        "storage account create --name stclients --resource-group rg-clients --sku Standard_ZRS "
        "--https-only true --min-tls-version TLS1_2 --allow-shared-key-access false "
        "--allow-blob-public-access false --location westeurope",
        '"Succeeded"',
    ),
    Command("storage account show --name stclients --query id --output tsv", "stclients"),
    Command(
        "storage container-rm create --name state --storage-account stclients --resource-group rg-clients"
    ),
    Command("storage account list --query [].name", "stclients"),
    Command("network vnet create --resource-group rg-clients --name vnet --location westeurope", "vnet"),
    Command("network vnet list --resource-group rg-clients --query [].name", "vnet"),
    Command(
        "network private-dns zone create --resource-group rg-clients --name privatelink.vaultcore.azure.net",
        "privatelink.vaultcore.azure.net",
    ),
    Command("network private-endpoint list --resource-group rg-clients", "[]"),
    Command(
        "acr create --name acrclients --resource-group rg-clients --sku Basic --location westeurope",
        "acrclients",
    ),
    Command(
        "acr create --name acrrepositories --resource-group rg-clients --sku Basic --role-assignment-mode "
        "rbac-abac --location westeurope",
        "acrrepositories",
    ),
    Command("acr show --name acrrepositories --query roleAssignmentMode", "AbacRepositoryPermissions"),
    Command("acr config authentication-as-arm show --registry acrclients", '"enabled"'),
    Command(
        "monitor log-analytics workspace create --resource-group rg-clients --workspace-name log-clients"
    ),
    Command(
        "monitor log-analytics workspace show --resource-group rg-clients --workspace-name log-clients "
        "--query id --output tsv",
        "log-clients",
    ),
    Command("monitor diagnostic-settings list --resource {vault}", "[]"),
    Command("resource update --ids {vault} --set properties.enabledForDeployment=true", "true"),
    Command("resource list --resource-group rg-clients --query [].type", "Microsoft.KeyVault/vaults"),
    # Web apps
    Command("appservice plan create --name plan --resource-group rg-clients --is-linux --sku S1", '"Ready"'),
    Command(
        "resource create --resource-group rg-clients --resource-type Microsoft.Web/sites --name {app} "
        "--is-full-object --properties "
        """'{{"location": "westeurope", "kind": "app,linux", "properties": {{"reserved": true, """
        """"serverFarmId": "{group}/providers/Microsoft.Web/serverfarms/plan", """
        """"siteConfig": {{"linuxFxVersion": "PYTHON|3.12"}}}}}}'""",
        "{app}",
    ),
    Command("webapp list --query [].name", "{app}"),
    Command("webapp show --resource-group rg-clients --name {app} --query id", "{app}"),
    Command(
        "webapp update --resource-group rg-clients --name {app} "
        "--set keyVaultReferenceIdentity=SystemAssigned"
    ),
    Command("webapp identity assign --resource-group rg-clients --name {app}", "principalId"),
    Command("webapp identity show --resource-group rg-clients --name {app}", "SystemAssigned"),
    Command("webapp identity remove --resource-group rg-clients --name {app}"),
    Command("webapp config set --resource-group rg-clients --name {app} --always-on false"),
    Command("webapp config appsettings set --resource-group rg-clients --name {app} --settings A=b", '"A"'),
    Command(
        "rest --method post --url https://management.azure.com{site}/config/appsettings/list?api-version=2024-11-01",
        '"A": "b"',
    ),
    Command(
        "webapp config set --resource-group rg-clients --name {app} --generic-configurations "
        """'{{"healthCheckPath": ""}}'""",
    ),
    Command("webapp vnet-integration remove --resource-group rg-clients --name {app}"),
    Command("webapp stop --resource-group rg-clients --name {app}"),
    Command("webapp start --resource-group rg-clients --name {app}"),
    Command("webapp restart --resource-group rg-clients --name {app}"),
    Command(
        "webapp deploy --resource-group rg-clients --name {app} --type zip --src-path {package} --output none"
    ),
    Command(
        "webapp deployment slot create --resource-group rg-clients --name {app} --slot staging", "staging"
    ),
    Command("webapp deployment slot swap --resource-group rg-clients --name {app} --slot staging"),
    Command("role assignment delete --ids {assignment}"),
    # Databases
    Command(
        "sql server create --resource-group rg-clients --name sql-clients --location westeurope "
        "--enable-ad-only-auth --external-admin-principal-type Group --external-admin-name officers "
        "--external-admin-sid {officers}",
        "sql-clients.database.windows.net",
    ),
    Command("sql server ad-admin list --resource-group rg-clients --server sql-clients", "{officers}"),
    Command(
        "sql server ad-admin update --resource-group rg-clients --server sql-clients "
        "--display-name others --object-id {officer}",
        "{officer}",
    ),
    *HOSTS,
)
