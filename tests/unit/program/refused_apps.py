"""Each configuration that the app refuses: what is said of it, each step with its command."""

from components import Runtime
from components.references import IDENTITY, WORKSPACE, expected_id
from tests.unit.program.declared import TEAM_IDENTITY
from tests.unit.program.refusal_rows import Refused, move, out, out_of, put, put_in

SHOW_IDENTITY = '"$(az identity show --resource-group <group> --name <name> --query id --output tsv)"'
SHOW_WORKSPACE = (
    '"$(az monitor log-analytics workspace show --resource-group <group> --workspace-name <name> '
    '--query id --output tsv)"'
)
VARIABLE = "an environment variable: letters, digits and underscores, not starting with a digit"
SECRET_NAME = "a secret's name: 1 to 127 letters, digits and hyphens"
DOMAIN = "a host name of your own, up to 64 characters, such as www.contoso.com"
ONE_SOURCE = "one source for each variable"
RENAME = "rename the variable, here and in the app"
KEEP_ONE = "keep one of the two: take {} out, or rename it, here and in the app"
SIZES = (
    "a size: F1, B1, B2, B3, S1, S2, S3, P1v2, P2v2, P3v2, P0v3, P1v3, P2v3, P3v3, P0v4, P1v4, P2v4, P3v4, "
    "P1mv3, P2mv3, P3mv3, P4mv3, P5mv3, P1mv4, P2mv4, P3mv4, P4mv4, P5mv4"
)
ON_WINDOWS = (
    "a runtime that Windows has: node-20, node-22, node-24, dotnet-8, dotnet-9, dotnet-10, java-11, java-17, "
    "java-21"
)
USER_ASSIGNED = ("set identity to user-assigned", put("identity", "user-assigned"))
ONE_ZONE = ("take zoneRedundant out", out("zoneRedundant"))


NOT_HERE = "the client id of an identity that is not here"
NAMED = "write the name that the secret has in the vault, never its value"


OF_THE_PLAN: list[Refused] = [
    ("a plan size in the wrong case", {"size": "p1V3"},
     "size", "a text of 4 characters", SIZES, [("write P1v3", put("size", "P1v3"))]),
    ("a plan size that does not exist", {"size": "XL"},
     "size", "a text of 2 characters", SIZES, [("write B1", put("size", "B1"))]),
    ("an operating system that is none", {"os": "Linux"},
     "os", "a text of 5 characters", "one of linux, windows", [("write linux", put("os", "linux"))]),
    ("a runtime in App Service's spelling", {"runtime": "node22"},
     "runtime", "a text of 6 characters", f"one of {', '.join(Runtime)}",
     [("write node-22", put("runtime", "node-22"))]),
    ("a runtime that Windows has not", {"os": "windows"},
     "os and runtime", "windows, with python-3.12", ON_WINDOWS,
     [("take os out", out("os")), ("give one of these runtimes", put("runtime", "<runtime>"))]),
    ("a command that Windows does not start", {"os": "windows", "runtime": "node-22", "startupCommand": "x"},
     "os and startupCommand", "windows, with startupCommand",
     "linux, or a container: on Windows the app's web.config starts it",
     [("take startupCommand out, and say it in the app's web.config", out("startupCommand"))]),
    ("more workers than the size has", {"workers": 4},
     "workers", "a number above 3", "a whole number from 1 to 3",
     [("write 3", put("workers", "3")), ("leave workers out for 1", out("workers"))]),
    ("fewer workers than one", {"workers": -1},
     "workers", "a number below 1", "a whole number from 1 to 3",
     [("write 1", put("workers", "1")), ("leave workers out for 1", out("workers"))]),
    ("zones for a size without", {"zoneRedundant": True},
     "zoneRedundant and size", "true, with B1", "a size that Azure spreads over zones, Premium v2 or newer",
     [("choose P1v3 or larger", put("size", "P1v3")), ONE_ZONE]),
    ("zones for one worker", {"zoneRedundant": True, "size": "P1v3", "workers": 1},
     "zoneRedundant and workers", "true, with 1", "2 workers or more, one in each of two zones",
     [("give 2 workers or more", put("workers", "2")), ONE_ZONE]),
    ("a domain in capitals", {"customDomain": "WWW.contoso.com"},
     "customDomain", "a text of 15 characters; character 1, 'W', is not allowed there", DOMAIN,
     [("write it in lower case", put("customDomain", "<www.contoso.com>"))]),
    ("an address in place of a domain", {"customDomain": "HTTPS://www.contoso.com/"},
     "customDomain", "a text of 24 characters; character 1, 'H', is not allowed there", DOMAIN,
     [("give the host name alone, without https://, path, port or last dot",
       put("customDomain", "<www.contoso.com>"))]),
    ("a domain with a wildcard", {"customDomain": "*.contoso.com"},
     "customDomain", "a text of 13 characters; character 1, '*', is not allowed there", DOMAIN,
     [("name one host: a managed certificate is issued to one, and has no wildcard",
       put("customDomain", "<www.contoso.com>"))]),
    ("a domain that is Azure's own", {"customDomain": "shop.azurewebsites.net"},
     "customDomain", "a text of 22 characters", DOMAIN,
     [("take customDomain out: Azure's own names need neither a binding nor a certificate",
       out("customDomain"))]),
    ("a domain for a free plan", {"customDomain": "www.contoso.com", "size": "F1"},
     "customDomain and size", "F1, with customDomain", "a size with TLS for custom domains",
     [("choose B1 or larger", put("size", "B1")), ("take customDomain out", out("customDomain"))]),
    ("a certificate without a domain", {"customDomainTls": True},
     "customDomainTls", "true, without a domain", "the domain that it is for",
     [("give customDomain", put("customDomain", "<www.contoso.com>")),
      ("take customDomainTls out", out("customDomainTls"))]),
    ("a workspace by its name", {"diagnosticsWorkspaceId": "log-team"},
     "diagnosticsWorkspaceId", "a text of 8 characters; character 1, 'l', is not allowed there",
     expected_id(WORKSPACE),
     [(f"give {expected_id(WORKSPACE)}", put("diagnosticsWorkspaceId", SHOW_WORKSPACE))]),
    ("a tag with two owners", {"tags": {"team": "a"}, "tagsAddedElsewhere": {"Team": "policy"}},
     "tags.team and tagsAddedElsewhere.Team", "one tag twice",
     "an owner for each tag: declared here, or elsewhere",
     [("take tags.team out", out_of("tags.team")),
      ("take tagsAddedElsewhere.Team out", out_of("tagsAddedElsewhere.Team"))]),
]  # fmt: skip

