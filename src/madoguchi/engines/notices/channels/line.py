"""LINE, through the official SDK: a card pushed to a person who linked the account, and replies to what they do there.

Owns every call to the Messaging API. A card holds receipt number, stage and a link; neither name nor procedure. The push
carries the notice's id as retry key, so that LINE itself refuses a double.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings

from madoguchi.kernel.ui.texts import text

from ..models import Notice
from .base import Outcome

TIMEOUT_SECONDS = 10
ALREADY_ACCEPTED = 409
LASTING = frozenset({400, 403, 404})
"""Answers after which another try of the same push cannot help (wrong user id, not allowed)."""


class LineChannel:
    """See the module."""

    def is_ready(self) -> bool:
        """Tell whether token and secret are set."""
        return bool(settings.LINE["token"] and settings.LINE["secret"])

    def deliver(self, notice: Notice, *, to: str, late: dict[str, str]) -> Outcome:
        """Push a notice as a card."""
        from linebot.v3.messaging import FlexContainer, FlexMessage, PushMessageRequest

        message = FlexMessage(
            altText=notice.subject[:400],
            contents=FlexContainer.from_dict(card_of(notice)),
            quickReply=None,
            sender=None,
        )
        request = PushMessageRequest(to=to, messages=[message], notificationDisabled=False, customAggregationUnits=None)
        return call("push_message", request, x_line_retry_key=str(notice.id), _request_timeout=TIMEOUT_SECONDS)


def call(method: str, *arguments: Any, **options: Any) -> Outcome:
    """Call the Messaging API and return how it ended."""
    from linebot.v3.messaging.exceptions import ApiException
    from urllib3.exceptions import HTTPError

    try:
        getattr(_api(settings.LINE["token"], settings.LINE["api"]), method)(*arguments, **options)
    except ApiException as error:
        if error.status == ALREADY_ACCEPTED:
            return Outcome("sent")
        return Outcome("given_up" if error.status in LASTING else "failed", f"line:{error.status}")
    except (HTTPError, OSError) as error:
        return Outcome("failed", type(error).__name__)
    return Outcome("sent")


def reply(token: str, words: str, *, button: str = "", url: str = "") -> Outcome:
    """Answer what a person did in LINE: words, and a button that leads to a page."""
    from linebot.v3.messaging import FlexContainer, FlexMessage, ReplyMessageRequest

    message = FlexMessage(
        altText=words[:400],
        contents=FlexContainer.from_dict(bubble([words], button, url)),
        quickReply=None,
        sender=None,
    )
    return call(
        "reply_message",
        ReplyMessageRequest(replyToken=token, messages=[message], notificationDisabled=False),
        _request_timeout=TIMEOUT_SECONDS,
    )


def issue_link_token(user: str) -> str:
    """Return a link token for a person, '' when LINE gives none now."""
    from linebot.v3.messaging.exceptions import ApiException
    from urllib3.exceptions import HTTPError

    try:
        answer = _api(settings.LINE["token"], settings.LINE["api"]).issue_link_token(
            user, _request_timeout=TIMEOUT_SECONDS
        )
    except (ApiException, HTTPError, OSError):
        return ""
    return str(answer.link_token)


def card_of(notice: Notice) -> dict[str, Any]:
    """Return the card of a notice as LINE's flex bubble."""
    lines = [notice.subject]
    for name in ("number", "stage"):
        if value := notice.card.get(name, ""):
            lines.append(f"{text(_LABELS[name], notice.lang)}　{value}")
    return bubble(lines, text("notices.card.open", notice.lang), notice.card.get("url", ""))


_LABELS = {"number": "notices.card.number", "stage": "notices.card.stage"}


def bubble(lines: list[str], button: str, url: str) -> dict[str, Any]:
    """Return a flex bubble: the first line bold, the others under it, a button at the foot."""
    body = [{"type": "text", "text": line, "wrap": True, "size": "md"} for line in lines]
    body[0] |= {"weight": "bold", "size": "lg"}
    card: dict[str, Any] = {
        "type": "bubble",
        "direction": "ltr",
        "body": {"type": "box", "layout": "vertical", "spacing": "md", "contents": body},
    }
    if url:
        action = {"type": "uri", "label": button[:40], "uri": url}
        contents = [{"type": "button", "style": "primary", "action": action}]
        card["footer"] = {"type": "box", "layout": "vertical", "contents": contents}
    return card


@cache
def _api(token: str, host: str) -> Any:
    """Return a client of the Messaging API; kept, because it pools its connections."""
    from linebot.v3.messaging import ApiClient, Configuration, MessagingApi

    return MessagingApi(ApiClient(Configuration(host=host, access_token=token)))


__all__ = ["LineChannel", "bubble", "card_of", "issue_link_token", "reply"]
