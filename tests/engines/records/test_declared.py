"""Every text column of every table is decided about: erased with its case or person, kept for a reason, or about nobody.

A new table or column fails here until somebody decides. ``ERASED`` promises that a data class empties or deletes it.
"""

from __future__ import annotations

from django.apps import apps
from django.db import models

FOLDER = "自治体フォルダの写し。人のことは書かれない"
STAFF = "職員の記録。職員の退職後は identity の定めによる"
BOOKS = "会計の帳簿。金額と取引の証拠として残す（払った人は payer_ref を空にして外す）"
SHAPE = "種類・状態・番号だけで、人のことは書かれない"
PROOF = "消したこと・残したことの証拠として残す"
WORK = "様式を作る職員の作業。住民の答えは入らない（試しの答えは作った人のもの）"

NOBODY = {
    "kernel.FolderItem": FOLDER, "kernel.FolderLoad": FOLDER, "identity.Department": FOLDER, "identity.Role": FOLDER,
    "forms.FormVersion": FOLDER, "casework.WorkflowVersion": FOLDER, "catalogue.Procedure": FOLDER,
    "catalogue.ProcedureCount": FOLDER, "identity.StaffPost": STAFF, "identity.StaffImport": STAFF, "identity.Elevation": STAFF,
    "issuing.NumberSeries": SHAPE, "payments.DayClosing": BOOKS, "payments.SettlementFile": BOOKS,
    "studio.StudioDraft": WORK, "studio.StudioRevision": WORK, "studio.StudioEvent": WORK, "studio.StudioTrial": WORK,
    "studio.StudioIntake": WORK,
}  # fmt: skip
"""Tables that are bound to no case and no resident."""

ERASED = {
    "identity.Account": "login email name password",
    "identity.Delegation": "principal_name principal_kana delegate_name facility code_hash",
    "identity.SignInMethod": "provider_id issuer subject claims",
    "identity.ResidentProfile": "values",
    "identity.ShownProof": "subject account_ref provider_id provider_title issuer claims",
    "identity.ReceivedSignature": "content_sha256 signature certificate serial issuer subject reasons actor_ref verdict",
    "forms.Draft": "procedure_id answers lang channel owner_ref mandate holder_ref code_hash",
    "forms.DraftHand": "channel actor_ref actor_name",
    "forms.Prefill": "origins declined",
    "forms.Submission": "answers normalised owner_ref mandate",
    "forms.Attachment": "field_id name media_type sha256 original_sha256 stored",
    "forms.FileScan": "signature result",
    "forms.Upload": "field_id name fingerprint parts",
    "casework.Bundle": "applicant_ref lookup_secret_hash",
    "casework.Case": "applicant_name applicant_folded applicant_kana_folded applicant_ref filer_ref mandate contact_email "
    "lookup_secret_hash",
    "casework.CaseEvent": "actor_ref payload",
    "casework.CaseNote": "body author_ref author_name",
    "casework.CaseMessage": "body author_ref author_name",
    "casework.ExpectedOriginal": "paper_id title",
    "casework.CorrectionRequest": "message changes prepared",
    "notices.Notice": "owner email phone case_number letter letter_digest lang channels subject body sms card late dedupe_key",
    "notices.DeliveryAttempt": "channel error_class ref result",
    "notices.Contact": "owner channel value",
    "notices.Choice": "owner kind channels",
    "payments.Charge": "payer_ref",
    "issuing.DocumentEvent": "actor_ref reason",
    "issuing.Delivery": "name address tracking",
}
"""Columns that a data class empties or whose rows it deletes."""

KEPT = {
    PROOF: {
        "kernel.AuditEntry": "actor_ref action subject payload prev_hash hash",
        "kernel.Erasure": "actor_ref subject scope how reason rule counts xact",
        "records.LegalHold": "case_number reason by_ref lifted_by_ref",
        "records.ErasureRequest": "reviewed_by_ref note done_by_ref outcome",
        "records.DataExport": "asked_by_ref purpose stored",
        "identity.Delegation": "kind number scope scope_values",
        "identity.DelegationEvent": "kind actor_ref reason papers",
        "issuing.IssuedDocument": "number template_id template_digest kind title case_number procedure_id section section_name "
        "issued_by_ref sha256 stored code_hash ways",
        "issuing.DocumentEvent": "kind actor_name",
        "issuing.Delivery": "way desk section",
    },
    BOOKS: {
        "payments.Charge": "key case_number procedure_id section title",
        "payments.ChargeLine": "case_number section title account rate_id exemption_id exemption_title exemption_source "
        "exemption_proof added_by",
        "payments.ExemptionCheck": "reason by",
        "payments.Payment": "provider method key provider_ref also_ref state",
        "payments.PaymentEvent": "kind source detail",
        "payments.Refund": "reason case_number provider_ref asked_by state",
        "payments.RefundEvent": "kind source detail",
        "payments.Transfer": "order_number reason account_case",
        "payments.ProviderMessage": "provider message_id kind provider_ref outcome",
        "payments.SettlementRow": "kind provider_ref result message text settled_note settled_by",
        "payments.LocalSession": "ref key method title return_url cancel_url state manner",
        "payments.LocalRefund": "ref key",
    },
    SHAPE: {
        "identity.Account": "kind",
        "forms.Submission": "procedure_id papers fees lang channel",
        "casework.Bundle": "number title language",
        "casework.Case": "number procedure_id procedure_title channel language section state state_kind clock outcome "
        "assignee_ref assignee_name",
        "casework.CaseEvent": "kind transition from_state to_state outcome actor_name",
        "casework.CaseMessage": "side",
        "casework.CorrectionRequest": "fields reason_id asked_by_ref asked_by_name",
        "notices.LinkNonce": "nonce_hash",
    },
    "宛先だけで、だれの案件かは書かれない。届かない宛先に送り続けないために残す": {
        "notices.AddressFault": "channel value reason"
    },
    "短い間だけ持ち、notices・identity が日数で消す": {
        "identity.SignInLink": "email email_hash origin_hash token_hash next_path",
        "notices.HeardEvent": "event_id kind user reply_token",
    },
}
"""Columns that stay, by the reason why."""


def declared() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for table in (ERASED, *KEPT.values()):
        for label, names in table.items():
            twice = found.setdefault(label, set()) & set(names.split())
            assert not twice, f"{label}: {twice} は二度書かれています"
            found[label] |= set(names.split())
    return found


def test_every_text_column_is_erased_or_kept_with_a_reason() -> None:
    words = (models.CharField, models.TextField, models.JSONField, models.BinaryField)
    known, undecided, there = declared(), [], {}
    for config in apps.get_app_configs():
        for model in config.get_models() if config.name.startswith("madoguchi.") else ():
            label = model._meta.label
            if label not in NOBODY:
                there[label] = {item.name for item in model._meta.concrete_fields if isinstance(item, words)}
                undecided += [f"{label}.{name}" for name in there[label] - known.get(label, set())]
    assert not undecided, f"消すか、理由を書いて残すかを決め、この表に書いてください：{sorted(undecided)}"
    gone = [f"{label}.{name}" for label, names in known.items() for name in names - there.get(label, set())]
    assert not gone, f"もうない列です：{sorted(gone)}"
