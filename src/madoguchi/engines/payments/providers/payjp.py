"""PAY.JP through its v2 SDK: a hosted Checkout Session with 3-D Secure, captured by us. Owns the calls and their faults only."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from .base import BadSignature, ProviderUnreachable, Report, StartOrder
from .checkout import CURRENCY, Back, Flow, HostedCheckout, Refused, Session, yen_of
from .settlement import Layout

if TYPE_CHECKING:
    import payjpv2

HEADER: Final = "X-Payjp-Webhook-Token"
LAYOUT: Final = Layout(
    {
        "ref": "resource_id",
        "kind": "type",
        "gross": "amount",
        "fee": "fee",
        "on": "created_at",
        "currency": "currency",
    },
    frozenset({"payment"}),
    frozenset({"refund"}),
)
"""The fields of a payment transaction of the API as columns. Unverified: check the CSV of the ward's own account."""


class PayjpProvider(HostedCheckout):
    """See the module. *proof* is the account's token, which every notification carries."""

    id = "payjp"
    title = "PAY.JP"
    methods_offered: Mapping[str, str] = {"card": "クレジットカード"}
    layout = LAYOUT

    @cached_property
    def _door(self) -> payjpv2.ApiClient:
        import payjpv2

        where: Any = {"host": self._url} if self._url else {}
        return payjpv2.ApiClient(payjpv2.Configuration(access_token=self._key, retries=0, **where))

    def create_session(self, order: StartOrder) -> Session:
        """Open a Checkout Session; cards only, 3-D Secure always, captured later, our key in its metadata."""
        import payjpv2

        metadata = {"payment": order.key}
        request = payjpv2.CheckoutSessionCreateRequest.from_dict(
            {
                "mode": "payment",
                "ui_mode": "hosted",
                "payment_method_types": ["card"],
                "payment_method_options": {"card": {"request_three_d_secure": "any"}},
                "line_items": [
                    {
                        "quantity": 1,
                        "price_data": {
                            "currency": CURRENCY,
                            "unit_amount": order.amount_yen,
                            "product_data": {"name": order.title},
                        },
                    }
                ],
                "currency": CURRENCY,
                "client_reference_id": order.key,
                "metadata": metadata,
                "payment_flow_data": {"capture_method": "manual", "metadata": metadata},
                "redirect_options": {"include_client_secret": False},
                "success_url": order.return_url,
                "cancel_url": order.cancel_url,
            }
        )
        assert request is not None
        with _faults():
            sessions = payjpv2.CheckoutSessionsApi(self._door)
            return _session(
                sessions.create_checkout_session(request, idempotency_key=order.key, request_timeout=self._timeout_s)
            )

    def read_session(self, ref: str) -> Session:
        """Return a Checkout Session."""
        import payjpv2

        with _faults():
            sessions = payjpv2.CheckoutSessionsApi(self._door)
            return _session(sessions.get_checkout_session(ref, request_timeout=self._timeout_s))

    def expire_session(self, ref: str, *, key: str) -> None:
        """Expire a Checkout Session."""
        import payjpv2

        with _faults():
            sessions = payjpv2.CheckoutSessionsApi(self._door)
            sessions.expire_checkout_session(ref, idempotency_key=key, request_timeout=self._timeout_s)

    def read_flow(self, ref: str) -> Flow:
        """Return a PaymentFlow."""
        import payjpv2

        with _faults():
            return _flow(payjpv2.PaymentFlowsApi(self._door).get_payment_flow(ref, request_timeout=self._timeout_s))

    def capture_flow(self, ref: str, *, amount_yen: int, key: str) -> Flow:
        """Capture a PaymentFlow."""
        import payjpv2

        request = payjpv2.PaymentFlowCaptureRequest(amount_to_capture=amount_yen)
        with _faults():
            flows = payjpv2.PaymentFlowsApi(self._door)
            return _flow(flows.capture_payment_flow(ref, request, idempotency_key=key, request_timeout=self._timeout_s))

    def cancel_flow(self, ref: str, *, key: str) -> Flow:
        """Cancel a PaymentFlow."""
        import payjpv2

        request = payjpv2.PaymentFlowCancelRequest()
        with _faults():
            flows = payjpv2.PaymentFlowsApi(self._door)
            return _flow(flows.cancel_payment_flow(ref, request, idempotency_key=key, request_timeout=self._timeout_s))

    def create_refund(self, flow: str, *, amount_yen: int, key: str) -> Back:
        """Refund a part of a PaymentFlow."""
        import payjpv2

        request = payjpv2.PaymentRefundCreateRequest.from_dict(
            {"payment_flow_id": flow, "amount": amount_yen, "metadata": {"refund": key}}
        )
        assert request is not None
        with _faults():
            refunds = payjpv2.PaymentRefundsApi(self._door)
            return _back(refunds.create_payment_refund(request, idempotency_key=key, request_timeout=self._timeout_s))

    def read_refund(self, ref: str) -> Back:
        """Return a refund."""
        import payjpv2

        with _faults():
            return _back(payjpv2.PaymentRefundsApi(self._door).get_payment_refund(ref, request_timeout=self._timeout_s))

    def read_notification(self, headers: Mapping[str, str], body: bytes, *, at: datetime) -> list[Report]:
        """Read an event that carries the account's token. PAY.JP signs nothing: the token is the proof."""
        if not hmac.compare_digest(headers.get(HEADER, "").encode(), self._proof.encode()):
            raise BadSignature(self.id)
        event: dict[str, Any] = json.loads(body)
        happened_at = datetime.fromisoformat(str(event["created_at"]))
        return self.reports_of_event(str(event["type"]), str(event["id"]), event["data"], happened_at)


def _session(made: payjpv2.CheckoutSessionDetailsResponse) -> Session:
    return Session(made.id, made.status.value, made.url or "", made.payment_flow_id or "")


def _flow(made: payjpv2.PaymentFlowResponse) -> Flow:
    yen, received = yen_of(made.amount, made.currency), yen_of(made.amount_received, made.currency)
    return Flow(made.id, made.status.value, yen, received)


def _back(made: payjpv2.PaymentRefundResponse) -> Back:
    return Back(made.id, made.status.value, yen_of(made.amount, CURRENCY))


@contextmanager
def _faults() -> Iterator[None]:
    """Sort PAY.JP's faults: what surely was not done is Refused, everything else is not known."""
    import payjpv2
    import pydantic
    import urllib3

    try:
        yield
    except payjpv2.ApiException as error:
        if error.status in (400, 402, 404, 422):
            raise Refused(str(error.status)) from error
        raise ProviderUnreachable(str(error.status)) from error
    except (urllib3.exceptions.HTTPError, pydantic.ValidationError, ValueError) as error:
        raise ProviderUnreachable(type(error).__name__) from error
