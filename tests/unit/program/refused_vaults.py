"""Each configuration that the vault refuses: what is said of it, each step with its command."""

from components.references import VAULT, expected_id
from tests.unit.program.declared import GUID, TEAM_VAULT
from tests.unit.program.refusal_rows import Refused, out, put, put_in

SHOW_VAULT = '"$(az keyvault show --name <vault> --query {} --output tsv)"'
SHOW_GROUP = '"$(az ad group show --group {} --query id --output tsv)"'
GROUP = "the object id of an Entra group, a GUID (`az ad group show --group <name> --query id`)"
WITHOUT_VAULT = ("take vaultId and vaultEndpoint out", f"{out('vaultId')} && {out('vaultEndpoint')}")


def shapes(key: str) -> str:
    return f"one of the two: {key} shapes a vault that is created"


OF_THE_VAULT: list[Refused] = [
    ("access to what is neither", {"secretAccess": "secrets"},
     "secretAccess", "a text of 7 characters", "one of vault, secret",
     [("write secret", put("secretAccess", "secret"))]),
    ("a group by its name", {"secretReaders": {"a": "readers"}},
     "secretReaders.a", "a text of 7 characters; character 1, 'r', is not allowed there", GROUP,
     [(f"give {GROUP}", put_in("secretReaders.a", SHOW_GROUP.format("a")))]),
    ("a group of two words by its name", {"secretOfficers": {"all staff": "all staff"}},
     "secretOfficers.all staff", "a text of 9 characters; character 2, 'l', is not allowed there", GROUP,
     [(f"give {GROUP}", put_in("""'secretOfficers["all staff"]'""", SHOW_GROUP.format("'all staff'")))]),
    ("groups in a vault that others govern", {"manageVaultAccess": False, "secretReaders": {"a": GUID}},
     "manageVaultAccess and secretReaders", "false, with secretReaders",
     "no grants where access to the vault is not managed here",
     [("take secretReaders out", out("secretReaders")),
      ("set manageVaultAccess to true", put("manageVaultAccess", "true"))]),
    ("groups for an existing vault", {**TEAM_VAULT, "secretOfficers": {"a": GUID}},
     "vaultId and secretOfficers", "both", shapes("secretOfficers"),
     [("take secretOfficers out", out("secretOfficers")), WITHOUT_VAULT]),
    ("a vault without its address", {"vaultId": TEAM_VAULT["vaultId"]},
     "vaultId and vaultEndpoint", "vaultId alone", "both or neither",
     [("give vaultEndpoint too", put("vaultEndpoint", SHOW_VAULT.format("properties.vaultUri"))),
      ("take vaultId out", out("vaultId"))]),
    ("an address without its vault", {"vaultEndpoint": TEAM_VAULT["vaultEndpoint"]},
     "vaultId and vaultEndpoint", "vaultEndpoint alone", "both or neither",
     [("give vaultId too", put("vaultId", SHOW_VAULT.format("id"))),
      ("take vaultEndpoint out", out("vaultEndpoint"))]),
    ("a vault's name in place of its id", {**TEAM_VAULT, "vaultId": "kv-team"},
     "vaultId", "a text of 7 characters; character 1, 'k', is not allowed there", expected_id(VAULT),
     [(f"give {expected_id(VAULT)}", put("vaultId", SHOW_VAULT.format("id")))]),
    ("a vault's address without https", {**TEAM_VAULT, "vaultEndpoint": "kv-team.vault.azure.net"},
     "vaultEndpoint", "a text of 23 characters; character 1, 'k', is not allowed there",
     "https://<vault>.vault.azure.net/",
     [("give https://<vault>.vault.azure.net/",
       put("vaultEndpoint", SHOW_VAULT.format("properties.vaultUri")))]),
    ("the address of another vault", {**TEAM_VAULT, "vaultEndpoint": "https://kv-other.vault.azure.net/"},
     "vaultId and vaultEndpoint", "the id of one resource, with the address of another", "one resource",
     [("give both as the one component outputs them, or both of the one resource",
       put("vaultEndpoint", SHOW_VAULT.format("properties.vaultUri")))]),
    ("a change to an existing vault's purge protection", {**TEAM_VAULT, "purgeProtection": False},
     "vaultId and purgeProtection", "both", shapes("purgeProtection"),
     [("take purgeProtection out", out("purgeProtection")), WITHOUT_VAULT]),
    ("a change to an existing vault's retention", {**TEAM_VAULT, "softDeleteRetentionDays": 30},
     "vaultId and softDeleteRetentionDays", "both", shapes("softDeleteRetentionDays"),
     [("take softDeleteRetentionDays out", out("softDeleteRetentionDays")), WITHOUT_VAULT]),
    ("protection of a vault that is not the stack's", {**TEAM_VAULT, "protect": True},
     "vaultId and protect", "both", shapes("protect"), [("take protect out", out("protect")), WITHOUT_VAULT]),
    ("too short a retention", {"softDeleteRetentionDays": 6},
     "softDeleteRetentionDays", "a number below 7", "a whole number from 7 to 90",
     [("write 7", put("softDeleteRetentionDays", "7")),
      ("leave softDeleteRetentionDays out for 90", out("softDeleteRetentionDays"))]),
    ("too long a retention", {"softDeleteRetentionDays": 91},
     "softDeleteRetentionDays", "a number above 90", "a whole number from 7 to 90",
     [("write 90", put("softDeleteRetentionDays", "90")),
      ("leave softDeleteRetentionDays out for 90", out("softDeleteRetentionDays"))]),
]  # fmt: skip
