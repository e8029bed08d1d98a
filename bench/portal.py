"""Throughput of the portal: clients on the same machine walk a form of two steps with sixteen fields to the receipt.

Method: the journey of ``portal_anchors.md`` §3 (open-forms on two cores: 11–17 requests/s, 0.75 applications/s, 300 MB,
33 s). Every application is nine requests, from the procedure's page to the receipt; all must succeed.
"""

from __future__ import annotations

import http.client
import re
import shutil
import statistics
import tempfile
import threading
import time
import urllib.parse
from pathlib import Path
from typing import Any

from bench._house import ROOT, House

FORM = """
id: bench
title: 計測用の申請
steps:
  - id: one
    title: 申請する方
    fields:
      - {id: applicant, type: person_name, label: お名前}
      - {id: home, type: address, label: 住所}
      - {id: phone, type: phone, label: 電話番号}
      - {id: email, type: email, label: メールアドレス, required: false}
      - {id: birth, type: date, label: 生年月日}
      - {id: whole, type: choice, label: 申請の範囲, options: [{value: all, label: 全部}, {value: some, label: 一部}]}
      - {id: reason, type: text, label: 理由, shown_if: {"==": [{var: whole}, some]}}
      - {id: memo, type: textarea, label: 備考, required: false}
  - id: two
    title: 申請の内容
    fields:
      - {id: copies, type: integer, label: 必要な数, min: 1, max: 20}
      - {id: amount, type: yen, label: 金額}
      - {id: use, type: text, label: 使いみち}
      - {id: start_on, type: date, label: 始める日}
      - {id: end_on, type: date, label: 終わる日, min: {var: start_on}}
      - {id: known, type: yes_no, label: 以前に申請したことがありますか}
      - {id: kinds, type: choices, label: 種類, options: [{value: a, label: あ}, {value: b, label: い}, {value: c, label: う}]}
      - {id: agree, type: consent, label: 内容に誤りがないことを確かめました}
examples:
  - id: plain
    title: ふつうの申請
    answers: {applicant: {family: 計測, given: 太郎, family_kana: ケイソク, given_kana: タロウ},
      home: {postal_code: "1660004", prefecture: 東京都, city: 見本区, town: 本町, block: "1", building: ""},
      phone: "0300000000", birth: "1980-01-02", whole: all, copies: 2, amount: 100, use: 計測, start_on: "2026-11-02",
      end_on: "2026-11-03", known: false, kinds: [a], agree: true}
  - {id: some, title: 一部, answers: {whole: some}, expect: {valid: false}}
"""
PROCEDURE = """
procedures:
  - id: bench
    title: 計測用の手続
    official_name: 計測用の手続
    kana: けいそく
    summary: 計測のための手続です。
    field: 計測
    department: {department}
    who: 誰でも
    fee: {{kind: free, text: 無料}}
    standard_days: 5
    channels: [online]
    online: {{status: full, since: 2025}}
    form: bench
    workflow: general
"""
STEPS: dict[str, dict[str, str]] = {
    "one": {
        "applicant.family": "計測", "applicant.given": "太郎", "applicant.family_kana": "ケイソク",
        "applicant.given_kana": "タロウ", "home.postal_code": "1660004", "home.prefecture": "東京都", "home.city": "見本区",
        "home.town": "本町", "home.block": "1-2-3", "home.building": "", "phone": "0300000000", "birth.y": "1980",
        "birth.m": "1", "birth.d": "2", "whole": "all", "email": "", "memo": "",
    },
    "two": {
        "copies": "2", "amount": "100", "use": "計測", "start_on.y": "2026", "start_on.m": "11", "start_on.d": "2",
        "end_on.y": "2026", "end_on.m": "11", "end_on.d": "3", "known": "0", "kinds": "a", "agree": "1",
    },
}  # fmt: skip


