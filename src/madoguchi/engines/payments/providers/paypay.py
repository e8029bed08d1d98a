"""PayPay through its SDK: a dynamic code the payer opens or scans. Owns the calls and what their answers mean.

PayPay signs no notification: one only makes us ask PayPay, and what PayPay answers is what counts. It takes one refund per
payment; a second one is refused, and staff give the money back another way.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final

from madoguchi.kernel import clock

from ..folder import is_used
from .base import BadRow, BadSignature, KeyUsed, ProviderUnreachable, Report, ReportKind, Settled, Started, StartOrder
from .checkout import yen_of
from .settlement import Layout, read_csv

TIMEOUT_S: Final = 30.0
"""PayPay asks for at least 30 seconds."""
CURRENCY: Final = "JPY"
_STATES: Final[dict[str, ReportKind]] = {
    "COMPLETED": "pay",
    "REFUNDED": "pay",
    "CANCELED": "cancel",
    "EXPIRED": "expire",
    "EXPIRED_USER_CONFIRMATION": "expire",
    "FAILED": "refuse",
}
"""REFUNDED was paid before; the refund has a state of its own."""
_REFUSALS: Final = frozenset(
    {
        "UNACCEPTABLE_OP",
        "INVALID_PARAMS",
        "INVALID_REQUEST_PARAMS",
        "CANCELED_USER",
        "TRANSACTION_FAILED",
        "RESOURCE_NOT_FOUND",
    }
)
LAYOUT: Final = Layout(
    {"ref": "マーチャント決済ID", "kind": "取引ステータス", "gross": "取引金額", "on": "取引日時"},
    frozenset({"取引完了", "COMPLETED"}),
    frozenset({"返金完了", "REFUNDED"}),
    ignored_words=frozenset({"取引失敗", "返金失敗", "FAILED"}),
)
"""The transaction file (突合ファイル), which has no column of fees. Unverified against a file of the ward's own account."""


