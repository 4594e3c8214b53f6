"""Which function of HTTP a path leads to: templates with parameters, constraints and what is optional.

https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-trigger#customize-the-http-endpoint
"""

import re
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import unquote

from local_azure.functions_host.loading import Loaded, NotServedError
from local_azure.rules import Rule

ALL: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
RULES: Final = [
    Rule(
        "F17",
        "behaviour",
        "A route has parameters with constraints, {id:int}, an optional one at its end, {id?}, and one for "
        "all the rest, {*path}; host.json says what stands before all of them.",
        held_by="f17_a_path_leads_to_the_function_whose_route_it_fits",
    ),
    Rule(
        "F17",
        "assumed",
        "Where a path fits several routes, the function whose name comes first is called.",
        held_by="f17_of_several_routes_that_of_the_first_name_is_taken",
        source="https://learn.microsoft.com/answers/questions/703716/different-routing-behavior-between-web-api-and-azu.html",
    ),
]
_PARAMETER: Final = re.compile(
    r"\{(?P<rest>\*{0,2})(?P<name>\w+)(?P<constraints>(?::[a-z]+(?:\([^)]*\))?)*)"
    r"(?:=(?P<default>[^}?]*))?(?P<optional>\??)\}"
)
_CONSTRAINT: Final = re.compile(r":([a-z]+)(?:\(([^)]*)\))?")
Check = Callable[[str], bool]


@dataclass(frozen=True)
class _Parameter:
    name: str
    checks: Sequence[Check]
    default: str | None


@dataclass(frozen=True)
class Route:
    function: Loaded
    path: re.Pattern[str]
    parameters: Sequence[_Parameter]
    methods: Sequence[str]
    level: str

    @classmethod
    def of(cls, function: Loaded, prefix: str) -> "Route":
        """Raises NotServedError for a template that is none, or is not read here."""
        trigger = function.trigger
        template = str(trigger.get("route") or function.name).strip("/")
        parts = [part for part in (*prefix.strip("/").split("/"), *_segments(template)) if part]
        parameters: list[_Parameter] = []
        pattern = "".join(_segment(function.name, part, parameters) for part in parts)
        methods = [str(one).upper() for one in trigger.get("methods") or ALL]
        level = str(trigger.get("authLevel", "function")).lower()
        return cls(function, re.compile(f"{pattern}/?", re.IGNORECASE), parameters, methods, level)

    @property
    def is_open(self) -> bool:
        return self.level == "anonymous"

    def fits(self, path: str) -> Mapping[str, str] | None:
        """The route's parameters in a path, or None where it is another route's."""
        match = self.path.fullmatch(path)
        if match is None:
            return None
        found: dict[str, str] = {}
        for one in self.parameters:
            value = unquote(match[one.name] or "") or one.default
            if value is None:
                continue
            if not all(check(value) for check in one.checks):
                return None
            found[one.name] = value
        return found


def _segments(template: str) -> Iterator[str]:
    """The parts between slashes; one that stands in braces belongs to a constraint."""
    depth, begin = 0, 0
    for at, character in enumerate(template):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if character == "/" and not depth:
            yield template[begin:at]
            begin = at + 1
    yield template[begin:]


def _segment(function: str, part: str, parameters: list[_Parameter]) -> str:
    """The pattern of one part of a path, with the slash before it."""
    pattern, end = "", 0
    is_optional = False
    for match in _PARAMETER.finditer(part):
        checks = [_check(function, name, given) for name, given in _CONSTRAINT.findall(match["constraints"])]
        parameters.append(_Parameter(match["name"], checks, match["default"]))
        is_optional = bool(match["rest"] or match["optional"] or match["default"] is not None)
        pattern += re.escape(part[end : match.start()])
        pattern += f"(?P<{match['name']}>{'.*' if match['rest'] else '[^/]+?'})"
        end = match.end()
    tail = part[end:]
    if set("{}") & set(tail):
        raise NotServedError(f"the route of function {function} has a part that is not read here: {part}")
    pattern += re.escape(tail)
    return f"(?:/{pattern})?" if is_optional else f"/{pattern}"


def _check(function: str, name: str, given: str) -> Check:
    numbers = [int(one) for one in given.split(",") if one.strip().lstrip("-").isdigit()]
    match name, numbers:
        case (("int" | "long"), []):
            return lambda text: re.fullmatch(r"-?\d+", text) is not None
        case (("float" | "double" | "decimal"), []):
            return lambda text: re.fullmatch(r"-?\d+(\.\d+)?", text) is not None
        case "bool", []:
            return lambda text: text.lower() in ("true", "false")
        case "alpha", []:
            return lambda text: re.fullmatch(r"[A-Za-z]+", text) is not None
        case "guid", []:
            return lambda text: _is(uuid.UUID, text)
        case "datetime", []:
            return lambda text: _is(datetime.fromisoformat, text)
        case "length", [length]:
            return lambda text: len(text) == length
        case "length", [shortest, longest]:
            return lambda text: shortest <= len(text) <= longest
        case "minlength", [shortest]:
            return lambda text: len(text) >= shortest
        case "maxlength", [longest]:
            return lambda text: len(text) <= longest
        case "min", [lowest]:
            return lambda text: _whole(text) is not None and int(text) >= lowest
        case "max", [highest]:
            return lambda text: _whole(text) is not None and int(text) <= highest
        case "range", [lowest, highest]:
            return lambda text: _whole(text) is not None and lowest <= int(text) <= highest
        case _:
            said = f"{name}({given})" if given else name
            raise NotServedError(
                f"the route of function {function} has a constraint that is not read here: {said}"
            )


def _whole(text: str) -> re.Match[str] | None:
    return re.fullmatch(r"-?\d+", text)


def _is(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True
