"""What is said of each change of shop.py."""

from collections.abc import Mapping
from typing import Final

from tests.scenarios.facts import CLEAN, READS, SEES, WRITES, Facts

JOB, ARCHIVE = "identity job", "key vault archive"
APP, SECRET = "identity shop", "secret database-password of key vault shop"
ANOTHER = "it is another principal afterwards"
FACTS: Final[Mapping[str, Facts]] = {
    "another_role": Facts(
        f"1 replacement, 1 update. Grants: 1 added, 1 removed; {CLEAN}.",
        # Neither covers the other: the reader sees keys and certificates, too.
        grants=(("added", JOB, WRITES, ARCHIVE), ("removed", JOB, SEES, ARCHIVE)),
        conditions=("wider-access",),
    ),
    "app_replaced": Facts(
        f"4 replacements. No grant changes; {CLEAN}; 1 app replaced.",
        events=("app shop is replaced because of name; its code has to be delivered again",),
        conditions=("removed-protection",),
    ),
    "component_renamed": Facts(
        "15 creates, 15 deletes, 3 replacements. "
        "Grants: 1 added, 1 removed, 1 re-created (access interrupted); "
        "3 values known only by the update; 3 exposures opened; "
        "1 app deleted, 1 component perhaps renamed, 1 identity deleted, "
        "1 identity replaced, 1 key vault deleted, 1 key vault replaced, 1 resource group deleted.",
        grants=(
            ("added", "identity store", READS, "secret database-password of key vault store"),
            ("removed", APP, READS, SECRET),
            ("re-created", JOB, SEES, ARCHIVE),
        ),
        exposures=(
            "key vault store: public network access Enabled",
            "key vault store: rule for every network Allow",
            "app store: public network access Enabled",
        ),
        events=(
            "app shop is deleted",
            "component store is made anew, unless an alias says that it was called shop",
            f"identity job is replaced because of resourceGroupName; {ANOTHER}",
            "identity shop is deleted",
            "key vault archive is replaced because of resourceGroupName; "
            "its secrets stay behind in the deleted one",
            "key vault shop is deleted; its secrets go with it",
            "resource group shop is deleted; all that lies in it goes with it",
        ),
        conditions=("wider-access", "public-exposure", "removed-protection"),
    ),
    "component_renamed_with_alias": Facts(f"2 updates. No grant changes; {CLEAN}."),
    "first_deployment": Facts(
        "24 creates. Grants: 2 added, 0 removed; 3 values known only by the update; 5 exposures opened.",
        grants=(("added", JOB, SEES, ARCHIVE), ("added", APP, READS, SECRET)),
        exposures=(
            "key vault archive: public network access Enabled",
            "key vault archive: addresses let in 203.0.113.0/24",
            "key vault shop: public network access Enabled",
            "key vault shop: rule for every network Allow",
            "app shop: public network access Enabled",
        ),
        conditions=("wider-access", "public-exposure"),
    ),
    "grant_renamed": Facts(
        f"2 creates, 2 deletes. No grant changes; {CLEAN}; 1 grant that Azure will refuse."
    ),
    "identity_replaced": Facts(
        "1 delete, 2 replacements. Grants: 0 added, 0 removed, 1 re-created (access interrupted); "
        f"{CLEAN}; 1 identity replaced.",
        grants=(("re-created", JOB, SEES, ARCHIVE),),
        events=(f"identity job is replaced because of resourceName; {ANOTHER}",),
        conditions=("removed-protection",),
    ),
    "identity_switched": Facts(
        f"2 deletes, 1 replacement, 3 updates. Grants: 1 added, 1 removed; {CLEAN}; "
        "1 app with another identity, 1 identity deleted.",
        grants=(
            ("added", "system-assigned identity of shop", READS, SECRET),
            ("removed", APP, READS, SECRET),
        ),
        events=(
            "app shop runs as its system-assigned identity instead of a user-assigned identity; "
            "access interrupted until Azure honours its grants",
            "identity shop is deleted",
        ),
        conditions=("wider-access", "removed-protection"),
    ),
    "literal_setting": Facts(
        "2 deletes, 2 updates. Grants: 0 added, 1 removed; 1 secret value now in clear.",
        grants=(("removed", APP, READS, SECRET),),
        secrets_in_clear=("DATABASE_PASSWORD of shop",),
        conditions=("public-exposure",),
    ),
    "new_secret": Facts(
        f"2 creates, 2 updates. Grants: 1 added, 0 removed; {CLEAN}.",
        grants=(("added", APP, READS, "secret payment-key of key vault shop"),),
        conditions=("wider-access",),
    ),
    "nothing_changed": Facts(f"no changes. No grant changes; {CLEAN}."),
    "removed_grant": Facts(
        f"2 deletes. Grants: 0 added, 1 removed; {CLEAN}.", grants=(("removed", JOB, SEES, ARCHIVE),)
    ),
    "tag_changed": Facts(
        "1 replacement (only shown), 6 updates. No grant changes; 3 values known only by the update."
    ),
    "unmanaged_access": Facts(
        f"2 deletes. Grants: 0 added, 1 removed; {CLEAN}; 1 reference without a grant.",
        grants=(("removed", APP, READS, SECRET),),
        uncovered=("DATABASE_PASSWORD of shop",),
        conditions=("reference-without-grant",),
    ),
    "vault_opened": Facts(
        f"1 update. No grant changes; {CLEAN}; 1 exposure opened.",
        exposures=("key vault archive: rule for every network Deny → Allow",),
        conditions=("public-exposure",),
    ),
    "vault_replaced": Facts(
        "2 replacements, 1 update. Grants: 0 added, 0 removed, 1 re-created (access interrupted); "
        "2 values known only by the update; 1 key vault replaced.",
        grants=(("re-created", APP, READS, SECRET),),
        events=(
            "key vault shop is replaced because of vaultName; its secrets stay behind in the deleted one",
        ),
        # Role and secret are the component's word until the update.
        conditions=("wider-access", "removed-protection"),
    ),
    "wider_scope": Facts(
        f"2 creates, 2 deletes. Grants: 0 added, 1 widened, 0 removed; {CLEAN}.",
        grants=(("widened", APP, READS, f"{SECRET} → key vault shop"),),
        conditions=("wider-access",),
    ),
}
