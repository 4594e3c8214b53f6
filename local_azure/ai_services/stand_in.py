"""What answers in a model's place: the same text for the same question, which says that it is no model.

It proves who may ask, and nothing of what a model would say.
"""

import base64
import hashlib
import math
import struct
from collections.abc import Iterator, Sequence
from typing import Final

from local_azure.http import JsonObject

SAYS: Final = "This is no model's answer: the local Azure repeats what it was asked."
_LONGEST: Final = 1536
"""Numbers of an embedding where nobody says how many: those of text-embedding-3-small."""


def completion(model: str, messages: Sequence[JsonObject], now: float) -> JsonObject:
    """The answer to a chat."""
    said = answer_to(messages)
    asked = sum(_tokens(_text(one.get("content"))) for one in messages)
    return {
        "id": f"chatcmpl-{_digest(said)[:24]}",
        "object": "chat.completion",
        "created": int(now),
        "model": model,
        "system_fingerprint": "local-azure-is-no-model",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": said, "refusal": None},
                "finish_reason": "stop",
                "logprobs": None,
            }
        ],
        "usage": _usage(asked, _tokens(said)),
    }


def pieces(whole: JsonObject) -> Iterator[JsonObject]:
    """The same answer as a client sees it that reads it word by word."""
    choice = whole["choices"][0]
    words = choice["message"]["content"].split(" ")
    parts = [word if number == 0 else f" {word}" for number, word in enumerate(words)]
    frame = {**{key: whole[key] for key in ("id", "created", "model")}, "object": "chat.completion.chunk"}
    for number, part in enumerate(parts):
        role: JsonObject = {"role": "assistant"} if number == 0 else {}
        yield {**frame, "choices": [{"index": 0, "delta": {**role, "content": part}, "finish_reason": None}]}
    yield {**frame, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}


def answer_to(messages: Sequence[JsonObject]) -> str:
    """What is repeated is what the user said last."""
    asked = [_text(one.get("content")) for one in messages if one.get("role") == "user"]
    return f"{SAYS} {asked[-1]}" if asked else SAYS


def embeddings(model: str, texts: Sequence[str], numbers: int | None, *, as_base64: bool) -> JsonObject:
    """A vector of length one for each text: equal for equal texts, and without any meaning."""
    vectors = [vector(text, numbers or _LONGEST) for text in texts]
    asked = sum(_tokens(text) for text in texts)
    return {
        "object": "list",
        "model": model,
        "data": [
            {"object": "embedding", "index": number, "embedding": _packed(one) if as_base64 else one}
            for number, one in enumerate(vectors)
        ],
        "usage": {"prompt_tokens": asked, "total_tokens": asked},
    }


def vector(text: str, numbers: int) -> list[float]:
    raw = hashlib.shake_256(text.encode()).digest(numbers * 2)
    signed = [number / 32768 for number in struct.unpack(f"<{numbers}h", raw)]
    length = math.sqrt(sum(number * number for number in signed)) or 1.0
    return [number / length for number in signed]


def _packed(numbers: Sequence[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(numbers)}f", *numbers)).decode()


def _text(content: str | list[JsonObject] | None) -> str:
    """A message's text, which is one or a list of parts."""
    if isinstance(content, list):
        return " ".join(str(part.get("text", "")) for part in content)
    return str(content or "")


def _tokens(text: str) -> int:
    return len(text.split())


def _usage(asked: int, said: int) -> JsonObject:
    return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