def bench_folder() -> Path:
    """Return a scratch copy of the sample town with the benchmark's procedure."""
    folder = Path(tempfile.mkdtemp(prefix="mdg-bench-folder-")) / "sample-town"
    shutil.copytree(ROOT / "municipalities" / "sample-town", folder)
    (folder / "forms" / "bench.yaml").write_text(FORM, encoding="utf-8")
    departments = (folder / "departments.yaml").read_text(encoding="utf-8")
    section = re.search(r"- (?:\{ ?)?id: (\w+)[^\n]*kind: section", departments) or re.search(r"id: (\w+)", departments)
    assert section is not None
    (folder / "procedures" / "bench.yaml").write_text(PROCEDURE.format(department=section[1]), encoding="utf-8")
    return folder


class Client:
    """One resident with a browser that keeps cookies and its connection."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}
        self.times: list[float] = []
        self.sql: list[int] = []

    def request(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Send one request; return status, location and body."""
        body = None
        headers = {"Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items())}
        if fields is not None:
            body = urllib.parse.urlencode({**fields, "csrfmiddlewaretoken": self.cookies.get("csrftoken", "")})
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        began = time.perf_counter()
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        self.times.append(time.perf_counter() - began)
        for header in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = header.split(";", 1)[0].partition("=")
            self.cookies[name] = value
        self.sql.append(int(answer.headers.get("X-Sql-Count") or 0))
        return answer.status, answer.headers.get("Location") or "", text

    def apply(self) -> str:
        """Walk one application to its receipt and return the receipt number."""
        self.cookies.clear()
        self._expect(self.request("GET", "/procedures/bench/"), 200)
        place = self._expect(self.request("POST", "/apply/start/bench/", {}), 302)
        for name in ("one", "two"):
            self._expect(self.request("GET", place), 200)
            place = self._expect(self.request("POST", place, STEPS[name]), 302)
        self._expect(self.request("GET", place), 200)
        place = self._expect(self.request("POST", place, {"_submit": "1"}), 302)
        _, _, text = self.request("GET", place)
        found = re.search(r"data-receipt-number>([^<]+)<", text)
        if found is None:
            raise RuntimeError("the receipt shows no number")
        return found[1]

    @staticmethod
    def _expect(answer: tuple[int, str, str], status: int) -> str:
        if answer[0] != status:
            raise RuntimeError(f"expected {status}, got {answer[0]}")
        return answer[1]


def _load(port: int, *, clients: int, seconds: float) -> tuple[list[Client], list[str], float]:
    people = [Client(port) for _ in range(clients)]
    numbers: list[str] = []
    faults: list[BaseException] = []
    end = time.monotonic() + seconds

    def walk(person: Client) -> None:
        try:
            while time.monotonic() < end:
                numbers.append(person.apply())
        except BaseException as error:  # handed to the caller below
            faults.append(error)

    began = time.monotonic()
    threads = [threading.Thread(target=walk, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return people, numbers, time.monotonic() - began


def run(*, seconds: float, clients: int) -> dict[str, Any]:
    """Measure and return one flat object (times in ms, memory in MB)."""
    folder = bench_folder()
    house = House(folder, workers=2)
    try:
        house.prepare()
        up, first_answer = house.start("--no-worker")
        _load(house.port, clients=clients, seconds=2)
        people, numbers, took = _load(house.port, clients=clients, seconds=seconds)
        rss = house.web_rss_mb()
        house.stop(keep=True)
        counted = House(folder, workers=1, env={"MADOGUCHI_COUNT_SQL": "1"}, var=house.var)
        counted.start("--no-worker")
        single = Client(counted.port)
        for _ in range(5):
            single.apply()
        counted.stop()
    finally:
        house.stop()
        shutil.rmtree(folder.parent, ignore_errors=True)
    times = sorted(duration for person in people for duration in person.times)
    sql = single.sql[len(single.sql) // 5 :]
    return {
        "requests_per_s": round(len(times) / took, 1),
        "applications_per_s": round(len(numbers) / took, 2),
        "applications": len(numbers),
        "doubled": len(numbers) - len(set(numbers)),
        "sql_per_request": round(statistics.mean(sql), 2),
        "sql_per_request_max": max(sql),
        "web_rss_mb": round(rss, 1),
        "first_answer_s": round(first_answer, 2),
        "up_s": round(up, 2),
        "p50_ms": round(times[len(times) // 2] * 1000, 1),
        "p95_ms": round(times[int(len(times) * 0.95)] * 1000, 1),
        "clients": clients,
    }