class PayPayProvider:
    """See the module. *url* is another server than PayPay's own, for tests."""

    id = "paypay"
    title = "PayPay"
    gives_back = True

    def __init__(
        self, key: str, secret: str, merchant: str, *, live: bool = False, url: str = "", timeout_s: float = TIMEOUT_S
    ) -> None:
        self._key, self._secret, self._merchant, self._live = key, secret, merchant, live
        self._url, self._timeout_s = url, timeout_s

    @property
    def is_configured(self) -> bool:
        """Tell whether its keys are set."""
        return bool(self._key and self._secret and self._merchant)

    @property
    def methods(self) -> Mapping[str, str]:
        """Return the one way to pay, none before the keys are set and the ward names the provider."""
        return {"code": "PayPay"} if self.is_configured and is_used(self.id) else {}

    @cached_property
    def _client(self) -> Any:
        with warnings.catch_warnings():  # it asks for its own version by the old pkg_resources
            warnings.simplefilter("ignore", UserWarning)
            import paypayopa

        where = {"base_url": self._url} if self._url else {}
        client = paypayopa.Client(auth=(self._key, self._secret), production_mode=self._live, **where)
        client.set_assume_merchant(self._merchant)
        return client

    def start(self, order: StartOrder) -> Started:
        """Make a code; PayPay shows a code's address once only, so a second time is ``KeyUsed``."""
        if order.ref:
            raise KeyUsed(order.ref)
        asked = {
            "merchantPaymentId": order.key,
            "amount": {"amount": order.amount_yen, "currency": CURRENCY},
            "codeType": "ORDER_QR",
            "orderDescription": order.title[:255],
            "isAuthorization": False,
            "redirectUrl": order.return_url,
            "redirectType": "WEB_LINK",
            "requestedAt": int(clock.now().timestamp()),
        }
        code, data = self._ask(self._client.Code.create_qr_code, asked)
        if code == "DUPLICATE_DYNAMIC_QR_REQUEST":
            raise KeyUsed(order.key)
        if code != "SUCCESS":
            raise ProviderUnreachable(code)
        return Started(order.key, str(data["url"]))

    def confirm(self, ref: str, *, amount_yen: int, key: str) -> Report:
        """Read how the payment stands: a code collects at once, there is nothing to confirm."""
        return self._now(ref, key)

    def cancel(self, ref: str, *, key: str) -> Report:
        """Read how the payment stands: a code that is not used expires by itself."""
        return self._now(ref, key)

    def refund(self, ref: str, *, amount_yen: int, key: str) -> Report:
        """Give money back, after reading whether that was done already."""
        code, data = self._ask(self._client.Payment.refund_details, key)
        if code == "NO_SUCH_REFUND_ORDER":
            code, data = self._give_back(ref, amount_yen, key)
        if code in _REFUSALS:
            return Report(f"{key}:answer", "refund_refuse", key, amount_yen, clock.now(), key=key)
        if code not in ("SUCCESS", "REQUEST_ACCEPTED"):
            raise ProviderUnreachable(code)
        failed = data.get("status") == "FAILED"
        kind: ReportKind = "refund_sent" if code != "SUCCESS" else "refund_fail" if failed else "refund_done"
        said = data.get("amount") or {}
        yen = yen_of(said.get("amount"), said.get("currency")) if said else None
        return Report(f"{key}:answer", kind, key, yen, clock.now(), key=key)

    def _give_back(self, ref: str, amount_yen: int, key: str) -> tuple[str, dict[str, Any]]:
        _, paid = self._ask(self._client.Code.get_payment_details, ref)
        if "paymentId" not in paid:
            raise ProviderUnreachable(ref)
        asked = {
            "merchantRefundId": key,
            "paymentId": paid["paymentId"],
            "amount": {"amount": amount_yen, "currency": CURRENCY},
            "requestedAt": int(clock.now().timestamp()),
        }
        return self._ask(self._client.Payment.refund_payment, asked)

    def look_up(self, ref: str) -> Report | None:
        """Return where a payment stands, None while the code waits or when PayPay does not know it."""
        code, data = self._ask(self._client.Code.get_payment_details, ref)
        if code == "DYNAMIC_QR_PAYMENT_NOT_FOUND":
            return None
        if code != "SUCCESS":
            raise ProviderUnreachable(code)
        kind = _STATES.get(str(data.get("status")))
        if kind is None:
            return None
        said = data.get("amount") or {}
        yen = yen_of(said.get("amount"), said.get("currency"))
        at = data.get("acceptedAt")
        happened_at = datetime.fromtimestamp(at, UTC) if isinstance(at, int) and at > 0 else clock.now()
        return Report(f"{ref}:{kind}", kind, ref, yen, happened_at, key=ref, also=str(data.get("paymentId") or ""))

    def read_notification(self, headers: Mapping[str, str], body: bytes, *, at: datetime) -> list[Report]:
        """Ask PayPay about the payment a notification names. One for another merchant is refused."""
        said: Any = json.loads(body)
        if not isinstance(said, dict) or str(said.get("merchant_id")) != self._merchant:
            raise BadSignature(self.id)
        if said.get("notification_type") != "Transaction":
            return []
        ref = str(said["merchant_order_id"])
        report = self.look_up(ref) if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", ref) else None
        return [report] if report else []

    def read_settlement(self, data: bytes) -> tuple[list[Settled], list[BadRow]]:
        """Read the transaction file."""
        return read_csv(data, LAYOUT)

    def reports_in(self, data: bytes) -> list[Report]:
        """Return nothing: everything was notified."""
        return []

    def _now(self, ref: str, key: str) -> Report:
        report = self.look_up(ref)
        if report is None:
            raise ProviderUnreachable(ref)
        return report

    def _ask(self, call: Callable[..., Any], argument: Any) -> tuple[str, dict[str, Any]]:
        """Return the code and the data of an answer. Whatever is not an answer of PayPay's is not known."""
        import requests

        try:
            answer = call(argument, timeout=self._timeout_s)
            return str(answer["resultInfo"]["code"]), answer.get("data") or {}
        except (requests.RequestException, ValueError, KeyError, TypeError) as error:
            raise ProviderUnreachable(type(error).__name__) from error
