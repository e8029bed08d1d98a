"""The doctor: what is set, missing or unsafe in this house, each with its mend.

Owns the registry of checks and their running. Engines and rooms register their own checks at start-up; the kernel's own
are in ``doctor_house``. A check only looks; it never changes anything, and its words hold no personal data.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from madoguchi.kernel.registry import Registry

Level = Literal["ok", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check saw. ``id`` is stable for programs;
    ``mend_ja`` says what to do now (empty when all is well).
    """

    level: Level
    id: str
    message_ja: str
    mend_ja: str = ""


Check = Callable[[datetime], list[Finding]]
doctor_checks: Registry[Check] = Registry("健康診断")


def run_checks(*, at: datetime) -> list[Finding]:
    """Run every check in the order of registration and return all findings.

    A check that breaks is itself a finding: the others still run.
    """
    from madoguchi.kernel import doctor_house

    doctor_house.register()
    return [finding for name, check in doctor_checks.items() for finding in _run(name, check, at)]


def worst(findings: list[Finding]) -> Level:
    """Return the worst level among the findings."""
    levels = {finding.level for finding in findings}
    return "bad" if "bad" in levels else "warn" if "warn" in levels else "ok"


def as_dict(findings: list[Finding]) -> dict[str, Any]:
    """Return the findings as plain data for ``madoguchi doctor --json``."""
    return {"level": worst(findings), "findings": [asdict(finding) for finding in findings]}


def _run(name: str, check: Check, at: datetime) -> list[Finding]:
    try:
        return check(at)
    except Exception as error:
        return [
            Finding(
                "bad",
                f"{name}.broken",
                f"確認「{name}」を終えられませんでした（{type(error).__name__}）。",
                "データベースの接続と、実行のログを確かめてください。",
            )
        ]
