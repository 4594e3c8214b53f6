"""What is wrong with a configuration, in words that a terminal shows, with the command that mends it."""

import re
from dataclasses import dataclass
from shlex import quote

import pulumi


@dataclass(frozen=True)
class Problem:
    """One thing wrong with the configuration; `mend` holds alternatives, each a `pulumi config` command."""

    key: str
    given: str
    expected: str
    mend: tuple[str, ...]


class ConfigurationRefused(pulumi.RunError):
    """The configuration has problems, so nothing was declared. The engine prints this without a traceback."""

    def __init__(self, problems: list[Problem]) -> None:
        count = "one problem" if len(problems) == 1 else f"{len(problems)} problems"
        lines = [f"The configuration of stack {pulumi.get_stack()} has {count}; nothing was declared."]
        for number, problem in enumerate(problems, 1):
            lines += [
                "",
                f"  {number}. {problem.key}",
                f"     given     {problem.given}",
                f"     expected  {problem.expected}",
                *(
                    f"     {word}      {command}"
                    for word, command in zip(("mend", "or  ", "or  "), problem.mend, strict=False)
                ),
            ]
        super().__init__("\n".join(lines))
        self.problems = problems


def set_command(key: str, value: str) -> str:
    """The command that gives `key` a value. A value in angle brackets is for the reader to replace."""
    return f"pulumi config set {key} {_word(value)}{_stack()}"


def remove_command(key: str) -> str:
    """The command that brings `key` back to its default."""
    return f"pulumi config rm {_word(key)}{_stack()}"


def set_entry_command(key: str, name: str, value: str) -> str:
    """The command that gives one entry of a map a value."""
    return f"pulumi config set --path {_path(key, name)} {_word(value)}{_stack()}"


def remove_entry_command(key: str, name: str) -> str:
    """The command that takes one entry out of a map."""
    return f"pulumi config rm --path {_path(key, name)}{_stack()}"


def _stack() -> str:
    return f" --stack {quote(pulumi.get_stack())}"


def _path(key: str, name: str) -> str:
    plain = re.fullmatch(r"[\w-]+|<.*>", name)
    return quote(f"{key}.{name}" if plain else f'{key}["{name}"]')


def _word(value: str) -> str:
    return value if re.fullmatch(r'<[^<>]*>|"\$\(.*\)"', value) else quote(value)
