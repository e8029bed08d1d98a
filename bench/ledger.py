"""The ledger with a million payments: matching a settlement file, the staff's pages, and random histories that must add up.

Method: a fresh embedded PostgreSQL, one million paid charges made in the database, ANALYZE, then a settlement file of
100,000 rows (one in a hundred unknown, of a wrong amount or doubled) is read in and matched. ``histories`` are played one by
one (see ``_histories``); the first that loses, doubles or pays a yen twice stops the run. Goals: matching < 60 s, pages < 200 ms.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAYMENTS = 1_000_000
HISTORIES_PER_SECOND = 4
CORES = 2

_DRAWN = """
WITH i AS (SELECT i, ('00000000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid AS id,
    timestamptz '2024-04-01 09:00+09' + i * interval '80 seconds' AS at, 100 * (1 + i %% 20) AS yen
    FROM generate_series(%(first)s::int, %(last)s::int) AS i)
"""
_FILL = (
    """INSERT INTO payments_charge (id, key, case_number, procedure_id, section, title, payer_ref, raised_at, is_sample)
    SELECT id, 'bench:' || i, 'B' || i, 'p', 's' || i %% 40, '見本の手数料', '', at, true FROM i""",
    """INSERT INTO payments_chargeline (charge_id, seq, case_number, section, title, account, rate_id, unit_yen, quantity,
    exemption_id, exemption_title, exemption_source, exemption_proof, percent_off, amount_yen, added_at, added_by)
    SELECT id, 1, '', '', '手数料', '手数料', '', yen, 1, '', '', '', '', 0, yen, at, 'system:bench' FROM i""",
    """INSERT INTO payments_payment (id, charge_id, provider, method, amount_yen, key, provider_ref, started_at, state, paid_at)
    SELECT id, id, 'local', 'code', yen, 'bench:' || i, 'lp_' || i, at, 'paid', at + interval '1 minute' FROM i""",
)


def run(
    *, seconds: float = 15.0, clients: int = 1, histories: int | None = None, payments: int = PAYMENTS
) -> dict[str, Any]:
    """Measure in processes of their own with scratch databases and return one flat object (seconds, milliseconds).

    With *histories* only so many histories are played, on both cores; else also the ledger is filled with *payments* and a
    file of a tenth as many rows is matched.
    """
    if histories is None:
        return _in_process(0, int(seconds * HISTORIES_PER_SECOND), payments, payments // 10)
    began = time.monotonic()
    share = -(-histories // CORES)
    with ThreadPoolExecutor(CORES) as pool:
        parts = [
            pool.submit(_in_process, first, min(share, histories - first), 0, 0) for first in range(0, histories, share)
        ]
        played = [part.result() for part in parts]
    whole = time.monotonic() - began
    result = {
        "histories": sum(part["histories"] for part in played),
        "wall_s": round(whole, 1),
        "processes": len(parts),
    }
    kinds = sorted({key for part in played for key in part if key.startswith("seen_")})
    return result | {key: sum(part.get(key, 0) for part in played) for key in kinds}


def _in_process(first: int, histories: int, payments: int, rows: int) -> dict[str, Any]:
    var = Path(tempfile.mkdtemp(prefix="mdg-ledger-"))
    env = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    env |= {"MADOGUCHI_VAR": str(var), "MADOGUCHI_ENV": "test", "DJANGO_SETTINGS_MODULE": "madoguchi.config.settings"}
    command = [sys.executable, "-m", "bench.ledger", *(str(number) for number in (first, histories, payments, rows))]
    try:
        done = subprocess.run(command, env=env, cwd=ROOT, check=True, stdout=subprocess.PIPE)
        result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return result
    finally:
        shutil.rmtree(var, ignore_errors=True)


def _measure(first: int, histories: int, payments: int, rows: int) -> dict[str, Any]:
    from madoguchi.config.database import ensure_database_url

    ensure_database_url(durable=False)
    import django

    django.setup()
    from django.core.management import call_command

    from madoguchi.kernel import municipality
    from madoguchi.kernel.access import SYSTEM
    from madoguchi.kernel.clock import now

    call_command("migrate", verbosity=0)
    municipality.load_folder(ROOT / "municipalities" / "sample-town", actor=SYSTEM, at=now())
    result: dict[str, Any] = {"histories": histories, "histories_s": _play(first, histories), **_seen()}
    if payments:
        result |= {"payments": payments, "fill_s": _fill(payments), "settlement_rows": rows, **settle(payments, rows)}
    return result


def _play(first: int, histories: int) -> float:
    """Play random histories of charges from seed *first* on; raises AssertionError at the first that does not add up."""
    import time_machine

    from bench._histories import play
    from madoguchi.engines.payments.providers.base import providers
    from madoguchi.engines.payments.services import Line, on_paid, on_refunded, raise_charge
    from madoguchi.kernel.access import SYSTEM
    from madoguchi.kernel.clock import TOKYO

    on_paid._items.clear()  # the charges belong to no case
    on_refunded._items.clear()
    real = dict(providers._items)
    began = time.monotonic()
    with time_machine.travel(dt.datetime(2026, 11, 24, 10, 0, tzinfo=TOKYO), tick=False) as traveller:
        for seed in range(first, first + histories):
            charge = raise_charge(
                f"history:{seed}", lines=[Line("住民票の写し", "手数料", 300, 2)], case_number=f"H{seed}", procedure_id="p",
                section="kumin", title="住民票の写し", payer_ref="", due_on=None, actor=SYSTEM, at=dt.datetime.now(TOKYO),
            )  # fmt: skip
            try:
                play(charge, random.Random(seed), traveller)
            except Exception as error:
                raise RuntimeError(f"seed {seed}") from error
            traveller.shift(dt.timedelta(days=4))  # what is open is not asked after any more
            if sys.stderr.isatty():
                print(f"\r{seed + 1 - first:,} / {histories:,}", end="", file=sys.stderr)
    providers._items.update(real)  # the histories put their books in their places
    return round(time.monotonic() - began, 1)


def _seen() -> dict[str, int]:
    """Return what the histories were made of: counts of what happened in them."""
    from madoguchi.engines.payments.models import (
        ChargeLine,
        Payment,
        PaymentEvent,
        ProviderMessage,
        Refund,
        SettlementRow,
    )

    return {
        "seen_payments": Payment.objects.count(),
        "seen_paid": Payment.objects.filter(state="paid").count(),
        "seen_cash": Payment.objects.filter(provider="cash").count(),
        "seen_events_of_no_effect": PaymentEvent.objects.filter(counted=False).count(),
        "seen_notifications_again": ProviderMessage.objects.filter(times__gt=1).count(),
        "seen_corrections": ChargeLine.objects.filter(amount_yen__lt=0).count(),
        "seen_refunds_done": Refund.objects.filter(state="done").count(),
        "seen_refunds_refused": Refund.objects.filter(state="refused").count(),
        "seen_refunds_come_back": Refund.objects.filter(state="failed", transfer=None).count(),
        "seen_transfers": Refund.objects.filter(transfer__isnull=False).count(),
        "seen_transfers_failed": Refund.objects.filter(transfer__isnull=False, state="failed").count(),
        "seen_settlement_rows": SettlementRow.objects.count(),
    }


def _fill(payments: int) -> float:
    from django.db import connection

    began = time.monotonic()
    add_paid_charges(payments)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE payments_charge, payments_payment")
    return round(time.monotonic() - began, 1)


def add_paid_charges(count: int) -> None:
    """Make *count* paid charges of one line each in the database: cases B1 …, references lp_1 …"""
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in _FILL:
            for first in range(1, count + 1, 100_000):
                cursor.execute(_DRAWN + statement, {"first": first, "last": min(first + 99_999, count)})


def settle(payments: int, rows: int) -> dict[str, Any]:
    """Read a settlement file of *rows* rows in (of each hundred one unknown, one of a wrong amount, one doubled); time pages."""
    from bench._histories import CASHIER
    from madoguchi.engines.payments import selectors, services
    from madoguchi.kernel.clock import now

    lines = ["取引番号,区分,金額,手数料,処理日"]
    for i in range(1, rows + 1):
        wrong = i % 100
        ref = f"lp_{i - 1 if wrong == 3 else i}" if wrong != 1 else f"lp_unknown_{i}"
        yen = 100 * (1 + (i - 1 if wrong == 3 else i) % 20) + (1 if wrong == 2 else 0)
        lines.append(f"{ref},売上,{yen},3,2026-11-24")
    data = "\n".join(lines).encode()
    began = time.monotonic()
    file = services.read_settlement("local", name="bench.csv", data=data, actor=CASHIER, at=now())
    matching = time.monotonic() - began
    counts = services.counts_of(file)

    def ms(ask: Any) -> float:
        times = []
        for _ in range(20):
            start = time.perf_counter()
            ask()
            times.append((time.perf_counter() - start) * 1000)
        return round(statistics.quantiles(times, n=20)[18], 1)

    return {
        "matching_s": round(matching, 1),
        **{f"rows_{key}": count for key, count in sorted(counts.items())},
        "ledger_page_p95_ms": ms(lambda: selectors.ledger(selectors.LedgerQuery(), actor=CASHIER)),
        "ledger_number_p95_ms": ms(lambda: selectors.ledger(selectors.LedgerQuery(number="B77777"), actor=CASHIER)),
        "charges_of_case_p95_ms": ms(lambda: selectors.charges_of_case("B77777")),
        "differences_p95_ms": ms(lambda: list(selectors.differences(actor=CASHIER)[:50])),
        "not_settled_p95_ms": ms(lambda: list(selectors.not_settled(actor=CASHIER, before=now())[:50])),
        "payments_total": payments,
    }


if __name__ == "__main__":
    print(json.dumps(_measure(*(int(word) for word in sys.argv[1:5]))))
