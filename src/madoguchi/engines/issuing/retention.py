"""The engine's kind of personal data for retention: the papers given to a person, and where they were sent.

The register of issued papers (number, template, hash, day) stays whichever way is asked: it names nobody and proves authenticity.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import QuerySet

from madoguchi.kernel import clock
from madoguchi.kernel.access import SYSTEM
from madoguchi.kernel.retention import DataClass, ExportFile, Holding, How, data_classes

from .models import IssuedDocument


def register() -> None:
    """Register the class."""
    data_classes.register("issued", DataClass("issued", "交付した文書", _count, _export, _erase, _files, order=35))


def _documents(holding: Holding) -> QuerySet[IssuedDocument]:
    return IssuedDocument.objects.filter(case_number__in=holding.cases)


def _count(holding: Holding) -> int:
    return _documents(holding).count()


def _export(holding: Holding) -> list[dict[str, Any]]:
    return [
        {
            "number": item.number,
            "title": item.title.get("ja", "") if isinstance(item.title, dict) else str(item.title),
            "case": item.case_number,
            "issued_on": item.issued_on.isoformat(),
            "file": f"{item.id}.pdf",
        }
        for item in _documents(holding)
    ]


def _files(holding: Holding) -> Iterator[ExportFile]:
    for item in _documents(holding):
        if default_storage.exists(item.stored):
            yield ExportFile(f"{item.id}.pdf", lambda place=item.stored: _read(place))  # type: ignore[misc]


def _read(place: str) -> bytes:
    with default_storage.open(place, "rb") as stream:
        return stream.read()


def _erase(holding: Holding, how: How) -> int:
    """Delete the files and empty the addresses; the register keeps its rows."""
    from .services.delivering import erase_documents

    return erase_documents(holding.cases, actor=SYSTEM, at=clock.now())
