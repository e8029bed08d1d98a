"""Issuing a document: number, file, hash, once per kind; replacing, revoking, delivering; the public check."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pypdfium2
import pytest
import time_machine
from django.core import mail
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, ProgrammingError, transaction
from django.test import Client

from madoguchi.engines.casework.api import Case
from madoguchi.engines.issuing.api import (
    IssuedDocument,
    check_code,
    choose_delivery,
    documents_of_case,
    get_document,
    issue_document,
    mark_handed_over,
    mark_posted,
    open_document,
    revoke_document,
    waiting_deliveries,
)
from madoguchi.engines.issuing.codes import pickup_code
from madoguchi.engines.issuing.jobs import issue as issue_by_itself
from madoguchi.engines.issuing.models import Delivery, DocumentEvent
from madoguchi.engines.payments.api import Line, raise_charge, take_cash
from madoguchi.kernel.access import SYSTEM
from madoguchi.kernel.audit.models import AuditEntry
from madoguchi.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from madoguchi.kernel.jobs import run_pending
from madoguchi.kernel.retention import Holding, erase
from madoguchi.kernel.ui.texts import text

from .conftest import AT, CLERK, GUEST

pytestmark = pytest.mark.django_db
TODAY = AT.date()
Decided = Callable[..., Case]


def issue(case: Case, **keys: object) -> IssuedDocument:
    return issue_document(case, "inu_torokusho", actor=CLERK, at=AT, inputs={"tag": "R8-0012"}, **keys)  # type: ignore[arg-type]


def words_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as found:
        return re.sub(r"\s", "", "".join(page.get_textpage().get_text_range() for page in found))


def pdf_of(document: IssuedDocument) -> bytes:
    with default_storage.open(document.stored) as stream:
        return bytes(stream.read())


def test_a_document_is_issued_with_number_hash_file_and_a_note_on_the_case(decided: Decided) -> None:
    case = decided()
    document = issue(case)
    assert (document.number, document.expires_on) == ("8サ住第1号", date(2027, 11, 4))
    body = pdf_of(document)
    assert document.sha256 == hashlib.sha256(body).hexdigest()
    words = words_of(body)
    for part in (
        "犬の登録証明書",
        "8サ住第1号",
        "令和8年11月5日",
        "見本一郎様",
        "R8-0012",
        "公印省略",
        check_code(document.id),
    ):
        assert part in words
    assert "{" not in words
    assert b"pdfuaid" in body
    assert case.events.get(kind="document_issued").payload["number"] == document.number
    assert AuditEntry.objects.filter(action="issuing.issued", subject=f"document:{document.id}").exists()
    assert issue(decided()).number == "8サ住第2号"


def test_the_applicant_is_told_without_a_word_of_the_document(decided: Decided) -> None:
    case = decided()
    issue(case)
    run_pending()
    letter = mail.outbox[-1]
    assert letter.subject == f"文書を交付しました（受付番号 {case.number}）"
    assert "登録証明書" not in letter.body


def test_what_may_not_be_issued_is_refused(decided: Decided) -> None:
    case = decided()
    with pytest.raises(InvalidInput, match="登録番号"):
        issue_document(case, "inu_torokusho", actor=CLERK, at=AT)
    with pytest.raises(InvalidInput, match="ある日付"):
        issue_document(case, "inu_torokusho", actor=CLERK, at=AT, inputs={"tag": "1", "tagged_on": "2026-02-30"})
    with pytest.raises(Conflict, match="交付できません"):
        issue_document(case, "kofu_tsuchi", actor=CLERK, at=AT)
    with pytest.raises(NotAllowed):
        issue_document(case, "inu_torokusho", actor=GUEST, at=AT, inputs={"tag": "1"})
    with pytest.raises(Conflict):
        issue(decided(outcome=""))
    Case.objects.filter(pk=case.pk).update(applicant_ref=CLERK.ref)
    with pytest.raises(NotAllowed, match="自分"):
        issue(case)
    Case.objects.filter(pk=case.pk).update(applicant_ref="")
    assert not IssuedDocument.objects.exists()
    assert issue(case).number == "8サ住第1号"  # a refusal uses up no number
    with pytest.raises(Conflict, match="すでに交付"):
        issue(case)


def test_nothing_is_issued_before_the_fee_is_paid_when_the_workflow_says_so(decided: Decided) -> None:
    case = decided("juminhyo", "issued")
    charge = raise_charge(
        f"case:{case.number}:fee",
        lines=[Line(title="手数料", account="x", unit_yen=300, quantity=1, rate_id="x")],
        case_number=case.number,
        procedure_id=case.procedure_id,
        section=case.section,
        title="x",
        payer_ref="",
        due_on=None,
        actor=SYSTEM,
        at=AT,
    )
    with pytest.raises(Conflict, match="手数料"):
        issue_document(case, "kofu_tsuchi", actor=CLERK, at=AT)
    cashier = replace(CLERK, permissions=CLERK.permissions | {"payments.cash"})
    take_cash(charge, tendered_yen=300, actor=cashier, at=AT)
    assert issue_document(case, "kofu_tsuchi", actor=CLERK, at=AT).title["ja"] == "交付決定通知書"


def test_a_document_and_its_events_never_change(decided: Decided) -> None:
    document = issue(decided())
    for query in (IssuedDocument.objects.filter(pk=document.pk), document.events.all()):
        with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
            query.update(**({"size": 1} if query.model is IssuedDocument else {"kind": "x"}))
        with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
            query._raw_delete(query.db)


def test_replacing_and_revoking_need_a_reason_and_end_the_validity(decided: Decided) -> None:
    case = decided()
    first = issue(case)
    with pytest.raises(InvalidInput, match="差し替える理由"):
        issue(case, replaces=first)
    second = issue(case, replaces=first, reason="番号の誤り")
    states = {view.document.id: view.state for view in documents_of_case(case.number, today=TODAY)}
    assert states == {first.id: "replaced", second.id: "valid"}
    with pytest.raises(InvalidInput, match="取り消す理由"):
        revoke_document(second, reason=" ", actor=CLERK, at=AT)
    revoke_document(second, reason="二重の登録", actor=CLERK, at=AT)
    view = get_document(case.number, second.id, today=TODAY)
    assert (view.state, view.revoked_reason) == ("revoked", "二重の登録")
    with pytest.raises(Conflict):
        revoke_document(second, reason="x", actor=CLERK, at=AT)
    assert issue(case).number == "8サ住第3号"
    assert "二重の登録" not in "".join(AuditEntry.objects.values_list("payload", flat=True))


def test_the_owner_reads_only_a_valid_document(decided: Decided) -> None:
    document = issue(decided())
    open_document(document, actor=GUEST, at=AT, today=date(2027, 11, 4)).close()
    with pytest.raises(Conflict, match="受け取れません"):
        open_document(document, actor=GUEST, at=AT, today=date(2027, 11, 5))
    open_document(document, actor=CLERK, at=AT, today=date(2027, 11, 5)).close()
    assert AuditEntry.objects.filter(action="issuing.downloaded").count() == 2


def test_post_waits_until_it_is_posted(decided: Decided) -> None:
    case = decided()
    document = issue(case)
    with pytest.raises(InvalidInput, match="住所"):
        choose_delivery(document, "post", actor=GUEST, at=AT, name="見本 一郎")
    delivery = choose_delivery(document, "post", actor=GUEST, at=AT, name="見本 一郎", address="東京都サンプル町1-2-3")
    assert waiting_deliveries({"jumin"}) == [delivery]
    assert waiting_deliveries({"zeimu"}) == []
    with pytest.raises(InvalidInput, match="発送日"):
        mark_posted(delivery, posted_on=TODAY + timedelta(days=1), tracking="", actor=CLERK, at=AT)
    mark_posted(delivery, posted_on=TODAY, tracking="1234", actor=CLERK, at=AT)
    assert waiting_deliveries(None) == []
    with pytest.raises(Conflict):
        choose_delivery(document, "pickup", actor=GUEST, at=AT, desk="hall")
    assert case.events.filter(kind="document_posted").exists()
    assert "サンプル町1-2-3" not in "".join(AuditEntry.objects.values_list("payload", flat=True))


def test_it_is_handed_over_only_to_who_says_the_code(decided: Decided) -> None:
    document = issue(decided())
    with pytest.raises(InvalidInput, match="窓口"):
        choose_delivery(document, "pickup", actor=GUEST, at=AT, desk="nowhere")
    delivery = choose_delivery(document, "pickup", actor=GUEST, at=AT, desk="hall")
    with pytest.raises(InvalidInput, match="受取コード"):
        mark_handed_over(delivery, code=check_code(document.id), actor=CLERK, at=AT)
    mark_handed_over(delivery, code=pickup_code(document.id).lower(), actor=CLERK, at=AT)
    with pytest.raises(Conflict):
        mark_handed_over(delivery, code=pickup_code(document.id), actor=CLERK, at=AT)


def test_what_is_erased_can_still_be_checked(decided: Decided) -> None:
    case = decided()
    document = issue(case)
    choose_delivery(document, "post", actor=GUEST, at=AT, name="見本 一郎", address="東京都")
    open_document(document, actor=GUEST, at=AT, today=TODAY).close()
    second = issue(case, replaces=document, reason="見本 一郎の転居のため")
    keys: dict[str, Any] = {"subject": "case", "scope": "case", "how": "anonymise", "reason": "retention", "rule": "x"}
    holding = Holding(cases=frozenset({case.number}))
    assert erase(holding, ["issued"], actor=SYSTEM, at=AT, **keys) == {"issued": 2}
    assert erase(holding, ["issued"], actor=SYSTEM, at=AT, **keys) == {}
    assert set(DocumentEvent.objects.values_list("reason", flat=True)) == {""}
    assert not DocumentEvent.objects.filter(actor_ref=GUEST.ref).exists()
    with pytest.raises(DatabaseError), transaction.atomic():
        DocumentEvent.objects.update(reason="x")
    document = second
    assert not default_storage.exists(document.stored)
    assert Delivery.objects.get().address == ""
    with pytest.raises(NotFound):
        open_document(document, actor=CLERK, at=AT, today=TODAY)
    assert "真正な文書です" in Client().get(f"/verify/{check_code(document.id)}/").content.decode()


def test_a_decision_brings_its_letter_once(decided: Decided) -> None:
    case = decided("juminhyo", "rejected")
    run_pending()
    document = IssuedDocument.objects.get()
    assert (document.template_id, document.issued_by_ref) == ("refused", SYSTEM.ref)
    words = words_of(pdf_of(document))
    assert "要件に当たらないため" in words
    assert "審査請求をすることができます" in words
    issue_by_itself(case.number, "refused")
    assert IssuedDocument.objects.count() == 1
    assert not [item for item in mail.outbox if "文書を交付" in item.subject]  # the letter of the decision has told it


def test_a_document_of_a_decision_taken_back_is_noticed(decided: Decided) -> None:
    case = decided()
    issue(case)
    (view,) = documents_of_case(case.number, today=TODAY)
    assert not view.disagrees("accepted")
    assert view.disagrees("")
    assert view.disagrees("rejected")


class TestVerify:
    """The public page."""

    def test_the_code_and_the_number_lead_to_the_proof_without_a_person(self, decided: Decided) -> None:
        document = issue(decided())
        code = check_code(document.id)
        page = Client().get(f"/verify/{code.replace('-', '')}/").content.decode()
        for words in ("真正な文書です", "8サ住第1号", "犬の登録証明書", "住民課", "令和9年11月4日"):
            assert words in page
        for secret in ("見本 一郎", "R08-", "一郎", "R8-0012"):
            assert secret not in page
        typed = Client().post("/verify/", {"number": "８サ住 第１号", "code": code.lower()})
        assert typed["Location"] == f"/verify/{code.replace('-', '').lower()}/"
        assert Client().get(typed["Location"]).status_code == 200

    @pytest.mark.parametrize(("number", "wrong"), [("8サ住第2号", False), ("8サ住第1号", True), ("", False)])
    def test_what_is_not_known_is_said_clearly(self, decided: Decided, number: str, wrong: bool) -> None:
        code = check_code(issue(decided()).id)
        answer = Client().post("/verify/", {"number": number, "code": "K7QM-3XTP-9W2H" if wrong else code})
        assert answer.status_code == 422
        assert "交付の記録にありません" in answer.content.decode()
        assert Client().get("/verify/K7QM3XTP9W2H/").status_code == 404

    def test_a_file_is_genuine_only_byte_for_byte(self, decided: Decided) -> None:
        document = issue(decided())
        body = pdf_of(document)
        same = Client().post("/verify/", {"file": SimpleUploadedFile("a.pdf", body)}).content.decode()
        assert "書き換えられていません" in same
        assert document.number in same
        changed = body.replace(b"%PDF-1.7", b"%PDF-1.6")
        assert changed != body
        other = Client().post("/verify/", {"file": SimpleUploadedFile("a.pdf", changed)})
        assert other.status_code == 422
        assert "交付したままのPDFではありません" in other.content.decode()
        url = f"/verify/{check_code(document.id)}/"
        assert "交付したものと違います" in Client().post(url, {"file": io.BytesIO(changed)}).content.decode()
        assert "書き換えられていません" in Client().post(url, {"file": io.BytesIO(body)}).content.decode()
        assert "選んでください" in Client().post(url).content.decode()

    def test_expired_revoked_and_replaced_are_said(self, decided: Decided) -> None:
        case = decided()
        first = issue(case)
        second = issue(case, replaces=first, reason="x")
        revoke_document(second, reason="x", actor=CLERK, at=AT)
        third = issue(case)
        pages = {item: Client().get(f"/verify/{check_code(item.id)}/").content.decode() for item in (first, second)}
        assert "差し替えられています" in pages[first]
        assert "取り消された文書です" in pages[second]
        with time_machine.travel(AT + timedelta(days=400), tick=False):
            assert "有効期限が過ぎています" in Client().get(f"/verify/{check_code(third.id)}/").content.decode()

    def test_guessing_is_slowed_down(self, town: None) -> None:
        codes = [Client().get("/verify/K7QM3XTP9W2H/").status_code for _ in range(32)]
        assert codes[0] == 404
        assert codes[-1] == 403

    @pytest.mark.parametrize("lang", ["easy", "en", "zh", "ko"])
    def test_other_languages_read_their_own_words(self, decided: Decided, lang: str) -> None:
        code = check_code(issue(decided()).id)
        page = Client().get(f"/verify/{code}/?lang={lang}").content.decode()
        assert text("issuing.verify.state_valid", lang) in page
        assert "真正な文書です" not in page
