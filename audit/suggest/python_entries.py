"""Maps as Python programs write them, a dict's display or a call with keywords: one entry is taken out or put
in, with every other character as it was.

A comment above an entry, and one behind it on its line, are the entry's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import libcst as cst

Element = TypeVar("Element", cst.Arg, cst.BaseDictElement, cst.ImportAlias)
Mapped = cst.Dict | cst.Call


@dataclass(frozen=True)
class Entry:
    """One entry of `mapped`, by its place there."""

    mapped: Mapped
    at: int
    value: cst.BaseExpression


def entry(mapped: Mapped, key: str) -> Entry | None:
    """The last one with this key, which is the one that holds."""
    found = [one for name, one in entries(mapped) if name == key]
    return found[-1] if found else None


def entries(mapped: Mapped) -> Iterator[tuple[str, Entry]]:
    """Entries whose keys are written out."""
    if isinstance(mapped, cst.Dict):
        for at, one in enumerate(mapped.elements):
            if isinstance(one, cst.DictElement) and (key := text_of(one.key)) is not None:
                yield key, Entry(mapped, at, one.value)
    else:
        for at, one in enumerate(mapped.args):
            if one.keyword is not None:
                yield one.keyword.value, Entry(mapped, at, one.value)


def spread(mapped: Mapped) -> list[cst.BaseExpression]:
    """What it takes entries of, as `**others`."""
    if isinstance(mapped, cst.Dict):
        return [one.value for one in mapped.elements if isinstance(one, cst.StarredDictElement)]
    return [one.value for one in mapped.args if one.star == "**"]


def has_computed_keys(mapped: Mapped) -> bool:
    """Whether some of its keys are not written out."""
    if isinstance(mapped, cst.Call):
        return False
    keys = [one.key for one in mapped.elements if isinstance(one, cst.DictElement)]
    return any(text_of(key) is None for key in keys)


def text_of(expression: cst.BaseExpression | None) -> str | None:
    """The text that a literal is; None of anything else."""
    if isinstance(expression, cst.SimpleString | cst.ConcatenatedString):
        value = expression.evaluated_value
        return value if isinstance(value, str) else None
    return None


def without(one: Entry) -> Mapped:
    mapped = one.mapped
    if isinstance(mapped, cst.Call):
        kept, opening = left(mapped.args, one.at, mapped.whitespace_before_args)
        if kept and one.at == len(kept):
            kept[-1] = kept[-1].with_changes(whitespace_after_arg=mapped.args[-1].whitespace_after_arg)
        return mapped.with_changes(args=kept, whitespace_before_args=opening)
    kept, opening = left(mapped.elements, one.at, mapped.lbrace.whitespace_after)
    closing = mapped.rbrace.whitespace_before
    if not kept:
        opening = closing = cst.SimpleWhitespace("")
    elif one.at == len(kept):  # what stands behind the entry that is the last now
        last = mapped.elements[one.at - 1].comma
        if isinstance(last, cst.Comma):
            closing = _joined(last.whitespace_after, closing) if _breaks(closing) else closing
    return mapped.with_changes(
        elements=kept,
        lbrace=mapped.lbrace.with_changes(whitespace_after=opening),
        rbrace=mapped.rbrace.with_changes(whitespace_before=closing),
    )


def left(
    elements: Sequence[Element], at: int, opening: cst.BaseParenthesizableWhitespace
) -> tuple[list[Element], cst.BaseParenthesizableWhitespace]:
    """The others, and what stands before the first of them."""
    kept = list(elements)
    comma = kept.pop(at).comma
    after = comma.whitespace_after if isinstance(comma, cst.Comma) else cst.SimpleWhitespace("")
    if at == 0:
        return kept, _joined(opening, after)
    before = kept[at - 1]
    if at == len(kept):
        if isinstance(comma, cst.Comma) and isinstance(before.comma, cst.Comma) and _breaks(after):
            space = _joined(before.comma.whitespace_after, after)
            comma = comma.with_changes(whitespace_after=space)
        kept[-1] = before.with_changes(comma=comma)
    elif isinstance(before.comma, cst.Comma):
        space = _joined(before.comma.whitespace_after, after)
        kept[at - 1] = before.with_changes(comma=before.comma.with_changes(whitespace_after=space))
    return kept, opening


def _breaks(space: cst.BaseParenthesizableWhitespace) -> bool:
    return isinstance(space, cst.ParenthesizedWhitespace)


def _joined(
    before: cst.BaseParenthesizableWhitespace, after: cst.BaseParenthesizableWhitespace
) -> cst.BaseParenthesizableWhitespace:
    """What is left of the space around an entry that goes: the end of the line before it, and what stands
    above the entry after it. Where lines have several entries, the break that there was.
    """
    if isinstance(before, cst.ParenthesizedWhitespace) and isinstance(after, cst.ParenthesizedWhitespace):
        return after.with_changes(first_line=before.first_line)
    return after if _breaks(after) else before


def with_value(one: Entry, value: cst.BaseExpression) -> Mapped:
    mapped = one.mapped
    if isinstance(mapped, cst.Dict):
        own = mapped.elements[one.at].with_changes(value=value)
        return mapped.with_changes(elements=[*mapped.elements[: one.at], own, *mapped.elements[one.at + 1 :]])
    own = mapped.args[one.at].with_changes(value=value)
    return mapped.with_changes(args=[*mapped.args[: one.at], own, *mapped.args[one.at + 1 :]])


def with_entry(mapped: Mapped, key: str, value: cst.BaseExpression) -> Mapped:
    """With one entry more, at the end."""
    if isinstance(mapped, cst.Dict):
        element = cst.DictElement(cst.SimpleString(f'"{key}"'), value)
        elements = _with(mapped.elements, element, mapped.lbrace.whitespace_after)
        closing = mapped.rbrace.whitespace_before
        if len(elements) > 1 and isinstance(closing, cst.ParenthesizedWhitespace):
            # A comment behind what was the last entry stays with it.
            comma = elements[-2].comma
            if isinstance(comma, cst.Comma) and _breaks(comma.whitespace_after):
                space = comma.whitespace_after.with_changes(first_line=closing.first_line)
                elements[-2] = elements[-2].with_changes(comma=comma.with_changes(whitespace_after=space))
                closing = closing.with_changes(
                    first_line=cst.TrailingWhitespace(newline=closing.first_line.newline)
                )
        return mapped.with_changes(
            elements=elements, rbrace=mapped.rbrace.with_changes(whitespace_before=closing)
        )
    tight = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    argument = cst.Arg(value, keyword=cst.Name(key), equal=tight)
    return mapped.with_changes(args=_with(mapped.args, argument, mapped.whitespace_before_args))


def _with(
    elements: Sequence[Element], new: Element, opening: cst.BaseParenthesizableWhitespace
) -> list[Element]:
    if not elements:
        return [new]
    last = elements[-1]
    begins = opening if len(elements) == 1 else _between(elements)
    if isinstance(last.comma, cst.Comma):  # then the new one ends as this one did
        new = new.with_changes(comma=last.comma)
    space = begins if isinstance(begins, cst.ParenthesizedWhitespace) else cst.SimpleWhitespace(" ")
    if isinstance(space, cst.ParenthesizedWhitespace):
        plain = cst.TrailingWhitespace(newline=space.first_line.newline)
        space = space.with_changes(first_line=plain, empty_lines=[])
    return [*elements[:-1], last.with_changes(comma=cst.Comma(whitespace_after=space)), new]


def _between(elements: Sequence[Element]) -> cst.BaseParenthesizableWhitespace:
    comma = elements[-2].comma
    return comma.whitespace_after if isinstance(comma, cst.Comma) else cst.SimpleWhitespace(" ")
