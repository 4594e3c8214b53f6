"""The sentences: why something did not arrive, and what to do about it."""

from dataclasses import dataclass

from caller import Caller
from configuration import Configuration
from readings import Reading

ROLE = "Key Vault Secrets User"
READINESS = "python -m readiness --stack STACK"
SETTINGS = "pulumi stack output local_development --json"


@dataclass(frozen=True)
class Advice:
    """`text` says what is wrong, `steps` what to do, `commands` what to type, `azure_says` quotes Azure."""

    text: str
    steps: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    azure_says: str = ""


def not_configured(configuration: Configuration) -> Advice:
    """Settings are missing or malformed."""
    if configuration.on_app_service:
        return Advice(
            " ".join(configuration.problems),
            ("Deploy the stack again: it writes these settings.",),
            ("pulumi up",),
        )
    return Advice(
        " ".join(configuration.problems),
        ("The stack prints the settings that a developer needs. Set them, then start the app again.",),
        (SETTINGS,),
    )


def not_signed_in(configuration: Configuration, reachable: bool = True) -> Advice:
    """There is no token: a developer who is not signed in, or an app without an identity."""
    if configuration.on_app_service:
        return Advice(
            "App Service gave this app no access token: it has no managed identity, or AZURE_CLIENT_ID names "
            "one that is not attached to it.",
            ("Give the app an identity and deploy.",),
            ("pulumi config set identity user-assigned", "pulumi up"),
        )
    if not reachable:
        return Advice(
            "Microsoft Entra could not be reached, so there is no access token.", ("Check the network.",)
        )
    return Advice(
        "No account was found to read the vault with.",
        ("On your own machine the app runs as you. Sign in, then read again.",),
        ("az login",),
    )


def access_missing(configuration: Configuration, caller: Caller, azure_says: str) -> Advice:
    """The vault knows who asks, and refuses."""
    vault = configuration.vault_name
    label = (
        f"{caller.name} (object id {caller.object_id})" if caller.name else f"object id {caller.object_id}"
    )
    text = f"The {caller.kind} {label} lacks the role {ROLE} on the vault {vault}."
    if caller.kind == "developer":
        steps = (
            "Ask the vault’s owner to make you a member of a group that the stack names in `secretReaders`. "
            "Then sign in again, so that your token knows of it.",
        )
        return Advice(text, steps, ("az login",), azure_says)
    steps = (
        "Deploy the stack again: it grants the role to the app’s identity.",
        "A role that was granted moments ago takes up to ten minutes to be honoured: then read again.",
    )
    return Advice(text, steps, ("pulumi refresh", "pulumi up"), azure_says)


def explain(reading: Reading, ways: list[Reading], configuration: Configuration) -> str:
    """Why one reading is not simply "arrived"; an empty string when it is."""
    vault = configuration.vault_name
    return {
        "arrived": "",
        "outdated": "An older value: the secret was rotated since App Service resolved the reference. "
        f"It follows within 24 hours, or now with `{READINESS} --refresh`.",
        "unresolved": _unresolved(ways),
        "not-set": "The app has no such setting. `pulumi up` writes it.",
        "forbidden": f"The vault refused (403): the role {ROLE} on {vault} is missing.",
        "firewall": f"The firewall of the vault {vault} does not let this app through.",
        "not-found": f"The vault {vault} has no such secret. Its officer writes the first value.",
        "unreachable": f"The vault {vault} could not be reached.",
        "failed": f"The vault {vault} did not give it out.",
    }[reading.outcome]


def _unresolved(ways: list[Reading]) -> str:
    """App Service does not tell the app why; what the client met a moment ago is the best hint."""
    text = "App Service could not resolve the reference and handed over its text."
    client = next((way for way in ways if way.way == "client"), None)
    if client and client.arrived:
        return f"{text} The vault answers by now: `{READINESS}` makes App Service look again."
    return f"{text} `{READINESS}` tells why."