OF_THE_IDENTITY: list[Refused] = [
    ("a misspelt kind of identity", {"identity": "system assigned"},
     "identity", "a text of 15 characters", "one of user-assigned, system-assigned, existing, none",
     [("write system-assigned", put("identity", "system-assigned"))]),
    ("no identity but secrets", {"identity": "none", "secrets": {"A": "a"}},
     "identity and secrets", "none, with secrets", "an identity that can be let in",
     [USER_ASSIGNED, ("take secrets out", out("secrets"))]),
    ("an existing identity without its id", {"identity": "existing"},
     "identityId", "nothing", "the resource id of the identity to run as, because identity is existing",
     [("give identityId", put("identityId", SHOW_IDENTITY))]),
    ("an identity's id that is not used", {"identityId": TEAM_IDENTITY},
     "identity and identityId", "user-assigned, with identityId", "identity existing",
     [("set identity to existing", put("identity", "existing")),
      ("take identityId out", out("identityId"))]),
    ("a name in place of an identity's id", {"identity": "existing", "identityId": "id-team"},
     "identityId", "a text of 7 characters; character 1, 'i', is not allowed there", expected_id(IDENTITY),
     [(f"give {expected_id(IDENTITY)}", put("identityId", SHOW_IDENTITY))]),
    ("the client id of no identity", {"identity": "system-assigned", "settings": {"A": "{AZURE_CLIENT_ID}"}},
     "settings.A", NOT_HERE, "the client id of an identity that has one here: none",
     [USER_ASSIGNED, ("take it out: code names no system-assigned identity", out_of("settings.A"))]),
    ("the client id of an identity that a stack cannot have", {"settings": {"A": "{AZURE_CLIENT_ID_B}"}},
     "settings.A", NOT_HERE, "the client id of an identity that has one here: AZURE_CLIENT_ID",
     [("take it out", out_of("settings.A"))]),
]  # fmt: skip

