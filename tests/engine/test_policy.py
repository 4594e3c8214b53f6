"""The policy pack in the real engine: our own program passes, and bad programs are refused in words."""


from tests.engine.conftest import Loop
from toolchain.paths import ROOT

PACK = ("--policy-pack", str(ROOT / "policy"), "--policy-pack-config", str(ROOT / "policy-config.json"))


def test_our_own_program_passes_with_no_rule_switched_off_and_tells_what_is_waived(loop: Loop) -> None:
    printed = loop.stack.preview(*PACK)
    print(printed)
    loop.stack.up(*PACK)
    printed = loop.stack.preview(*PACK)
    print(printed)
    assert 0
