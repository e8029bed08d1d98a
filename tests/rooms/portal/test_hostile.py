"""Hostile input: whatever is posted to whichever form, there is no 500 and no answer of another page is lost."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.support.files import EXE, PDF
from tests.support.journeys import definition_of, start, valid_example

from madoguchi.engines.casework.api import Case
from madoguchi.engines.forms.api import (
    CompiledStep,
    Draft,
    FormVersion,
    compiled_version,
    load_draft,
    merge_answers,
)
from madoguchi.kernel import clock
from madoguchi.rooms.catalogue.api import Procedure, form_of, list_procedures

from .journey import apply_as_guest, ask_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("suginami")]
EXAMPLES = 20
PARTS = 4
"""The forms are shared out so that several test processes can help."""
NASTY = [
    "", " ", "\x00", "0", "-1", "１２３", "9" * 400, "1e309", "NaN", "true", "null", "[]", '{"@raw": 1}', "' OR 1=1 --",
    "<script>alert(1)</script>", "{{ 7*7 }}", "../../etc/passwd", "2026-02-31", "令和99年1月1日", "元", "葛\U000e0100城",
    "\u202eabc", "\ufeff", "👨‍👩‍👧", "a@b.jp\r\nBcc: c@d.jp", "あ" * 3000, "\x1b[2J", "٣", "１６６−００００", "ヶヵ゛",
]  # fmt: skip
TEXTS = st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def one_procedure_per_form() -> list[Procedure]:
    """Return one procedure for each form of the folder that residents can start."""
    found: dict[str, Procedure] = {}
    for procedure in list_procedures():
        if procedure.in_scope:
            found.setdefault(form_of(procedure), procedure)
    return list(found.values())


def names_of(step: CompiledStep) -> list[str]:
    """Return every name a page of this step may post, rows and buttons included."""
    names = [name for item in step.flat() for name in sorted(item.kind.html_names(item.fd, item.id))]
    for group in (item for item in step.fields if item.repeats):
        names += [f"{group.id}.open", f"{group.id}.7.x", group.id]
        names += [
            name
            for child in group.children
            for name in sorted(child.kind.html_names(child.fd, f"{group.id}.0.{child.id}"))
        ]
    return [
        *names,
        "_row_add",
        "_row_save",
        "_row_edit",
        "_row_remove",
        "_row_cancel",
        "_remove_file",
        "_lookup",
        "_save",
    ]


def posts(step: CompiledStep) -> st.SearchStrategy[dict[str, list[str]]]:
    """Generate posts of a step: some names, each once or more, with any text; buttons also with true group ids."""
    groups = [item.id for item in step.fields if item.repeats] or ["x"]
    values = TEXTS | st.sampled_from([f"{group}:{n}" for group in groups for n in ("0", "9", "-1", "x", "")] + groups)
    return st.dictionaries(
        st.sampled_from(names_of(step)), st.lists(values, min_size=1, max_size=2), min_size=1, max_size=14
    )


def attack(client: Client, draft: Draft, step: CompiledStep, post: dict[str, list[str]], then: str) -> None:
    """Post once, by button or by script, and look at one page afterwards."""
    before = Draft.objects.get(pk=draft.pk).answers
    url = f"/apply/{draft.pk}/step/{step.id}/"
    assert client.post(f"{url}autosave/" if then == "autosave" else url, post).status_code < 500
    page = {"row": f"{url}?row={(post.get('_row_edit') or ['x:1'])[0][:40]}", "summary": f"/apply/{draft.pk}/summary/"}
    assert client.get(page.get(then, url)).status_code < 500
    after = Draft.objects.get(pk=draft.pk).answers
    mine = {item.id for item in step.flat()}
    assert {key: value for key, value in before.items() if key not in mine} == {
        key: value for key, value in after.items() if key not in mine
    }


def attacker(client: Client, draft: Draft, answers: dict[str, Any], steps: list[CompiledStep]) -> Callable[[], None]:
    """Return a hypothesis run against one form; each attack begins on the complete draft."""

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )
    @given(data=st.data())
    def run(data: st.DataObject) -> None:
        Draft.objects.filter(pk=draft.pk).update(answers=answers)
        step = data.draw(st.sampled_from(steps))
        attack(client, draft, step, data.draw(posts(step)), data.draw(st.sampled_from(["row", "summary", "autosave"])))

    return run


def test_the_folder_has_forms_to_attack() -> None:
    assert len(one_procedure_per_form()) >= 45


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_no_form_falls_over(part: int, subtests: pytest.Subtests) -> None:
    for procedure in one_procedure_per_form()[part::PARTS]:
        with subtests.test(procedure.form or "general"):
            client = Client()
            draft = Draft.objects.get(pk=start(client, procedure.id).split("/")[2])
            loaded = load_draft(draft.pk, at=clock.now())
            example = valid_example(definition_of(procedure.id))
            answers = {
                key: value for key, value in example.answers.items() if loaded.form.fields[key].fd.type != "my_number"
            }
            merge_answers(loaded, answers, at=clock.now())
            evaluation = loaded.evaluate(at=clock.now())
            attacker(client, draft, answers, [step for step in evaluation.steps if evaluation.may_visit(step.id)])()


@pytest.mark.parametrize("procedure_id", ["tenshutsu", "koki_hokenshikaku_saihakko", "juminhyo_utsushi"])
def test_a_correction_does_not_fall_over(procedure_id: str) -> None:
    client = Client()
    receipt = apply_as_guest(client, procedure_id)
    case = Case.objects.select_related("submission").get(number=receipt.number)
    assert case.submission is not None
    steps = compiled_version(case.submission.form_version_id).steps
    asked = [item for step in steps for item in step.flat() if item.kind.asks and item.id in case.submission.answers]
    ask_for(case, [item.id for item in asked])
    names = [name for item in asked for name in sorted(item.kind.html_names(item.fd, item.id))]
    url = f"/status/{receipt.number}/correct/"

    @settings(max_examples=30, deadline=None, database=None, phases=[Phase.generate])
    @given(post=st.dictionaries(st.sampled_from(names), TEXTS, max_size=10))
    def run(post: dict[str, str]) -> None:
        assert client.post(url, post).status_code < 500
        assert client.get(f"/status/{receipt.number}/").status_code == 200

    run()
    assert client.post(url, {"fee_yen": "0"}).status_code in {302, 422}


@pytest.fixture
def first_page() -> tuple[Client, str]:
    """Return a browser on the first page of 転出届."""
    client = Client()
    return client, start(client, "tenshutsu")


@pytest.mark.parametrize(
    "name", ["is_admin", "applicant", "applicant.extra", "fee_yen", "members.0.x.y", "answers[0]", "csrf"]
)
def test_unknown_fields_are_refused(first_page: tuple[Client, str], name: str) -> None:
    client, url = first_page
    response = client.post(url, {"phone": "03-0000-1234", name: "1"})
    assert response.status_code == 422
    assert Draft.objects.get().answers == {}
    assert "03-0000-1234" not in response.content.decode()


def test_only_files_can_be_removed_as_files() -> None:
    client = Client()
    draft = Draft.objects.get(pk=start(client, "tenshutsu").split("/")[2])
    merge_answers(
        load_draft(draft.pk, at=clock.now()), valid_example(definition_of("tenshutsu")).answers, at=clock.now()
    )
    before = Draft.objects.get().answers["members"]
    assert client.post(f"/apply/{draft.pk}/step/people/", {"_remove_file": "members:x"}).status_code < 500
    assert Draft.objects.get().answers["members"] == before


def test_too_much_is_refused_and_the_draft_stays(first_page: tuple[Client, str]) -> None:
    client, url = first_page
    client.post(url, {"phone": "03-0000-1234"})
    assert client.post(url, {"phone": "9" * 2_000_000}).status_code in {400, 413}
    many = "&".join(f"x{n}=1" for n in range(1500)).encode()
    assert client.generic("POST", url, many, content_type="application/x-www-form-urlencoded").status_code in {400, 413}
    assert Draft.objects.get().answers["phone"] == "03-0000-1234"


def test_bodies_that_are_no_form(first_page: tuple[Client, str]) -> None:
    client, url = first_page
    bodies: list[tuple[bytes, str]] = [
        (b"phone=%ff%fe%00", "application/x-www-form-urlencoded"),
        (b"\xff\xfe\x00=\x00", "application/x-www-form-urlencoded"),
        (b'{"phone": 1}', "application/json"),
        (b"--x\r\nContent-Disposition: form-data; name=phone\r\n", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data; boundary=" + "x" * 100),
        (b"phone=1", "text/plain; charset=utf-99"),
    ]
    for body, type in bodies:
        assert client.generic("POST", url, body, content_type=type).status_code < 500


@pytest.mark.parametrize(
    "path",
    [
        "step/nowhere/",
        "step/who/?row=x:y",
        "step/who/?row=members:99999999",
        "step/who/?change=%00",
        "summary/?x=%ff",
        "receipt.pdf",
    ],
)
def test_odd_addresses(first_page: tuple[Client, str], path: str) -> None:
    client, url = first_page
    assert client.get(url.split("step/")[0] + path).status_code < 500


@pytest.mark.parametrize(
    ("number", "code"), [("\x00", "\x00"), ("R08-" + "9" * 500, "x" * 500), ("R08-0000001-1", "ＡＢＣ"), ("", "")]
)
def test_odd_numbers_and_codes(number: str, code: str) -> None:
    assert Client().post("/status/", {"number": number, "code": code}).status_code == 200
    assert Client().post("/apply/resume/", {"code": code}).status_code == 200
    assert Client().get("/search/", {"q": number + code}).status_code == 200


def file_page(client: Client) -> tuple[str, str]:
    """Return the address of a page with a file question, all before it answered, and the question's id."""
    draft_id = start(client, "juminhyo_utsushi").split("/")[2]
    loaded = load_draft(draft_id, at=clock.now())  # type: ignore[arg-type]
    for example in definition_of("juminhyo_utsushi").examples:
        answers = {key: value for key, value in example.answers.items() if loaded.form.fields[key].fd.type != "file"}
        merge_answers(loaded, answers, at=clock.now())
        evaluation = loaded.evaluate(at=clock.now())
        for step in evaluation.steps:
            asked = next(
                (item for item in step.flat() if item.fd.type == "file" and item.id in evaluation.visible), None
            )
            if asked is not None and evaluation.may_visit(step.id):
                return f"/apply/{draft_id}/step/{step.id}/", asked.id
    raise AssertionError("no example asks for a file")


def test_files_are_judged_by_their_content() -> None:
    client = Client()
    url, name = file_page(client)
    refused = client.post(url, {name: SimpleUploadedFile("a.pdf", EXE, "application/pdf")})
    assert refused.status_code == 200
    assert not Draft.objects.get().answers.get(name)
    client.post(url, {name: SimpleUploadedFile("a.pdf", PDF, "application/octet-stream")})
    assert Draft.objects.get().answers[name][0]["type"] == "application/pdf"
    client.post(url, {"_remove_file": f"{name}:not-a-file"})
    client.post(url, {"_remove_file": f"elsewhere:{Draft.objects.get().answers[name][0]['id']}"})
    assert len(Draft.objects.get().answers[name]) == 1


def test_the_versions_are_untouched() -> None:
    count = FormVersion.objects.count()
    client = Client()
    for _ in range(3):
        attackable = start(client, "tenshutsu")
        client.post(attackable, {"phone": random.choice(NASTY)})
    assert FormVersion.objects.count() == count
