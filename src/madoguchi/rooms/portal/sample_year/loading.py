"""Making the sample year and writing it in bulk.

Owns the order: arrivals, answers, histories, tables, one audit record. Does nothing when sample cases are there already.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import random
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from madoguchi.engines.casework import api as casework
from madoguchi.engines.forms import api as forms
from madoguchi.engines.identity.api import staff_of_sections
from madoguchi.kernel import audit, municipality
from madoguchi.kernel.access import Actor
from madoguchi.kernel.bulk import insert_rows
from madoguchi.kernel.calendar import fiscal_year
from madoguchi.kernel.clock import TOKYO
from madoguchi.rooms.catalogue.api import Procedure, counts_by_year, departments, facts_of, form_of, list_procedures
from madoguchi.rooms.portal.sample_year import answers as writing
from madoguchi.rooms.portal.sample_year.files import SAMPLE_BYTES
from madoguchi.rooms.portal.sample_year.issued import issue_samples
from madoguchi.rooms.portal.sample_year.money import Purse
from madoguchi.rooms.portal.sample_year.paths import draw_fate, draw_path, path_to
from madoguchi.rooms.portal.sample_year.plan import Arrival, Clockwork, Year, spread
from madoguchi.rooms.portal.sample_year.post import originals_by_post
from madoguchi.rooms.portal.sample_year.talks import Talker
from madoguchi.rooms.portal.sample_year.walks import Asked, Clerk, OfficeDays, Walk, Walker

SEED = 20260401
LOADER = Actor(kind="system", id="sample", name="サンプル")
SHARE_LATE, SHARE_STUCK = 0.07, 0.04


@dataclass(frozen=True, slots=True)
class SampleReport:
    """What was made; all zero when the sample year was there already."""

    cases: int = 0
    events: int = 0
    corrections: int = 0
    payments: int = 0
    documents: int = 0
    skipped: int = 0
    """Applications left out because no example of the form is valid on their day."""


@dataclass(slots=True)
class _Load:
    """What is gathered before it is written."""

    submissions: list[forms.Submission] = field(default_factory=list)
    attachments: list[forms.Attachment] = field(default_factory=list)
    cases: list[casework.PastCase] = field(default_factory=list)
    skipped: int = 0


def load_sample_year(*, at: dt.datetime, size: int = 6000, seed: int = SEED) -> SampleReport:
    """Make about *size* cases from 1 April of the fiscal year before last to *at* and write them in one transaction.

    Does nothing when a sample case exists. Raises NotFound before a municipality folder was loaded.
    """
    if casework.Case.objects.filter(is_sample=True).exists():
        return SampleReport()
    maker = _Maker(at=at, rng=random.Random(seed))  # noqa: S311 - sample data, not secrets
    load = maker.make(size)
    with transaction.atomic():
        _write_files(load.attachments)
        insert_rows(load.submissions)
        insert_rows(load.attachments)
        cases = casework.import_cases(load.cases, calendar=municipality.current().calendar)
        konbini = next(iter(municipality.current().section("payments")), {}).get("konbini") or {}
        payments = maker.purse.write(str(konbini.get("company_code", "0")))
        documents = issue_samples(until=at)
        report = SampleReport(
            cases=len(cases),
            payments=payments,
            documents=documents,
            events=sum(len(item.events) + 1 for item in load.cases) + documents,
            corrections=sum(len(item.corrections) for item in load.cases),
            skipped=load.skipped,
        )
        counts = {"cases": report.cases, "events": report.events, "seed": seed}
        audit.record(actor=LOADER, action="sample.loaded", subject="sample:year", payload=counts, at=at)
    return report


def _write_files(attachments: Iterable[forms.Attachment]) -> None:
    """Store each shared sample file once."""
    for attachment in {item.stored: item for item in attachments}.values():
        if not default_storage.exists(attachment.stored):
            default_storage.save(attachment.stored, ContentFile(SAMPLE_BYTES[attachment.stored.rsplit(".", 1)[-1]]))


class _Maker:
    """Makes the cases of one sample year."""

    def __init__(self, *, at: dt.datetime, rng: random.Random) -> None:
        self.at, self.rng = at, rng
        today = at.astimezone(TOKYO).date()
        first = dt.date(fiscal_year(today) - 1, 4, 1)
        calendar = municipality.current().calendar
        self.days = OfficeDays(calendar, first, today + dt.timedelta(days=500))
        counted = (row for rows in counts_by_year().values() for row in rows)
        self.counts = {(row.procedure, row.fiscal_year): (row.total, row.online) for row in counted}
        shares = {key: online / total for key, (total, online) in self.counts.items() if total}
        self.clockwork = Clockwork(Year(first, at, self.days, shares), rng)
        self.this_year = fiscal_year(today)
        self.purse = Purse(first, at, rng)
        self.staff = _staff_by_section(at)
        self.talker = Talker(days=self.days, until=at, seed=SEED)
        self._forms: dict[str, tuple[uuid.UUID, forms.CompiledForm, list[forms.Example]]] = {}
        self._workflows: dict[str, tuple[uuid.UUID, casework.WorkflowDefinition]] = {}

    def make(self, size: int) -> _Load:
        """Return everything that is to be written, oldest application first."""
        procedures = [item for item in (*list_procedures(), *list_procedures(staff=True)) if item.in_scope]
        exhibits = self._exhibits(procedures, limit=size // 4)
        counted = [(item, self.counts.get((item.id, self.this_year), (1, 0))[0]) for item in procedures]
        arrivals = list(exhibits)
        for procedure, count in spread(counted, size - len(exhibits)):
            arrivals += self.clockwork.arrivals(procedure, count)
        arrivals.sort(key=lambda item: item.at)
        load = _Load()
        for arrival in arrivals:
            self._add(arrival, load)
        return load

    def _exhibits(self, procedures: Sequence[Procedure], *, limit: int) -> list[Arrival]:
        """Return applications so that every state of the procedures with a form of their own has somebody in it."""
        shown = [item for item in procedures if item.form]
        shown.sort(
            key=lambda item: (
                not self.staff.get(item.department),
                -self.counts.get((item.id, self.this_year), (0, 0))[0],
            )
        )
        found: list[Arrival] = []
        for procedure in shown:
            _, workflow = self._workflow(procedure)
            for state in workflow.states:
                within = max(0, min(8, (procedure.standard_days or 10) - 2))
                ago = self.rng.randint(0, within) + (5 if state.kind == "done" else 0)
                found.append(self.clockwork.exhibit(procedure, state.id, office_days_ago=ago))
            if len(found) > limit:
                break
        return found[:limit]

    def _add(self, arrival: Arrival, load: _Load) -> None:
        version_id, form, examples = self._form(form_of(arrival.procedure), arrival)
        draft_id = uuid.UUID(int=self.rng.getrandbits(128), version=4)
        written = self._answers(form, examples, arrival) if examples else None
        if written is None:
            load.skipped += 1
            return
        answers = written.evaluation.effective_answers()
        load.submissions.append(
            forms.build_submission(
                written.evaluation,
                draft_id=draft_id,
                form_version_id=version_id,
                procedure_id=arrival.procedure.id,
                lang=arrival.lang,
                channel=arrival.channel,
                at=arrival.at,
            )
        )
        load.attachments += [_attachment(item, draft_id, arrival.at) for item in written.files]
        load.cases.append(self._case(arrival, load.submissions[-1], form, answers, written))

    def _answers(
        self, form: forms.CompiledForm, examples: list[forms.Example], arrival: Arrival
    ) -> writing.SampleAnswers | None:
        email = f"shimin{self.rng.randint(1000, 9999)}@example.jp"
        for example in self.rng.sample(examples, len(examples)):
            writer = writing.Writer(form, example, at=arrival.at, channel=arrival.channel, email=email, rng=self.rng)
            written = writer.write()
            if written is not None:
                return written
        return None

    def _case(
        self,
        arrival: Arrival,
        submission: forms.Submission,
        form: forms.CompiledForm,
        answers: dict[str, Any],
        written: writing.SampleAnswers,
    ) -> casework.PastCase:
        procedure = arrival.procedure
        version_id, workflow = self._workflow(procedure)
        name, kana = forms.person_of(form, answers)
        staff = self.staff.get(procedure.department, [])
        clerk = self.rng.choice(staff) if staff and arrival.channel != "online" else None
        walk = self._walk(arrival, workflow, staff, lambda: self._ask(written.evaluation))
        if arrival.channel == "online":
            self.talker.talk(walk, received_at=arrival.at, lang=arrival.lang, staff=staff)
        charging = {step.id for step in workflow.transitions if step.charge}
        self.purse.charge(procedure, submission, walk.events, charging)
        originals = originals_by_post(submission, walk.events, workflow)
        return casework.PastCase(
            submission_id=submission.id,
            procedure=facts_of(procedure),
            workflow_version_id=version_id,
            applicant=casework.Applicant(
                name=name, kana=kana, email=forms.email_of(form, answers), language=arrival.lang
            ),
            channel=arrival.channel,
            received_at=arrival.at,
            lookup_secret=forms.draft_code(submission.draft_id),
            opened_by_ref=clerk.ref if clerk else "guest:anonymous" if arrival.channel == "online" else LOADER.ref,
            opened_by_name=clerk.name if clerk else "",
            events=walk.events,
            corrections=walk.corrections,
            originals=originals,
            is_sample=True,
        )

    def _walk(self, arrival: Arrival, workflow: casework.WorkflowDefinition, staff: list[Clerk], ask: Any) -> Walk:
        walker = Walker(workflow, days=self.days, staff=staff, until=self.at, ask=ask, rng=self.rng)
        if arrival.target:
            path = path_to(workflow, arrival.target) or []
            walker.at_once = True
            return walker.walk(path, received_at=arrival.at, office_days=0)
        standard = arrival.procedure.standard_days
        path = draw_path(workflow, draw_fate(self.rng), self.rng)
        if self.rng.random() < SHARE_STUCK and (self.at - arrival.at).days < 150:
            path = path[: self.rng.randint(0, max(len(path) - 1, 0))]
        return walker.walk(path, received_at=arrival.at, office_days=self._office_days(standard))

    def _office_days(self, standard: int | None) -> int:
        """Draw how long the office takes: mostly under the standard days, some late; a few days where none are set."""
        if standard is None:
            return min(round(self.rng.expovariate(0.3)), 25)
        if self.rng.random() < SHARE_LATE:
            return standard + 1 + round(standard * self.rng.random() * 0.6)
        return round(standard * self.rng.betavariate(3, 2.2))

    def _ask(self, evaluation: forms.Evaluation) -> Asked:
        """Return one or two questions to correct and how they are mended."""
        fields = writing.correctable(evaluation)
        self.rng.shuffle(fields)
        wanted = 1 + (self.rng.random() < 0.3)
        chosen: list[dict[str, Any]] = []
        for item in fields:
            change = writing.mend(evaluation, item, self.rng) if len(chosen) < wanted else None
            chosen += [change] if change else []
        if chosen:
            return [change["field"] for change in chosen], chosen
        asked = next(
            item
            for step in evaluation.steps
            for item in step.flat()
            if item.kind.asks and item.id in evaluation.visible
        )
        return [asked.id], []

    def _form(self, form_id: str, arrival: Arrival) -> tuple[uuid.UUID, forms.CompiledForm, list[forms.Example]]:
        """Return the version now in force (the sample does not know older ones) with its valid examples."""
        if form_id not in self._forms:
            version_id = forms.version_in_force(form_id, self.at.astimezone(TOKYO).date())
            form = forms.compiled_version(version_id)
            self._forms[form_id] = (version_id, form, [item for item in form.definition.examples if item.expect.valid])
        return self._forms[form_id]

    def _workflow(self, procedure: Procedure) -> tuple[uuid.UUID, casework.WorkflowDefinition]:
        if procedure.workflow not in self._workflows:
            version_id = casework.current_version_id(procedure.workflow)
            self._workflows[procedure.workflow] = (version_id, casework.definition_of(version_id))
        return self._workflows[procedure.workflow]


def _attachment(sample: writing.SampleFile, draft_id: uuid.UUID, at: dt.datetime) -> forms.Attachment:
    return forms.Attachment(
        id=sample.id,
        draft_id=draft_id,
        field_id=sample.field_id,
        name=sample.name,
        size=len(SAMPLE_BYTES[sample.kind]),
        media_type=writing.MEDIA_TYPES[sample.kind],
        sha256=hashlib.sha256(SAMPLE_BYTES[sample.kind]).hexdigest(),
        stored=f"attachments/sample.{sample.kind}",
        created_at=at,
    )


def _staff_by_section(at: dt.datetime) -> dict[str, list[Clerk]]:
    """Return the sample staff by section with their roles, as the municipality folder lists them."""
    roles = {
        (row["name"], post["department"]): post["role"]
        for row in municipality.current().section("staff")
        for post in row["posts"]
    }
    found: dict[str, list[Clerk]] = defaultdict(list)
    for person in staff_of_sections(set(departments()), at=at):
        role = roles.get((person.name, person.section), "")
        if role in {"clerk", "section_chief"}:
            found[person.section].append(Clerk(person.ref, person.name, role))
    return dict(found)