OF_VARIABLES: list[Refused] = [
    ("a secret's name with an underscore", {"secrets": {"DATABASE_PASSWORD": "database_password"}},
     "secrets.DATABASE_PASSWORD", "a text of 17 characters; character 9, '_', is not allowed there",
     SECRET_NAME,
     [(NAMED, put_in("secrets.DATABASE_PASSWORD", "<secret-name>"))]),
    ("a password in place of a secret's name", {"secrets": {"DATABASE_PASSWORD": "Hunter2!"}},
     "secrets.DATABASE_PASSWORD", "a text of 8 characters; character 8, '!', is not allowed there",
     SECRET_NAME,
     [(NAMED, put_in("secrets.DATABASE_PASSWORD", "<secret-name>"))]),
    ("a password in place of a variable's name", {"secrets": {"A": "a", "Hunter2!": "b"}},
     "secrets.<entry 2 by name>", "a name of 8 characters; character 8, '!', is not allowed there", VARIABLE,
     [(RENAME, move("'secrets.<entry 2 by name>'", "'secrets.<NAME>'"))]),
    ("a secret's name that is too long", {"secrets": {"A": "a" * 128}},
     "secrets.A", "a text of 128 characters", SECRET_NAME, [(NAMED, put_in("secrets.A", "<secret-name>"))]),
    ("a secret without a name", {"secrets": {"A": ""}},
     "secrets.A", "an empty text", SECRET_NAME, [(NAMED, put_in("secrets.A", "<secret-name>"))]),
    ("a secret by its address", {"secrets": {"A": "https://kv-team.vault.azure.net/secrets/db/0123"}},
     "secrets.A", "a text of 47 characters; character 6, ':', is not allowed there", SECRET_NAME,
     [("write its name alone: the link says in which vault it is, and the newest version is read",
       put_in("secrets.A", "<secret-name>"))]),
    ("a variable with a hyphen", {"secrets": {"DATABASE-PASSWORD": "database-password"}},
     "secrets.<entry 1 by name>", "a name of 17 characters; character 9, '-', is not allowed there", VARIABLE,
     [(RENAME, move("'secrets.<entry 1 by name>'", "'secrets.<NAME>'"))]),
    ("a variable that begins with a digit", {"secrets": {"2ND": "b"}},
     "secrets.<entry 1 by name>", "a name of 3 characters; character 1, '2', is not allowed there", VARIABLE,
     [(RENAME, move("'secrets.<entry 1 by name>'", "'secrets.<NAME>'"))]),
    ("a variable with a full stop", {"secrets": {"A.B": "b"}, "os": "windows", "runtime": "node-22"},
     "secrets.A.B", "a name of 3 characters; character 2, '.', is not allowed there", VARIABLE,
     [(RENAME, move("""'secrets["A.B"]'""", "'secrets.<NAME>'"))]),
    ("a setting with a space", {"settings": {"LOG LEVEL": "-v"}},
     "settings.<entry 1 by name>", "a name of 9 characters; character 4, ' ', is not allowed there",
     "letters, digits, underscores and periods",
     [("rename the setting, here and in the app",
       move("'settings.<entry 1 by name>'", "'settings.<NAME>'"))]),
    ("a setting whose name a shell would take apart", {"settings": {'a "b" && c': "x"}},
     "settings.<entry 1 by name>", "a name of 10 characters; character 2, ' ', is not allowed there",
     "letters, digits, underscores and periods",
     [("rename the setting, here and in the app",
       move("'settings.<entry 1 by name>'", "'settings.<NAME>'"))]),
    ("a variable that follows from the identity", {"settings": {"azure_client_id": "x"}},
     "settings.azure_client_id and identity",
     "azure_client_id and AZURE_CLIENT_ID, which are one variable on Linux", ONE_SOURCE,
     [("take settings.azure_client_id out, or rename it, here and in the app: identity sets AZURE_CLIENT_ID",
       out_of("settings.azure_client_id"))]),
    ("a variable given twice", {"secrets": {"A_KEY": "a-key"}, "settings": {"a_key": "x"}},
     "settings.a_key and secrets.A_KEY", "a_key and A_KEY, which are one variable on Linux", ONE_SOURCE,
     [(KEEP_ONE.format("settings.a_key"), out_of("settings.a_key"))]),
    ("one variable in two spellings", {"secrets": {"A_KEY": "a-key", "a_key": "b"}},
     "secrets.a_key and secrets.A_KEY", "a_key and A_KEY, which are one variable on Linux", ONE_SOURCE,
     [(KEEP_ONE.format("secrets.a_key"), out_of("secrets.a_key"))]),
    ("a variable that is called as an argument is",
     {"secrets": {"vault_id": "a"}, "settings": {"vault_id": "b"}},
     "settings.vault_id and secrets.vault_id", "vault_id from both", ONE_SOURCE,
     [(KEEP_ONE.format("settings.vault_id"), out_of("settings.vault_id"))]),
    ("a variable that the platform sets", {"settings": {"HOME": "/data"}},
     "settings.HOME", "HOME", "a variable that the platform does not set itself",
     [("choose another name: the platform sets this one, and code relies on it",
       move("settings.HOME", "'settings.<NAME>'"))]),
    ("a credential", {"settings": {"AZURE_CLIENT_SECRET": "x"}},
     "settings.AZURE_CLIENT_SECRET", "AZURE_CLIENT_SECRET",
     "no variable that changes which credential code finds",
     [("take settings.AZURE_CLIENT_SECRET out: code gets a token with the identity, and needs no other "
       "credential", out_of("settings.AZURE_CLIENT_SECRET"))]),
    ("a registry's password", {"secrets": {"DOCKER_REGISTRY_SERVER_PASSWORD": "acr"}},
     "secrets.DOCKER_REGISTRY_SERVER_PASSWORD", "DOCKER_REGISTRY_SERVER_PASSWORD", "no login to a registry",
     [("take secrets.DOCKER_REGISTRY_SERVER_PASSWORD out",
       out_of("secrets.DOCKER_REGISTRY_SERVER_PASSWORD"))]),
    ("a package's address", {"settings": {"WEBSITE_RUN_FROM_PACKAGE": "https://st.example/a?sig=b"}},
     "settings.WEBSITE_RUN_FROM_PACKAGE", "an address", "1, or nothing",
     [("take settings.WEBSITE_RUN_FROM_PACKAGE out", out_of("settings.WEBSITE_RUN_FROM_PACKAGE"))]),
    ("a reference written by hand", {"settings": {"A": "@Microsoft.KeyVault(VaultName=v;SecretName=s)"}},
     "settings.A", "a Key Vault reference", "a plain value",
     [("take it out, and write secrets: {A: <secret name>}",
       f"{out_of('settings.A')} && {put_in('secrets.A', '<secret-name>')}")]),
]  # fmt: skip
