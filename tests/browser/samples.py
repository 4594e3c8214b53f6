"""Reports that a page is looked at with: every change at once, many apps, and names meant to do harm."""

from access_report.report import Report
from tests.unit.access_report.previews import (
    GROUP,
    IDENTITY_ID,
    IDENTITY_TYPE,
    PRINCIPAL,
    VAULT_ID,
    VAULT_TYPE,
    State,
    grant,
    identity,
    reference,
    reported,
    settings,
    site,
    state,
    vault,
)

LONG = "a-name-that-somebody-made-of-environment-region-department-and-cost-centre-" + "x" * 40


def every_change() -> Report:
    """One grant added, one removed, one widened, one narrowed, one that stays; a reference
    turns into clear text, another has no grant, and a vault loses its protection.
    """
    orders, batch, audit = (_identity(name, n) for n, name in enumerate(("orders", "batch", LONG)))
    before = [
        *(identity(), orders, batch, audit, site(), vault()),
        settings({"DB": reference("db-password"), "API": reference("api-key")}),
        grant(name="orders", principal=_principal(0)),
        grant(name="batch", principal=_principal(1)),
        grant("Key Vault Secrets Officer", name="audit", principal=_principal(2), scope=GROUP),
        grant(name="team", principal="0b1ec700-0000-4000-8000-00000000aaaa", kind="Group"),
    ]
    after = [
        *(identity(), orders, batch, audit, site(httpsOnly=False), vault(enablePurgeProtection=False)),
        settings({"DB": reference("db-password"), "API": "in clear"}),
        grant("Key Vault Secrets Officer", name="orders-more", principal=_principal(0)),
        grant("Key Vault Secrets User", name="audit-less", principal=_principal(2)),
        grant(name="team", principal="0b1ec700-0000-4000-8000-00000000aaaa", kind="Group"),
        grant(name="one", principal=_principal(1), scope=f"{VAULT_ID}/secrets/db-password"),
        grant(name="fresh", principal="0b1ec700-0000-4000-8000-00000000bbbb"),
    ]
    return reported(before, after)


def apps(count: int, *, shared: bool) -> Report:
    """Apps with one grant each, on one vault or each on its own; the last of them is new."""
    after: list[State] = [vault()] if shared else []
    for n in range(count):
        id = VAULT_ID if shared else f"{VAULT_ID}{n}"
        if not shared:
            after.append(state(VAULT_TYPE, f"vault-{n:02}", {"vaultName": f"kv-shop{n}"}, id=id))
        after += [
            _identity(f"service-{n:02}", n),
            grant(name=f"grant-{n:02}", principal=_principal(n), scope=id),
        ]
    return reported(after[:-1], after)


def nothing_changes() -> Report:
    same = [identity(), vault(), grant()]
    return reported(same, same)


def named(name: str) -> Report:
    """An identity, a role, a scope and a setting of this name."""
    made = state(IDENTITY_TYPE, name, {}, id=IDENTITY_ID, outputs={"principalId": PRINCIPAL})
    component = state("keyless:index:AccessGrant", "part", {"grantedBy": name, "principalName": name})
    granted = grant(role=name, name="granted", scope=f"{GROUP}/providers/Contoso.Shop/{name}/{name}")
    granted["parent"] = component["urn"]
    return reported(
        [], [made, component, granted, site(), vault(), settings({name: reference("db-password")})]
    )


def _identity(name: str, n: int) -> State:
    return identity(name, id=f"{IDENTITY_ID}{n}", principal=_principal(n))


def _principal(n: int) -> str:
    return f"0b1ec700-0000-4000-8000-{n:012}"
