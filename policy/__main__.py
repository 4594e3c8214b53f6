"""The policy pack as the engine starts it: `pulumi preview --policy-pack policy`."""

import sys
from pathlib import Path

# The engine runs this folder, not the package that it is.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pulumi_policy import PolicyPack

from policy.configured import hear_all_that_is_said
from policy.pack import policies

hear_all_that_is_said()
PolicyPack(name="keyless", policies=policies())
