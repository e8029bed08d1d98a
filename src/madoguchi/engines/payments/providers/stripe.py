"""Stripe through its SDK: a Checkout Session that authorises a card, captured by us. Owns the calls and their faults only."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from .base import BadSignature, ProviderUnreachable, Report, StartOrder
from .checkout import CURRENCY, Back, Flow, HostedCheckout, Refused, Session, yen_of
from .settlement import Layout

if TYPE_CHECKING:
    import stripe

LAYOUT: Final = Layout(
    {
        "ref": "payment_intent_id",
        "refund_ref": "source_id",
        "kind": "reporting_category",
        "gross": "gross",
        "fee": "fee",
        "on": "created",
        "currency": "currency",
    },
    frozenset({"charge"}),
    frozenset({"refund"}),
    frozenset({"refund_failure"}),
    ignored_words=frozenset({"payout", "fee"}),
)
"""The report “Itemized payout reconciliation” (all columns). Unverified against a file of the ward's own account."""


class StripeProvider(HostedCheckout):
    """See the module. *proof* is the secret that signs the notifications."""

    id = "stripe"
    title = "Stripe"
    methods_offered: Mapping[str, str] = {"card": "クレジットカード"}
    layout = LAYOUT

    @cached_property
    def _client(self) -> stripe.StripeClient:
        import stripe

        door = stripe.RequestsClient(timeout=self._timeout_s)
        where: Any = {"base_addresses": {"api": self._url}} if self._url else {}
        return stripe.StripeClient(self._key, http_client=door, max_network_retries=0, **where)

    def create_session(self, order: StartOrder) -> Session:
        """Open a Checkout Session; cards only, captured later, our key in its metadata."""
        metadata = {"payment": order.key}
        item = {"currency": CURRENCY, "unit_amount": order.amount_yen, "product_data": {"name": order.title}}
        asked: Any = {
            "mode": "payment",
            "payment_method_types": ["card"],
            "line_items": [{"price_data": item, "quantity": 1}],
            "client_reference_id": order.key,
            "metadata": metadata,
            "payment_intent_data": {"capture_method": "manual", "metadata": metadata},
            "success_url": order.return_url,
            "cancel_url": order.cancel_url,
        }
        with _faults():
            return _session(self._client.v1.checkout.sessions.create(asked, {"idempotency_key": order.key}))

    def read_session(self, ref: str) -> Session:
        """Return a Checkout Session."""
        with _faults():
            return _session(self._client.v1.checkout.sessions.retrieve(ref))

    def expire_session(self, ref: str, *, key: str) -> None:
        """Expire a Checkout Session."""
        with _faults():
            self._client.v1.checkout.sessions.expire(ref, None, {"idempotency_key": key})

    def read_flow(self, ref: str) -> Flow:
        """Return a PaymentIntent."""
        with _faults():
            return _flow(self._client.v1.payment_intents.retrieve(ref))

    def capture_flow(self, ref: str, *, amount_yen: int, key: str) -> Flow:
        """Capture a PaymentIntent."""
        with _faults():
            return _flow(
                self._client.v1.payment_intents.capture(
                    ref, {"amount_to_capture": amount_yen}, {"idempotency_key": key}
                )
            )

    def cancel_flow(self, ref: str, *, key: str) -> Flow:
        """Cancel a PaymentIntent."""
        with _faults():
            return _flow(self._client.v1.payment_intents.cancel(ref, None, {"idempotency_key": key}))

    def create_refund(self, flow: str, *, amount_yen: int, key: str) -> Back:
        """Refund a part of a PaymentIntent."""
        with _faults():
            return _back(
                self._client.v1.refunds.create(
                    {"payment_intent": flow, "amount": amount_yen, "metadata": {"refund": key}},
                    {"idempotency_key": key},
                )
            )

    def read_refund(self, ref: str) -> Back:
        """Return a refund."""
        with _faults():
            return _back(self._client.v1.refunds.retrieve(ref))

    def read_notification(self, headers: Mapping[str, str], body: bytes, *, at: datetime) -> list[Report]:
        """Read an event whose signature the SDK has checked (five minutes of tolerance)."""
        import stripe

        try:
            event = self._client.construct_event(body, headers.get("Stripe-Signature", ""), self._proof)
        except stripe.SignatureVerificationError as error:
            raise BadSignature(self.id) from error
        item: dict[str, Any] = json.loads(body)["data"]["object"]
        return self.reports_of_event(event.type, event.id, item, datetime.fromtimestamp(event.created, UTC))


def _session(made: stripe.checkout.Session) -> Session:
    flow = made.payment_intent
    return Session(
        made.id, made.status or "", made.url or "", flow if isinstance(flow, str) else flow.id if flow else ""
    )


def _flow(made: stripe.PaymentIntent) -> Flow:
    yen, received = yen_of(made.amount, made.currency), yen_of(made.amount_received, made.currency)
    return Flow(made.id, made.status, yen, received)


def _back(made: stripe.Refund) -> Back:
    return Back(made.id, made.status or "", yen_of(made.amount, made.currency))


@contextmanager
def _faults() -> Iterator[None]:
    """Sort Stripe's faults: what surely was not done is Refused, everything else is not known.

    Wrong keys are not known either: they say nothing of the payment.
    """
    import stripe

    try:
        yield
    except (stripe.CardError, stripe.InvalidRequestError) as error:
        if error.http_status in (400, 402, 404):
            raise Refused(error.code or "") from error
        raise ProviderUnreachable(str(error.http_status)) from error
    except stripe.StripeError as error:
        raise ProviderUnreachable(type(error).__name__) from error
