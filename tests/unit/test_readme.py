"""What the README says of the local Azure is what the local Azure says of itself."""

from local_azure.rules import all_rules
from toolchain.paths import ROOT

MARKS = ("<!-- rules: python -m local_azure rules --kind assumed -->\n", "<!-- /rules -->")


def test_the_readme_publishes_every_assumption_that_only_azure_can_prove() -> None:
    before, _, rest = (ROOT / "README.md").read_text().partition(MARKS[0])
    published, _, after = rest.partition(MARKS[1])
    assert before
    assert after

    lines = [f"- **{rule.id}** {rule.text}" for rule in all_rules() if rule.kind == "assumed"]

    assert len(lines) > 10
    assert published.strip() == "\n".join(lines), "put this between the marks:\n" + "\n".join(lines)
