"""Numbers and pages in the queries of the data planes."""

from collections.abc import Mapping, Sequence

from local_azure.storage.refusals import out_of_range, refusal


def whole_number(query: Mapping[str, str], key: str, default: int, *, lowest: int, highest: int) -> int:
    """What the query says, or the default. Raises Refusal 400 for no number, and for one out of range."""
    given = query.get(key)
    if given is None:
        return default
    try:
        number = int(given)
    except ValueError:
        text = "Value for one of the query parameters specified in the request URI is invalid"
        raise refusal(400, "InvalidQueryParameterValue", f"{text}: {key}.") from None
    if not lowest <= number <= highest:
        raise out_of_range(key)
    return number


def page(names: Sequence[str], prefix: str, marker: str, most: int) -> tuple[Sequence[str], str]:
    """Of names in their order those that begin with `prefix`, from `marker` on, at most `most`; and the
    marker of what is left, empty where nothing is."""
    wanted = [name for name in names if name.startswith(prefix) and name >= marker]
    return wanted[:most], wanted[most] if len(wanted) > most else ""
