"""Each configuration that the stack's own rules refuse: what is said of it, each step with its command."""

from settings.model import KEYS
from tests.unit.program.declared import GUID
from tests.unit.program.refusal_rows import Refused, move, out, out_of, put, put_in

SHOW_ACCOUNT = '"$(az account show --query {} --output tsv)"'
GROUP_NAME = "1 to 64 letters, digits, dots, hyphens, underscores and spaces, a letter or digit first"
TAG_NAME = r"a name of 1 to 512 characters without < > % & \ ? / that does not begin as Azure's own"
DERIVED = "another variable: KEYLESS_SECRETS follows from secrets"
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
     "secrets", "a text of 17 characters", "entries, each a name with a text",
     [("write entries", " && ".join([out("secrets"), put_in("'secrets.<name>'", "<secret-name>")]))]),
    ("a retention that is no number", {"softDeleteRetentionDays": "a week"},
     "softDeleteRetentionDays", "a text of 6 characters; character 1, 'a', is not allowed there", "a whole number",
     [("write 90", put("softDeleteRetentionDays", "90"))]),
    ("a switch that is neither on nor off", {"purgeProtection": "yes"},
     "purgeProtection", "a text of 3 characters", "true or false", [("write true", put("purgeProtection", "true"))]),
    ("a region by its display name", {"location": "West Europe"},
     "location", "a text of 11 characters; character 1, 'W', is not allowed there",
     "a region's short name in lower case",
     [("write the name in `az account list-locations --query [].name`", put("location", "<region>"))]),
    ("a setting that the program derives", {"settings": {"KEYLESS_SECRETS": "{}"}},
     "settings.KEYLESS_SECRETS", "a variable that the program derives", DERIVED,
     [("take it out", out_of("settings.KEYLESS_SECRETS"))]),
    ("a secret in a variable that the program derives", {"secrets": {"keyless_secrets": "a"}},
     "secrets.keyless_secrets", "a variable that the program derives", DERIVED,
     [("take it out", out_of("secrets.keyless_secrets"))]),
    ("a group's name that no resource can carry", {"secretOfficers": {"über/all": GUID}},
     "secretOfficers.<entry 1 by name>", "a name of 8 characters; character 1, 'ü', is not allowed there",
     GROUP_NAME, [("rename it", move("'secretOfficers.<entry 1 by name>'", "'secretOfficers.<name>'"))]),
    ("one group under two names", {"secretReaders": {"a": GUID, "b": GUID.upper()}},
     "secretReaders.b", "the object id of a", "another group for each name",
     [("take it out", out_of("secretReaders.b"))]),
    ("too many tags", {"tags": {f"t{n}": "" for n in range(51)}},
     "tags", "51 tags", "at most 50 tags", [("take one out", out_of("'tags.<name>'"))]),
    ("a tag's name with a slash", {"tags": {"cost/centre": "1"}},
     "tags.<entry 1 by name>", "a name of 11 characters; character 5, '/', is not allowed there", TAG_NAME,
     [("take it out", out_of("'tags.<entry 1 by name>'"))]),
    ("a tag's name with a quote and a percent sign", {"tags": {'5"%': "1"}},
     "tags.<entry 1 by name>", "a name of 3 characters; character 3, '%', is not allowed there", TAG_NAME,
     [("take it out", out_of("'tags.<entry 1 by name>'"))]),
    ("a tag's name that Azure keeps for itself", {"tags": {"Microsoft-team": "1"}},
     "tags.Microsoft-team", "a name of 14 characters", TAG_NAME, [("take it out", out_of("tags.Microsoft-team"))]),
    ("one tag in two spellings", {"tags": {"team": "a", "Team": "b"}},
     "tags.Team", "a name of 4 characters", "a name that differs in more than upper and lower case",
     [("take it out", out_of("tags.Team"))]),
    ("a tag's text that is too long", {"tags": {"team": "x" * 257}},
     "tags.team", "257 characters", "at most 256 characters",
     [("write a shorter one", put_in("tags.team", "<text>"))]),
    ("a long text that looks like an option", {"tags": {"team": "-" * 257}},
     "tags.team", "257 characters", "at most 256 characters",
     [("write a shorter one", put_in("tags.team", "<text>"))]),
    ("a tenant by its domain", {"tenantId": "contoso.example", "subscriptionId": GUID},
     "tenantId", "a text of 15 characters; character 2, 'o', is not allowed there", "a GUID",
     [(SIGNED_IN, put("tenantId", SHOW_ACCOUNT.format("tenantId")))]),
    ("a subscription by its name", {"tenantId": GUID, "subscriptionId": "Team"},
     "subscriptionId", "a text of 4 characters; character 1, 'T', is not allowed there", "a GUID",
     [(SIGNED_IN, put("subscriptionId", SHOW_ACCOUNT.format("id")))]),
    ("a tenant without its subscription", {"tenantId": GUID},
     "subscriptionId", "nothing", BOTH, [(SIGNED_IN, put("subscriptionId", SHOW_ACCOUNT.format("id")))]),
    ("a subscription without its tenant", {"subscriptionId": GUID},
     "tenantId", "nothing", BOTH, [(SIGNED_IN, put("tenantId", SHOW_ACCOUNT.format("tenantId")))]),
]  # fmt: skip
