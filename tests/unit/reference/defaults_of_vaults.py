"""Defaults of vaults."""

from collections.abc import Mapping
from typing import Final

from pulumi_azure_native import keyvault

from components import KeyVault
from tests.unit.reference.stated import IN_GROUP, Decision, Stated, names

_KEYS: Final = "test_generated_keys.py"
_GENERATED: Final = "test_generated_secrets.py"
_VAULT, _CLOSED = "test_key_vault.py", "test_vault_network.py"


OF_VAULTS: Final[Mapping[str, Stated]] = {
    "keyvault:Vault": Stated(
        KeyVault, IN_GROUP,
        lambda: keyvault.Vault(
            "bare", resource_group_name="rg",
            properties=keyvault.VaultPropertiesArgs(
                sku=keyvault.SkuArgs(family=keyvault.SkuFamily.A, name=keyvault.SkuName.STANDARD),
                tenant_id="any",
            ),
        ),
        {
            "properties.enableRbacAuthorization": Decision(
                "Only role assignments open the vault.",
                f"{_VAULT}::test_every_vault_states_rbac_authorization_explicitly",
            ),
            "properties.enablePurgeProtection": Decision(
                "Nobody can purge it before its retention ends.",
                f"{_VAULT}::test_purge_protection_is_either_on_or_not_mentioned", ("purge_protection",),
            ),
            "properties.enableSoftDelete": Decision(
                "What is deleted can be recovered.", f"{_VAULT}::test_soft_delete_cannot_be_switched_off"
            ),
            "properties.softDeleteRetentionInDays": Decision(
                "For how many days.", f"{_VAULT}::test_retention_is_ninety_days_unless_told_otherwise",
                ("soft_delete_retention_days",),
            ),
            "properties.publicNetworkAccess": Decision(
                "The vault has a public address unless it is closed; whoever calls needs a token and a role.",
                f"{_CLOSED}::test_a_vault_is_open_unless_something_is_said",
                ("vault_allowed_ip_ranges", "vault_allowed_subnet_ids", "vault_private_endpoint_subnet_id"),
            ),
            "properties.tenantId": Decision(
                "Only principals of the deployer's own tenant can be let in.",
                f"{_VAULT}::test_the_vault_lives_in_the_deployers_tenant_unless_told_otherwise",
                ("tenant_id",),
            ),
            **{
                f"properties.enabledFor{who}": Decision(
                    f"The platform does not read it for {what}.",
                    f"{_VAULT}::test_a_vault_is_created_with_these_inputs_and_no_others",
                )
                for who, what in (
                    ("Deployment", "virtual machines"),
                    ("DiskEncryption", "disk encryption"),
                    ("TemplateDeployment", "templates"),
                )
            },
        },
        names("properties.sku.family properties.sku.name"),
    ),
    "keyvault:Secret": Stated(
        KeyVault, {**IN_GROUP, "generated_secrets": {"session-key": 48}},
        lambda: keyvault.Secret(
            "bare", properties=keyvault.SecretPropertiesArgs(value="any"), resource_group_name="rg",
            secret_name="bare", vault_name="kv",
        ),
        {
            "properties.attributes.expires": Decision(
                "A generated secret is due to be rotated a year after it was drawn; it stays readable.",
                f"{_GENERATED}::test_a_new_secret_says_what_it_is_and_when_it_is_due_to_be_rotated",
                ("generated_secrets_valid_days",),
            ),
            "properties.contentType": Decision(
                "It says what it is.",
                f"{_GENERATED}::test_a_new_secret_says_what_it_is_and_when_it_is_due_to_be_rotated",
            ),
        },
        names("properties.value secretName"),
    ),
    "keyvault:Key": Stated(
        KeyVault, {**IN_GROUP, "generated_keys": {"invoices": {"purpose": "sign"}}},
        lambda: keyvault.Key(
            "bare", key_name="bare", properties=keyvault.KeyPropertiesArgs(kty="RSA"),
            resource_group_name="rg", vault_name="kv",
        ),
        {
            "properties.keyOps": Decision(
                "A key does what it is for and nothing else, whatever the role of who asks.",
                f"{_KEYS}::test_a_key_does_only_what_it_is_for", ("generated_keys",),
            ),
            "properties.keySize": Decision(
                "RSA keys have 3072 bits unless told otherwise.",
                f"{_KEYS}::test_a_key_has_3072_bits_unless_told_otherwise", ("generated_keys",),
            ),
            "properties.rotationPolicy.lifetimeActions": Decision(
                "A key is rotated after a year unless told otherwise.",
                f"{_KEYS}::test_a_key_is_rotated_after_a_year_unless_told_otherwise", ("generated_keys",),
            ),
        },
        names("keyName properties.kty"),
    ),
}  # fmt: skip
