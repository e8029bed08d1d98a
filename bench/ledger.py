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
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAYMENTS = 1_000_000
ROWS = 100_000
HISTORIES_PER_SECOND = 4

_DRAWN = """
WITH i AS (SELECT i, ('00000000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid AS id,
    timestamptz '2024-04-01 09:00+09' + i * interval '80 seconds' AS at, 100 * (1 + i %% 20) AS yen
    FROM generate_series(%(first)s::int, %(last)s::int) AS i)
"""
_FILL = (
    """INSERT INTO payments_charge (id, key, case_number, procedure_id, section, title, payer_ref, raised_at, is_sample)
    SELECT id, 'bench:' || i, 'B' || i, 'p', 's' || i %% 40, '見本の手数料', '', at, true FROM i""",
    """INSERT INTO payments_chargeline (charge_id, seq, title, account, rate_id, unit_yen, quantity, exemption_id,
    exemption_title, exemption_source, percent_off, amount_yen, added_at, added_by)
    SELECT id, 1, '手数料', '手数料', '', yen, 1, '', '', '', 0, yen, at, 'system:bench' FROM i""",
    """INSERT INTO payments_payment (id, charge_id, provider, method, amount_yen, key, provider_ref, started_at, state, paid_at)
    SELECT id, id, 'local', 'code', yen, 'bench:' || i, 'lp_' || i, at, 'paid', at + interval '1 minute' FROM i""",
)


def run(*, seconds: float = 15.0, clients: int = 1) -> dict[str, Any]:
    """Measure in a process of its own with a scratch database and return one flat object (seconds, milliseconds)."""
    var = Path(tempfile.mkdtemp(prefix="mdg-ledger-"))
    env = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    env |= {"MADOGUCHI_VAR": str(var), "MADOGUCHI_ENV": "test", "DJANGO_SETTINGS_MODULE": "madoguchi.config.settings"}
    command = [sys.executable, "-m", "bench.ledger", str(int(seconds * HISTORIES_PER_SECOND)), str(PAYMENTS), str(ROWS)]
    try:
        done = subprocess.run(command, env=env, cwd=ROOT, check=True, stdout=subprocess.PIPE)
        result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return result
    finally:
        shutil.rmtree(var, ignore_errors=True)


def _measure(histories: int, payments: int, rows: int) -> dict[str, Any]:
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
    result: dict[str, Any] = {"histories": histories, "histories_s": _play(histories)}
    if payments:
        result |= {"payments": payments, "fill_s": _fill(payments), "settlement_rows": rows, **_settle(payments, rows)}
    return result


def _play(histories: int) -> float:
    """Play random histories of charges; raises AssertionError at the first that does not add up."""
    import time_machine
    from django.test import Client

    from bench._histories import play
    from madoguchi.engines.payments.providers import local
    from madoguchi.engines.payments.services import Line, on_paid, on_refunded, raise_charge
    from madoguchi.kernel.access import SYSTEM
    from madoguchi.kernel.clock import TOKYO

    on_paid._items.clear()  # the charges belong to no case
    on_refunded._items.clear()
    client = Client()

    def post(url: str, body: bytes, headers: Any) -> None:
        answer = client.post(
            "/pay/notify/local/",
            body,
            content_type="application/json",
            HTTP_MADOGUCHI_PAY_SIGNATURE=headers[local.HEADER],
        )
        if answer.status_code != 200:
            raise RuntimeError(answer.content)

    local.post = post
    began = time.monotonic()
    with time_machine.travel(dt.datetime(2026, 11, 24, 10, 0, tzinfo=TOKYO), tick=False) as traveller:
        for seed in range(histories):
            charge = raise_charge(
                f"history:{seed}", lines=[Line("住民票の写し", "手数料", 300, 2)], case_number=f"H{seed}", procedure_id="p",
                section="kumin", title="住民票の写し", payer_ref="", due_on=None, actor=SYSTEM, at=dt.datetime.now(TOKYO),
            )  # fmt: skip
            play(charge, random.Random(seed), traveller)
            if sys.stderr.isatty():
                print(f"\r{seed + 1:,} / {histories:,}", end="", file=sys.stderr)
    return round(time.monotonic() - began, 1)


def _fill(payments: int) -> float:
    from django.db import connection

    began = time.monotonic()
    with connection.cursor() as cursor:
        for statement in _FILL:
            for first in range(1, payments + 1, 100_000):
                cursor.execute(_DRAWN + statement, {"first": first, "last": min(first + 99_999, payments)})
            cursor.execute("VACUUM ANALYZE payments_charge, payments_payment")
    return round(time.monotonic() - began, 1)


def _settle(payments: int, rows: int) -> dict[str, Any]:
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
        "differences_p95_ms": ms(lambda: list(selectors.differences(actor=CASHIER)[:50])),
        "not_settled_p95_ms": ms(lambda: list(selectors.not_settled(actor=CASHIER, before=now())[:50])),
        "payments_total": payments,
    }


if __name__ == "__main__":
    print(json.dumps(_measure(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
