"""The engine's kinds of personal data for retention: drafts, attachments, answers. Owns their counting, export and erasure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import Q, QuerySet

from madoguchi.engines.forms.models import Attachment, Draft, DraftHand, Prefill, Submission, Upload
from madoguchi.kernel.retention import DataClass, ExportFile, Holding, How, data_classes

_ERASED: dict[str, Any] = {"answers": {}, "normalised": {}, "owner_ref": "", "mandate": ""}


def register() -> None:
    """Register the classes."""
    for item in (
        DataClass("drafts", "下書き", _count_drafts, _export_drafts, _erase_drafts, order=10),
        DataClass("attachments", "添付ファイル", _count_files, _export_files, _erase_files, _files, order=20),
        DataClass("answers", "申請の内容", _count_answers, _export_answers, _erase_answers, order=90),
    ):
        data_classes.register(item.id, item)


def _drafts(holding: Holding) -> QuerySet[Draft]:
    mine = Q(pk__in=holding.drafts)
    return Draft.objects.filter(mine | Q(owner_ref=holding.account) if holding.account else mine)


def _count_drafts(holding: Holding) -> int:
    return _drafts(holding).count()


def _export_drafts(holding: Holding) -> list[dict[str, Any]]:
    return [
        {
            "id": str(item.id),
            "procedure": item.procedure_id,
            "answers": readable(item.answers),
            "created_at": item.created_at.isoformat(),
            "updated_at": item.updated_at.isoformat(),
        }
        for item in _drafts(holding)
    ]


def readable(value: Any) -> Any:
    """Return answers as they may leave the house: a sealed number (個人番号) is named, never opened."""
    if isinstance(value, dict):
        return "（封印した番号）" if "sealed" in value else {key: readable(item) for key, item in value.items()}
    return [readable(item) for item in value] if isinstance(value, list) else value


def _erase_drafts(holding: Holding, how: How) -> int:
    """Delete drafts; a draft is never kept without its person. Files of what was handed in are another class."""
    from madoguchi.engines.forms.attachments import delete_attachments, delete_places

    ids = list(_drafts(holding).values_list("pk", flat=True))
    sent = set(Submission.objects.filter(draft_id__in=ids).values_list("draft_id", flat=True))
    delete_attachments([pk for pk in ids if pk not in sent])
    uploads = Upload.objects.filter(draft_id__in=ids)
    delete_places([place for parts in uploads.values_list("parts", flat=True) for place in parts])
    uploads.delete()
    DraftHand.objects.filter(draft_id__in=ids).delete()
    Prefill.objects.filter(draft_id__in=[pk for pk in ids if pk not in sent]).delete()
    return Draft.objects.filter(pk__in=ids).delete()[1].get("forms.Draft", 0)


def _attachments(holding: Holding) -> QuerySet[Attachment]:
    return Attachment.objects.filter(draft_id__in={*holding.drafts, *_drafts(holding).values_list("pk", flat=True)})


def _count_files(holding: Holding) -> int:
    return _attachments(holding).count()


def _export_files(holding: Holding) -> list[dict[str, Any]]:
    return [
        {
            "file": f"{item.id}-{item.name}",
            "size": item.size,
            "type": item.media_type,
            "sent_at": item.created_at.isoformat(),
        }
        for item in _attachments(holding)
    ]


def _files(holding: Holding) -> Iterator[ExportFile]:
    from madoguchi.engines.forms.scanning import states_of

    rows = list(_attachments(holding))
    states = states_of(item.id for item in rows)
    for item in rows:
        if states[item.id] == "open" and default_storage.exists(item.stored):
            yield ExportFile(f"{item.id}-{item.name}", lambda place=item.stored: _read(place))  # type: ignore[misc]


def _read(place: str) -> bytes:
    with default_storage.open(place, "rb") as stream:
        return stream.read()


def _erase_files(holding: Holding, how: How) -> int:
    """Delete the files whichever way is asked: a picture of a paper cannot be made anonymous."""
    from madoguchi.engines.forms.attachments import erase_files

    return erase_files(_attachments(holding))


def _submissions(holding: Holding) -> QuerySet[Submission]:
    return Submission.objects.filter(draft_id__in=holding.drafts)


def _count_answers(holding: Holding) -> int:
    return _submissions(holding).exclude(answers={}).count()


def _export_answers(holding: Holding) -> list[dict[str, Any]]:
    return [
        {
            "procedure": item.procedure_id,
            "answers": readable(item.answers),
            "papers": item.papers,
            "fee_yen": item.fee_yen,
            "submitted_at": item.submitted_at.isoformat(),
        }
        for item in _submissions(holding)
    ]


def _erase_answers(holding: Holding, how: How) -> int:
    Prefill.objects.filter(draft_id__in=holding.drafts).delete()
    if how == "anonymise":
        return _submissions(holding).update(**_ERASED)
    DraftHand.objects.filter(draft_id__in=holding.drafts).delete()
    return _submissions(holding).delete()[1].get("forms.Submission", 0)
