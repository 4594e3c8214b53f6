"""Each configuration that the stack's own rules refuse: what is said of it, each step with its command."""

from settings.model import KEYS
from tests.unit.program.declared import GUID
from tests.unit.program.refusal_rows import Refused, move, out, out_of, put, put_in

SHOW_ACCOUNT = '"$(az account show --query {} --output tsv)"'
GROUP_NAME = "1 to 64 letters, digits, dots, hyphens, underscores and spaces, a letter or digit first"
TAG_NAME = r"a name of 1 to 512 characters without < > % & \ ? / that does not begin as Azure's own"
DERIVED = "another variable: this one follows from secrets"
SIGNED_IN = "give the one that you are signed in to"
BOTH = "both of tenantId and subscriptionId, or neither"

REFUSED: list[Refused] = [
    ("a misspelt key", {"purgeprotection": True},
     "purgeprotection", "a key that nothing reads", "a known key; did you mean purgeProtection?",
     [("take it out", out("purgeprotection"))]),
    ("an argument's name in place of a key", {"purge_protection": True},
     "purge_protection", "a key that nothing reads", "a known key; did you mean purgeProtection?",
     [("take it out", out("purge_protection"))]),
    ("a key of another project", {"colour": "red"},
     "colour", "a key that nothing reads", f"one of {', '.join(KEYS)}", [("take it out", out("colour"))]),
    ("a list in place of a text", {"settings": {"A": [1]}},
     "settings.A", "a list", "a text", [("write a text", put_in("settings.A", "<text>"))]),
    ("a text in place of entries", {"secrets": "database-password"},
     "secrets", "a text", "entries, each a name with a text",
     [("write entries", " && ".join([out("secrets"), put_in("'secrets.<name>'", "<secret-name>")]))]),
    ("a retention that is no number", {"softDeleteRetentionDays": "a week"},
     "softDeleteRetentionDays", "'a week'", "a whole number",
     [("write 90", put("softDeleteRetentionDays", "90"))]),
    ("a switch that is neither on nor off", {"purgeProtection": "yes"},
     "purgeProtection", "'yes'", "true or false", [("write true", put("purgeProtection", "true"))]),
    ("a region by its display name", {"location": "West Europe"},
     "location", "'West Europe'", "a region's short name in lower case",
     [("write westeurope", put("location", "westeurope"))]),
    ("a setting that the program derives", {"settings": {"KEYLESS_SECRETS": "{}"}},
     "settings.KEYLESS_SECRETS", "KEYLESS_SECRETS", DERIVED,
     [("take it out", out_of("settings.KEYLESS_SECRETS"))]),
    ("a secret in a variable that the program derives", {"secrets": {"keyless_secrets": "a"}},
     "secrets.keyless_secrets", "keyless_secrets", DERIVED,
     [("take it out", out_of("secrets.keyless_secrets"))]),
    ("a group's name that no resource can carry", {"secretOfficers": {"über/all": GUID}},
     "secretOfficers.über/all", "'über/all'", GROUP_NAME,
     [("rename it", move("""'secretOfficers["über/all"]'""", "secretOfficers.ber-all"))]),
    ("one group under two names", {"secretReaders": {"a": GUID, "b": GUID.upper()}},
     "secretReaders.b", GUID.upper(), "another group: a has the same object id",
     [("take it out", out_of("secretReaders.b"))]),
    ("too many tags", {"tags": {f"t{n}": "" for n in range(51)}},
     "tags", "51 tags", "at most 50 tags", [("take one out", out_of("'tags.<name>'"))]),
    ("a tag's name with a slash", {"tags": {"cost/centre": "1"}},
     "tags.cost/centre", "'cost/centre'", TAG_NAME, [("take it out", out_of("""'tags["cost/centre"]'"""))]),
    ("a tag's name with a quote and a percent sign", {"tags": {'5"%': "1"}},
     'tags.5"%', repr('5"%'), TAG_NAME, [("take it out", out_of(r"""'tags["5\"%"]'"""))]),
    ("a tag's name that Azure keeps for itself", {"tags": {"Microsoft-team": "1"}},
     "tags.Microsoft-team", "'Microsoft-team'", TAG_NAME, [("take it out", out_of("tags.Microsoft-team"))]),
    ("one tag in two spellings", {"tags": {"team": "a", "Team": "b"}},
     "tags.Team", "'Team'", "a name that differs in more than upper and lower case",
     [("take it out", out_of("tags.Team"))]),
    ("a tag's text that is too long", {"tags": {"team": "x" * 257}},
     "tags.team", "257 characters", "at most 256 characters",
     [("write a shorter one", put_in("tags.team", "x" * 256))]),
    ("a long text that looks like an option", {"tags": {"team": "-" * 257}},
     "tags.team", "257 characters", "at most 256 characters",
     [("write a shorter one", f"pulumi config set --path tags.team --stack dev -- {'-' * 256}")]),
    ("a tenant by its domain", {"tenantId": "contoso.example", "subscriptionId": GUID},
     "tenantId", "'contoso.example'", "a GUID",
     [(SIGNED_IN, put("tenantId", SHOW_ACCOUNT.format("tenantId")))]),
    ("a subscription by its name", {"tenantId": GUID, "subscriptionId": "Team"},
     "subscriptionId", "'Team'", "a GUID", [(SIGNED_IN, put("subscriptionId", SHOW_ACCOUNT.format("id")))]),
    ("a tenant without its subscription", {"tenantId": GUID},
     "subscriptionId", "nothing", BOTH, [(SIGNED_IN, put("subscriptionId", SHOW_ACCOUNT.format("id")))]),
    ("a subscription without its tenant", {"subscriptionId": GUID},
     "tenantId", "nothing", BOTH, [(SIGNED_IN, put("tenantId", SHOW_ACCOUNT.format("tenantId")))]),
]  # fmt: skip
