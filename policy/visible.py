"""What somebody else wrote, within a sentence of ours."""

from access_report.safety import visible


def visible_all(text: str) -> str:
    """Names in a finding come from whoever wrote the program: no line break, no escape sequence."""
    return "".join(visible(character) for character in text)
