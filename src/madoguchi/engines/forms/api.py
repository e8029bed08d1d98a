"""The face of the forms engine: definitions compiled, evaluated, drafted, submitted.

Promises: a published version never changes; a submission keeps its version and renders the same for ever; what a person
types is kept exactly as typed; an unanswered question never raises; 個人番号 is sealed before it is stored.
"""

from madoguchi.engines.forms.compiler import CompiledForm, CompileError, compile_form
from madoguchi.engines.forms.evaluation import ChargedFee, Context, Evaluation, evaluate
from madoguchi.engines.forms.logic import CompiledRule, RuleError, compile_rule
from madoguchi.engines.forms.schema import Fee, FormDefinition
from madoguchi.engines.forms.sections import fees_of

__all__ = [
    "ChargedFee",
    "CompileError",
    "CompiledForm",
    "CompiledRule",
    "Context",
    "Evaluation",
    "Fee",
    "FormDefinition",
    "RuleError",
    "compile_form",
    "compile_rule",
    "evaluate",
    "fees_of",
]
