"""Payment providers as loopback servers: the real SDKs speak to them over HTTP, the answers are built from tests/data/payments.

They are constructed from the providers' documents, not captured (see the README there). Each keeps a book of its own: what
it collected and gave back is the truth the ward's ledger is compared with.
"""

from __future__ import annotations

import copy
import hashlib
import hmac
import json
import re
import threading
import time
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

DATA = Path(__file__).resolve().parents[1] / "data" / "payments"
SECRET, MERCHANT = "whsec_sample", "630945097324937216"


class Double:
    """A provider at 127.0.0.1. ``faults`` are used up by the next requests: ``429``, ``500``, ``html``, ``hang``, ``silent``
    (done, but not answered) or ``declined``; ``ok`` lets one request pass."""

    name: str

    def __init__(self) -> None:
        self.forms: dict[str, Any] = json.loads((DATA / f"{self.name}.json").read_text(encoding="utf-8"))
        self.faults: deque[str] = deque()
        self.said: list[tuple[dict[str, str], bytes]] = []
        self.asked: list[str] = []
        self.count = 0
        double = self

        class Handler(BaseHTTPRequestHandler):
            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                double.asked.append(f"{self.command} {self.path}")
                double.serve(self, self.command, self.path.partition("?")[0], body)

            do_GET = do_POST = do_DELETE = handle_any

            def log_message(self, *_: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def serve(self, handler: BaseHTTPRequestHandler, method: str, path: str, body: str) -> None:
        fault = self.faults.popleft() if self.faults else "ok"
        if fault == "hang":
            time.sleep(1.0)
            return
        if fault == "html":
            self.reply(handler, 502, b"<html>Bad Gateway</html>", "text/html")
            return
        known = fault in self.forms["errors"]
        status, answer = (
            self.fault(fault) if known else self.answer(method, path, self.parse(body), dict(handler.headers.items()))
        )
        if fault == "silent":
            handler.connection.close()
            return
        self.reply(handler, status, json.dumps(answer).encode(), "application/json")

    def reply(self, handler: BaseHTTPRequestHandler, status: int, body: bytes, kind: str) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def new(self, form: str, **values: Any) -> dict[str, Any]:
        return {**copy.deepcopy(self.forms[form]), **values}

    def number(self) -> int:
        self.count += 1
        return self.count

    def fault(self, name: str) -> tuple[int, Any]:
        status, body = self.forms["errors"][name]
        return status, body

    def parse(self, body: str) -> dict[str, Any]:
        return json.loads(body) if body else {}

    def answer(self, method: str, path: str, asked: dict[str, Any], headers: dict[str, str]) -> tuple[int, Any]:
        raise NotImplementedError


class HostedDouble(Double):
    """A provider with checkout sessions and payments of two steps."""

    session_flow: str
    refund_flow: str
    prefix: str
    flows_path: str
    refunds_path: str

    def __init__(self) -> None:
        super().__init__()
        self.sessions: dict[str, dict[str, Any]] = {}
        self.flows: dict[str, dict[str, Any]] = {}
        self.refunds: dict[str, dict[str, Any]] = {}
        self.keys: dict[str, tuple[Any, tuple[int, Any]]] = {}
        self.refund_state = "succeeded"

    @property
    def held_yen(self) -> int:
        back = sum(item["amount"] for item in self.refunds.values() if item["status"] == "succeeded")
        return int(sum(item["amount_received"] for item in self.flows.values()) - back)

    def answer(self, method: str, path: str, asked: dict[str, Any], headers: dict[str, str]) -> tuple[int, Any]:
        key = next((value for name, value in headers.items() if name.lower() == "idempotency-key"), "")
        if key in self.keys and method == "POST":
            before, answer = self.keys[key]
            return answer if before == (path, asked) else self.fault("key_reused")
        answer = self.act(method, path, asked)
        if key and answer[0] < 500:
            self.keys[key] = ((path, asked), copy.deepcopy(answer))
        return answer

    def act(self, method: str, path: str, asked: dict[str, Any]) -> tuple[int, Any]:
        parts = path.removeprefix(self.prefix).strip("/").split("/")
        if parts[:2] == ["checkout", "sessions"]:
            return self.on_session(method, parts[2:], asked)
        if parts[0] == self.flows_path:
            return self.on_flow(parts[1:], asked)
        if parts[0] == self.refunds_path and method == "POST":
            return self.give_back(asked)
        found = self.refunds.get(parts[-1]) if parts[0] == self.refunds_path else None
        return (200, found) if found else self.fault("not_found")

    def on_session(self, method: str, parts: list[str], asked: dict[str, Any]) -> tuple[int, Any]:
        if not parts:
            ref = f"cs_test_{self.number()}"
            yen, key = self.read_order(asked)
            self.sessions[ref] = self.new(
                "session", id=ref, amount_total=yen, amount_subtotal=yen, url=f"https://pay.example.jp/{ref}",
                metadata={"payment": key},
            )  # fmt: skip
            return 200, self.sessions[ref]
        session = self.sessions.get(parts[0])
        if session is None:
            return self.fault("not_found")
        if parts[1:] == ["expire"]:
            session.update(status="expired", url=session["url"] and "")
        return 200, session

    def read_order(self, asked: dict[str, Any]) -> tuple[int, str]:
        raise NotImplementedError

    def on_flow(self, parts: list[str], asked: dict[str, Any]) -> tuple[int, Any]:
        flow = self.flows.get(parts[0])
        if flow is None:
            return self.fault("not_found")
        if parts[1:] and flow["status"] != "requires_capture":
            return self.fault("unexpected_state")
        if parts[1:] == ["capture"]:
            yen = int(asked["amount_to_capture"])
            flow.update(status="succeeded", amount_capturable=0, amount_received=yen)
            self.tell(f"{self.flow_kind}.succeeded", flow)
        elif parts[1:] == ["cancel"]:
            flow.update(status="canceled", amount_capturable=0)
            self.tell(f"{self.flow_kind}.canceled", flow)
        return 200, flow

    @property
    def flow_kind(self) -> str:
        return str(self.forms["flow"]["object"])

    def give_back(self, asked: dict[str, Any]) -> tuple[int, Any]:
        flow, yen = self.flows[asked[self.refund_flow]], int(asked["amount"])
        given = sum(item["amount"] for item in self.refunds.values() if item[self.refund_flow] == flow["id"])
        if given + yen > flow["amount_received"]:
            return self.fault("too_much")
        ref = f"re_{self.number()}"
        key = asked.get("metadata[refund]") or asked["metadata"]["refund"]
        self.refunds[ref] = self.new(
            "refund",
            id=ref,
            amount=yen,
            status=self.refund_state,
            metadata={"refund": key},
            **{self.refund_flow: flow["id"]},
        )
        self.tell("refund.created", self.refunds[ref])
        return 200, self.refunds[ref]

    def finish_refund(self, state: str) -> None:
        for item in self.refunds.values():
            item["status"] = state
            self.tell("refund.updated", item)

    def payer(self, ref: str, action: str) -> None:
        """Do what the payer does on the page: ``pay``, ``fail`` (a card is declined there) or ``leave`` (until it expires)."""
        session = self.sessions[ref]
        if action == "fail":
            self.tell(f"{self.flow_kind}.payment_failed", self.new("flow", id="x", metadata=session["metadata"]))
        elif action == "leave":
            session.update(status="expired")
            self.tell("checkout.session.expired", session)
        else:
            flow = self.new(
                "flow", id=f"{self.session_flow[:2]}_{self.number()}", amount=session["amount_total"],
                amount_capturable=session["amount_total"], metadata=session["metadata"],
            )  # fmt: skip
            self.flows[flow["id"]] = flow
            session.update({"status": "complete", self.session_flow: flow["id"]})
            self.tell("checkout.session.completed", session)
            self.tell(f"{self.flow_kind}.amount_capturable_updated", flow)

    def tell(self, kind: str, item: dict[str, Any]) -> None:
        raise NotImplementedError

    def unknown(self, ref: str) -> list[tuple[dict[str, str], bytes]]:
        start = len(self.said)
        for kind in self.forms["unknown_events"]:
            self.tell(kind, {**self.sessions[ref], "payment_status": "paid"})
        told, self.said = self.said[start:], self.said[:start]
        return told


class StripeDouble(HostedDouble):
    name = "stripe"
    session_flow = refund_flow = "payment_intent"
    prefix, flows_path, refunds_path = "/v1", "payment_intents", "refunds"

    def parse(self, body: str) -> dict[str, Any]:
        return dict(parse_qsl(body))

    def read_order(self, asked: dict[str, Any]) -> tuple[int, str]:
        item = "line_items[0][price_data]"
        assert (asked["mode"], asked[f"{item}[currency]"]) == ("payment", "jpy"), asked
        assert asked["payment_intent_data[capture_method]"] == "manual", asked
        return int(asked[f"{item}[unit_amount]"]), asked["metadata[payment]"]

    def tell(self, kind: str, item: dict[str, Any]) -> None:
        now = int(time.time())
        event = self.new(
            "event", id=f"evt_{self.number()}", type=kind, created=now, data={"object": copy.deepcopy(item)}
        )
        self.said.append(self.signed(json.dumps(event).encode(), now))

    def signed(self, body: bytes, now: int) -> tuple[dict[str, str], bytes]:
        digest = hmac.new(SECRET.encode(), f"{now}.".encode() + body, hashlib.sha256).hexdigest()
        return {"Stripe-Signature": f"t={now},v1={digest}"}, body

    def forged(self, headers: dict[str, str], body: bytes) -> tuple[dict[str, str], bytes]:
        return headers, body.replace(b'"livemode": false', b'"livemode": true')

    def other_amount(self, headers: dict[str, str], body: bytes) -> tuple[dict[str, str], bytes]:
        changed = re.sub(rb'"(amount_total|amount_received|amount_capturable|amount)": [1-9]\d*', rb'"\1": 1', body)
        return self.signed(changed.replace(b'"id": "evt_', b'"id": "evt_x'), int(time.time()))

    def settlement(self) -> str:
        rows = ["balance_transaction_id,created,reporting_category,currency,gross,fee,net,source_id,payment_intent_id"]
        for flow in self.flows.values():
            if flow["amount_received"]:
                rows.append(
                    f"txn_1,2026-11-24 01:02:03,charge,jpy,{flow['amount_received']}.00,22.00,0,ch_1,{flow['id']}"
                )
        rows += [
            f"txn_2,2026-11-24 02:02:03,refund,jpy,-{item['amount']}.00,0.00,0,{ref},{item['payment_intent']}"
            for ref, item in self.refunds.items()
        ]
        return "\n".join([*rows, "txn_3,2026-11-25 01:02:03,payout,jpy,-500,0,0,po_1,", self.bad_row]) + "\n"

    bad_row = "txn_4,2026-11-25 01:02:03,dispute,jpy,-500,0,0,dp_1,pi_9"


class PayjpDouble(HostedDouble):
    name = "payjp"
    session_flow = refund_flow = "payment_flow_id"
    prefix, flows_path, refunds_path = "/v2", "payment_flows", "payment_refunds"

    def read_order(self, asked: dict[str, Any]) -> tuple[int, str]:
        item = asked["line_items"][0]["price_data"]
        assert (asked["mode"], item["currency"]) == ("payment", "jpy"), asked
        assert asked["payment_flow_data"]["capture_method"] == "manual", asked
        assert asked["payment_method_options"]["card"]["request_three_d_secure"] == "any", asked
        return int(item["unit_amount"]), asked["metadata"]["payment"]

    def tell(self, kind: str, item: dict[str, Any]) -> None:
        event = self.new("event", id=f"evnt_{self.number()}", type=kind, data=copy.deepcopy(item))
        self.said.append(({"X-Payjp-Webhook-Token": SECRET}, json.dumps(event).encode()))

    def forged(self, headers: dict[str, str], body: bytes) -> tuple[dict[str, str], bytes]:
        return {"X-Payjp-Webhook-Token": "whook_guess"}, body

    def other_amount(self, headers: dict[str, str], body: bytes) -> tuple[dict[str, str], bytes]:
        changed = re.sub(rb'"(amount_total|amount_received|amount_capturable|amount)": [1-9]\d*', rb'"\1": 1', body)
        return headers, changed.replace(b'"id": "evnt_', b'"id": "evnt_x')

    def settlement(self) -> str:
        rows = ["id,type,resource_id,currency,amount,fee,created_at"]
        for flow in self.flows.values():
            if flow["amount_received"]:
                rows.append(f"ptx_1,payment,{flow['id']},jpy,{flow['amount_received']},18,2026-11-24T01:02:03Z")
        rows += [
            f"ptx_2,refund,{ref},jpy,-{item['amount']},0,2026-11-24T02:02:03Z" for ref, item in self.refunds.items()
        ]
        return "\n".join([*rows, self.bad_row]) + "\n"

    bad_row = "ptx_3,chargeback,pfw_9,jpy,-500,0,2026-11-25T01:02:03Z"


class PayPayDouble(Double):
    name = "paypay"

    def __init__(self) -> None:
        super().__init__()
        self.payments: dict[str, dict[str, Any]] = {}
        self.refunds: dict[str, dict[str, Any]] = {}
        self.wrong_yen = 0

    @property
    def held_yen(self) -> int:
        paid = sum(
            item["amount"]["amount"] for item in self.payments.values() if item["status"] in ("COMPLETED", "REFUNDED")
        )
        return int(paid - sum(item["amount"]["amount"] for item in self.refunds.values()))

    def fault(self, name: str) -> tuple[int, Any]:
        status, code = self.forms["errors"][name]
        return status, {"resultInfo": {"code": code, "message": code, "codeId": "0"}}

    def answer(self, method: str, path: str, asked: dict[str, Any], headers: dict[str, str]) -> tuple[int, Any]:
        if not headers.get("Authorization", "").startswith("hmac OPA-Auth:"):
            return self.fault("no_key")
        ref = path.rstrip("/").rpartition("/")[2]
        if path == "/v2/codes":
            return self.make(asked)
        if path.startswith("/v2/codes/payments/"):
            found = self.payments.get(ref)
            return self.done(self.shown(found)) if found else self.fault("not_found")
        if method == "GET":
            return self.done(self.refunds[ref]) if ref in self.refunds else self.fault("no_refund")
        return self.give_back(asked)

    def done(self, data: dict[str, Any]) -> tuple[int, Any]:
        return 200, {"resultInfo": {"code": "SUCCESS", "message": "Success", "codeId": "08100001"}, "data": data}

    def shown(self, payment: dict[str, Any]) -> dict[str, Any]:
        return {**payment, "amount": {"amount": self.wrong_yen or payment["amount"]["amount"], "currency": "JPY"}}

    def make(self, asked: dict[str, Any]) -> tuple[int, Any]:
        key = asked["merchantPaymentId"]
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", key), key
        if key in self.payments:
            return self.fault("key_reused")
        number = f"0413780867040527{self.number():04}"
        self.payments[key] = self.new("payment", paymentId=number, merchantPaymentId=key, amount=asked["amount"])
        return self.done(self.new("code", codeId=number, url=f"https://qr.example.jp/{number}", merchantPaymentId=key))

    def give_back(self, asked: dict[str, Any]) -> tuple[int, Any]:
        paid = next(item for item in self.payments.values() if item["paymentId"] == asked["paymentId"])
        if any(item["paymentId"] == paid["paymentId"] for item in self.refunds.values()):
            return self.fault("second_refund")
        if asked["amount"]["amount"] > paid["amount"]["amount"]:
            return self.fault("too_much")
        key = asked["merchantRefundId"]
        self.refunds[key] = self.new(
            "refund", merchantRefundId=key, paymentId=paid["paymentId"], amount=asked["amount"]
        )
        paid["status"] = "REFUNDED"
        return self.done(self.refunds[key])

    def payer(self, ref: str, action: str) -> None:
        state = {"pay": "COMPLETED", "leave": "EXPIRED", "fail": "CREATED"}[action]
        self.payments[ref]["status"] = state
        if state != "CREATED":
            self.tell("Transaction", self.payments[ref])

    def tell(self, kind: str, item: dict[str, Any]) -> None:
        event = self.new(
            "event", notification_type=kind, merchant_id=MERCHANT, order_id=item["paymentId"], state=item["status"],
            merchant_order_id=item["merchantPaymentId"], order_amount=item["amount"]["amount"],
        )  # fmt: skip
        self.said.append(({}, json.dumps(event).encode()))

    def unknown(self, ref: str) -> list[tuple[dict[str, str], bytes]]:
        start = len(self.said)
        for kind in self.forms["unknown_events"]:
            self.tell(kind, self.payments[ref])
        told, self.said = self.said[start:], self.said[:start]
        return told

    def forged(self, headers: dict[str, str], body: bytes) -> tuple[dict[str, str], bytes]:
        return headers, body.replace(MERCHANT.encode(), b"000000000000000000")

    def other_amount(self, headers: dict[str, str], body: bytes) -> tuple[dict[str, str], bytes]:
        self.wrong_yen = 1
        return headers, body

    def settlement(self) -> str:
        rows = [
            "決済番号,加盟店ID,屋号,店舗ID,店舗名,端末番号/PosID,取引ステータス,取引日時,取引金額,レシート番号,支払い方法,マーチャント決済ID"
        ]
        for key, item in self.payments.items():
            if item["status"] in ("COMPLETED", "REFUNDED"):
                yen = item["amount"]["amount"]
                rows.append(
                    f"{item['paymentId']},{MERCHANT},区,,,,取引完了,2026/11/24 10:01:00,{yen},,PayPay残高,{key}"
                )
        for key, item in self.refunds.items():
            yen = item["amount"]["amount"]
            rows.append(f"{item['paymentId']},{MERCHANT},区,,,,返金完了,2026/11/24 11:01:00,-{yen},,PayPay残高,{key}")
        return "\n".join([*rows, f"1,{MERCHANT},区,,,,取引失敗,2026/11/24 10:01:00,600,,,x", self.bad_row]) + "\n"

    bad_row = f"2,{MERCHANT},区,,,,調整,2026/11/24 10:01:00,600,,PayPay残高,y"
