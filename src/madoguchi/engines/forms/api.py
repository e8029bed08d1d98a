"""The face of the forms engine: definitions compiled, evaluated, drafted, handed in.

Promises: a published version never changes; a submission keeps its version and renders the same for ever; what a person
types is kept exactly as typed; an unanswered question never raises; 個人番号 is sealed before it is stored.

What needs the database is imported on first use, so that this module can be read before Django's apps are ready.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from madoguchi.engines.forms.change_words import TYPES
from madoguchi.engines.forms.checks import FormFault, check_form
from madoguchi.engines.forms.comparison import Change, compare_definitions
from madoguchi.engines.forms.compiler import CompiledField, CompiledForm, CompiledStep, CompileError, compile_form
from madoguchi.engines.forms.conditions import describe_requirement, describe_rule, describe_value, is_described
from madoguchi.engines.forms.evaluation import ChargedFee, Context, Evaluation, evaluate
from madoguchi.engines.forms.logic import CompiledRule, RuleError, compile_rule
from madoguchi.engines.forms.prefill import own_fields, values_of
from madoguchi.engines.forms.schema import ALLOWED_KEYS, Example, Fee, FormDefinition, Step
from madoguchi.engines.forms.sections import fees_of
from madoguchi.engines.forms.types import Problem

if TYPE_CHECKING:
    from madoguchi.engines.forms.adopting import adopt_draft
    from madoguchi.engines.forms.attachments import (
        add_files,
        open_attachment,
        open_preview,
        problem_of,
        remove_file,
        remove_unnamed,
    )
    from madoguchi.engines.forms.covering import cover_branches, expectation_of
    from madoguchi.engines.forms.file_holders import DraftFiles, FileHolder, FileList
    from madoguchi.engines.forms.file_views import FileLinks, dress_files
    from madoguchi.engines.forms.held import take_over_held
    from madoguchi.engines.forms.importing import (
        PaperError,
        Proposal,
        proposal_of,
        propose_form,
        read_paper_form,
        suggest_id,
        to_definition,
    )
    from madoguchi.engines.forms.inspection import Refused
    from madoguchi.engines.forms.models import Attachment, Draft, FormVersion, Submission
    from madoguchi.engines.forms.pages import (
        answer_sections,
        fees_context,
        fields_context,
        papers_context,
        progress_steps,
        step_context,
        summary_context,
    )
    from madoguchi.engines.forms.postal import find_town
    from madoguchi.engines.forms.prefilling import (
        Origin,
        Prefilled,
        clear_values,
        decline_values,
        prefilled,
        use_values,
    )
    from madoguchi.engines.forms.publishing import publish_definitions, publish_fees, publish_version
    from madoguchi.engines.forms.scanning import states_of_draft
    from madoguchi.engines.forms.selectors import (
        FormVersions,
        LoadedDraft,
        VersionFacts,
        compiled_version,
        context_at,
        current_fees,
        draft_code,
        drafts_expiring,
        drafts_held_by,
        drafts_of,
        email_of,
        find_draft,
        hands_of,
        load_draft,
        parts_of,
        person_of,
        published_forms,
        replay,
        version_in_force,
        versions_of,
    )
    from madoguchi.engines.forms.services import (
        add_row,
        build_submission,
        drop_empty_row,
        hand_over,
        merge_answers,
        normalise,
        parse_fields,
        purge_expired_drafts,
        read_fields,
        refuse_unknown,
        remove_row,
        save_fields,
        save_step,
        start_draft,
        start_parts,
        submit_draft,
    )
    from madoguchi.engines.forms.serving import file_response, preview_response
    from madoguchi.engines.forms.sheets.filling import Filling, Reader, Stamp
    from madoguchi.engines.forms.sheets.printing import blank_sheet_pdf, sheet_of, sheets_pdf
    from madoguchi.engines.forms.sheets.values import answer_words
    from madoguchi.engines.forms.uploads import CHUNK_BYTES, WrongOffset, append_piece, begin_upload, finish_upload
    from madoguchi.engines.forms.wording import problem_message

_LAZY = {
    "adopting": ("adopt_draft",),
    "prefilling": ("Origin", "Prefilled", "clear_values", "decline_values", "prefilled", "use_values"),
    "attachments": ("add_files", "open_attachment", "open_preview", "problem_of", "remove_file", "remove_unnamed"),
    "file_holders": ("DraftFiles", "FileHolder", "FileList"),
    "file_views": ("FileLinks", "dress_files"),
    "held": ("take_over_held",),
    "inspection": ("Refused",),
    "scanning": ("states_of_draft",),
    "serving": ("file_response", "preview_response"),
    "uploads": ("CHUNK_BYTES", "WrongOffset", "append_piece", "begin_upload", "finish_upload"),
    "wording": ("problem_message",),
    "models": ("Attachment", "Draft", "FormVersion", "Submission"),
    "pages": (
        "answer_sections", "fees_context", "fields_context", "papers_context", "progress_steps", "step_context", "summary_context",
    ),
    "covering": ("cover_branches", "expectation_of"),
    "importing": ("PaperError", "Proposal", "proposal_of", "propose_form", "read_paper_form", "suggest_id", "to_definition"),
    "postal": ("find_town",),
    "publishing": ("publish_definitions", "publish_fees", "publish_version"),
    "selectors": (
        "FormVersions", "LoadedDraft", "VersionFacts", "compiled_version", "context_at", "current_fees", "draft_code",
        "drafts_expiring", "drafts_held_by", "drafts_of", "email_of", "find_draft", "hands_of", "load_draft", "parts_of", "person_of", "published_forms", "replay",
        "version_in_force", "versions_of",
    ),
    "services": (
        "add_row", "build_submission", "drop_empty_row", "hand_over", "merge_answers", "normalise", "parse_fields", "purge_expired_drafts",
        "read_fields", "refuse_unknown", "remove_row", "save_fields", "save_step", "start_draft", "start_parts", "submit_draft",
    ),
    "sheets.filling": ("Filling", "Reader", "Stamp"),
    "sheets.printing": ("blank_sheet_pdf", "sheet_of", "sheets_pdf"),
    "sheets.values": ("answer_words",),
}  # fmt: skip
_WHERE = {name: module for module, names in _LAZY.items() for name in names}


def __getattr__(name: str) -> Any:
    """Import what needs the database on first use."""
    if name not in _WHERE:
        raise AttributeError(name)
    value = getattr(importlib.import_module(f"madoguchi.engines.forms.{_WHERE[name]}"), name)
    globals()[name] = value
    return value


__all__ = [
    "ALLOWED_KEYS",
    "CHUNK_BYTES",
    "TYPES",
    "Attachment",
    "Change",
    "ChargedFee",
    "CompileError",
    "CompiledField",
    "CompiledForm",
    "CompiledRule",
    "CompiledStep",
    "Context",
    "Draft",
    "DraftFiles",
    "Evaluation",
    "Example",
    "Fee",
    "FileHolder",
    "FileLinks",
    "FileList",
    "Filling",
    "FormDefinition",
    "FormFault",
    "FormVersion",
    "FormVersions",
    "LoadedDraft",
    "Origin",
    "PaperError",
    "Prefilled",
    "Problem",
    "Proposal",
    "Reader",
    "Refused",
    "RuleError",
    "Stamp",
    "Step",
    "Submission",
    "VersionFacts",
    "WrongOffset",
    "add_files",
    "add_row",
    "adopt_draft",
    "answer_sections",
    "answer_words",
    "append_piece",
    "begin_upload",
    "blank_sheet_pdf",
    "build_submission",
    "check_form",
    "clear_values",
    "compare_definitions",
    "compile_form",
    "compile_rule",
    "compiled_version",
    "context_at",
    "cover_branches",
    "current_fees",
    "decline_values",
    "describe_requirement",
    "describe_rule",
    "describe_value",
    "draft_code",
    "drafts_expiring",
    "drafts_held_by",
    "drafts_of",
    "dress_files",
    "drop_empty_row",
    "email_of",
    "evaluate",
    "expectation_of",
    "fees_context",
    "fees_of",
    "fields_context",
    "file_response",
    "find_draft",
    "find_town",
    "finish_upload",
    "hand_over",
    "hands_of",
    "is_described",
    "load_draft",
    "merge_answers",
    "normalise",
    "open_attachment",
    "open_preview",
    "own_fields",
    "papers_context",
    "parse_fields",
    "parts_of",
    "person_of",
    "prefilled",
    "preview_response",
    "problem_message",
    "problem_of",
    "progress_steps",
    "proposal_of",
    "propose_form",
    "publish_definitions",
    "publish_fees",
    "publish_version",
    "published_forms",
    "purge_expired_drafts",
    "read_fields",
    "read_paper_form",
    "refuse_unknown",
    "remove_file",
    "remove_row",
    "remove_unnamed",
    "replay",
    "save_fields",
    "save_step",
    "sheet_of",
    "sheets_pdf",
    "start_draft",
    "start_parts",
    "states_of_draft",
    "step_context",
    "submit_draft",
    "suggest_id",
    "summary_context",
    "take_over_held",
    "to_definition",
    "use_values",
    "values_of",
    "version_in_force",
    "versions_of",
]
