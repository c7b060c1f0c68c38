"""What goes wrong with a language model, in words for the reader: never its key, never a traceback of its client."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rag.errors import ModelCallFailed
from rag.settings import LLMSettings


class Asked(Protocol):
    """What an explanation says of the model that was asked: llm.ChatModel is one."""

    settings: LLMSettings

    @property
    def name(self) -> str: ...

    @property
    def place(self) -> str: ...

    @property
    def embedded(self) -> bool: ...


@contextmanager
def explained(model: Asked) -> Iterator[None]:
    """Turns what the client raises into ModelCallFailed, without the key and without its traceback."""
    import openai

    # openai lets the errors of its HTTP library (httpx2; httpx before its version 3) through once a stream has begun.
    library = importlib.import_module(openai.DefaultHttpxClient.__mro__[1].__module__.partition(".")[0])
    http_error: type[Exception] = library.HTTPError
    try:
        yield
    except openai.OpenAIError as error:
        failure = _failure(model, error)
    except http_error:
        failure = broke_off(model)
    else:
        return
    raise failure from None


def _failure(model: Asked, error: Exception) -> ModelCallFailed:
    import openai

    settings = model.settings
    if isinstance(error, openai.APITimeoutError):
        seconds = f"{settings.timeout_s:g}"
        return ModelCallFailed(
            (f"{seconds} 秒内没有回应", f"did not answer within {seconds} s"),
            subject=model.place,
            advice=_advice(
                model, "可以调大 llm.timeout_s，或检查 llm.base_url", "Raise llm.timeout_s, or check llm.base_url"
            ),
        )
    if isinstance(error, openai.APIConnectionError):
        return ModelCallFailed(
            ("连不上模型服务", "cannot reach the model's endpoint"),
            subject=model.place,
            advice=_advice(
                model,
                "检查 llm.base_url、网络，以及服务是否已启动",
                "Check llm.base_url, the network, and that it is running",
            ),
        )
    status = getattr(error, "status_code", None)
    said = _without_key(str(getattr(error, "message", "")) or type(error).__name__, settings)
    known: dict[int, tuple[tuple[str, str], tuple[str, str]]] = {
        401: (
            ("不接受这个密钥（401）", "refuses the key (401)"),
            ("检查 llm.api_key 是否属于 llm.base_url 这个服务", "Check that llm.api_key belongs to llm.base_url"),
        ),
        403: (
            ("这个密钥没有权限（403）", "does not allow this key to do that (403)"),
            ("检查 llm.api_key 能否使用 llm.model", "Check that llm.api_key may use llm.model"),
        ),
        404: (
            (f"没有模型 {model.name}，或地址不对（404）", f"has no model {model.name}, or the address is wrong (404)"),
            (
                "检查 llm.model 和 llm.base_url（多数服务的地址以 /v1 结尾）",
                "Check llm.model and llm.base_url (which ends in /v1 for most)",
            ),
        ),
        429: (
            ("请求太多或额度用完（429）", "too many requests, or the quota is used up (429)"),
            ("稍后再试，或检查 llm.base_url 上的余额", "Try again later, or check the account at llm.base_url"),
        ),
    }
    what, advice = known.get(
        status or 0,
        (
            (f"没有完成请求：{said}", f"did not complete the request: {said}"),
            ("检查 llm.base_url 和 llm.model，或稍后再试", "Check llm.base_url and llm.model, or try again later"),
        ),
    )
    return ModelCallFailed(what, subject=model.place, advice=_advice(model, *advice))


def broke_off(model: Asked) -> ModelCallFailed:
    return ModelCallFailed(
        ("回答说到一半断了", "the answer broke off half way"),
        subject=model.place,
        advice=_advice(
            model, "再问一次；若总是这样，检查 llm.base_url", "Ask again; if it keeps happening, check llm.base_url"
        ),
    )


def _advice(model: Asked, zh: str, en: str) -> tuple[str, str]:
    if model.embedded:  # no setting to check: it runs here
        return "再问一次，自带的模型会重新启动", "Ask again: the embedded model starts anew"
    return zh, en


def _without_key(text: str, settings: LLMSettings) -> str:
    key = settings.api_key.get_secret_value()
    return (text.replace(key, "***") if key else text)[:300]
