"""The face of the records engine.

Promises: nothing goes without a rule of the ward's data, a row in the erasure log and a record in the audit log; what is under a
hold stays; a dry run lists exactly what a run would take.
"""

from .planning import Due, Plan, plan_retention, policy_source
from .rules import policy_of
from .services import RunResult, lift_hold, place_hold, run_retention

__all__ = [
    "Due",
    "Plan",
    "RunResult",
    "lift_hold",
    "place_hold",
    "plan_retention",
    "policy_of",
    "policy_source",
    "run_retention",
]
