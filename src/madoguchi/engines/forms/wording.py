"""Problems in words: which sentence tells a resident what to mend.

Owns the choice of the message for a problem. The sentences themselves are in ``texts/messages.yaml``.
"""

from __future__ import annotations

from typing import Any

from madoguchi.engines.forms.compiler import CompiledForm
from madoguchi.engines.forms.messages import message
from madoguchi.engines.forms.types import Problem
from madoguchi.engines.forms.types.dates import show_date
from madoguchi.kernel.l10n import to_text

_CHOOSES = frozenset({"choice", "choices", "yes_no", "relationship"})
_NUMBERS = frozenset({"integer", "decimal", "yen", "insured_number"})


def problem_message(problem: Problem, form: CompiledForm, lang: str) -> str:
    """Return the sentence for a problem in *lang*."""
    if problem.text is not None:
        return to_text(problem.text).get(lang)
    fd = form.fields[problem.field].fd
    label = fd.label.get(lang)
    if problem.part and problem.part in form.fields[problem.field].kind.parts:
        part = message(f"part.{problem.part}", lang)
        label = f"{label}: {part}" if lang in {"en", "ko"} else f"{label}：{part}"
    params: dict[str, Any] = {"label": label, **problem.params}
    return message(_key(problem, fd.type, params, lang), lang, params)


def _key(problem: Problem, field_type: str, params: dict[str, Any], lang: str) -> str:
    code = problem.code
    if code == "required":
        if field_type in _CHOOSES or problem.part == "kind":
            return "error.required_choice"
        return f"error.required_{field_type}" if field_type in {"consent", "file"} else "error.required"
    if code == "type":
        if field_type in {"date", "year_month"}:
            return "error.type_date"
        return "error.type_number" if field_type in _NUMBERS else "error.type"
    if code in {"min", "max"} and field_type == "date":
        for key in ("min", "max"):
            if params.get(key):
                params[key] = show_date(str(params[key]), lang)
        return f"error.{code}_date"
    if code in {"min", "max"} and field_type in {"year_month", "time"}:
        return f"error.{code}_date"
    return f"error.{code}"
