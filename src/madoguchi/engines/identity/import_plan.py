"""What a list of staff would change: who is new, whose data or posts change, and which rows are wrong. No Django, no writes.

The same rows against the same records always give the same plan; rows that are in already change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from .rules import COLUMNS, Fault, Office, Period, PostRow, StaffRow, covered_until, read_staff_row
from .staff_file import Row

PostKey = tuple[str, str, date]
"""Department, role and first day: what makes two posts of a person the same."""


@dataclass(slots=True)
class Held:
    """A member of staff as stored; ``posts`` gives the last day of each post."""

    id: int
    name: str
    email: str
    is_active: bool
    from_folder: bool
    posts: dict[PostKey, date | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored and must be fitted: people by login, the owner of each address, who may look after staff.

    ``administration`` holds every post in the roles that look after staff, by login and key, of active accounts.
    """

    office: Office
    people: Mapping[str, Held]
    mail_owners: Mapping[str, str]
    own_login: str
    administrator_roles: frozenset[str]
    administration: Mapping[tuple[str, PostKey], date | None]
    day: date


@dataclass(slots=True)
class PersonPlan:
    """What the good rows say about one person; ``held`` is ``None`` for somebody new."""

    row: StaffRow
    held: Held | None
    number: int
    posts: dict[PostKey, date | None] = field(default_factory=dict)

    @property
    def renamed(self) -> bool:
        """Tell whether the stored name or address becomes another."""
        return self.held is not None and (self.held.name, self.held.email) != (self.row.name, self.row.email)

    @property
    def new_posts(self) -> dict[PostKey, date | None]:
        """Return the posts that are not stored just so."""
        held = self.held.posts if self.held else {}
        return {key: last for key, last in self.posts.items() if key not in held or held[key] != last}

    @property
    def changes(self) -> bool:
        """Tell whether anything is written."""
        return self.held is None or self.renamed or bool(self.new_posts)


@dataclass(frozen=True, slots=True)
class WrongRow:
    """A row that cannot go in, and why."""

    row: Row
    faults: list[Fault]


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do."""

    people: list[PersonPlan]
    wrong: list[WrongRow]

    @property
    def new(self) -> list[PersonPlan]:
        """Return the people who would be registered."""
        return [person for person in self.people if person.held is None]

    @property
    def changed(self) -> list[PersonPlan]:
        """Return the registered people whose data or posts would change."""
        return [person for person in self.people if person.held is not None and person.changes]

    @property
    def same(self) -> int:
        """Return how many people are registered just so already."""
        return len(self.people) - len(self.new) - len(self.changed)


def make_plan(rows: Iterable[Row], known: Known) -> Plan:
    """Return what these rows would do. A person's rows are judged one by one: good ones go in without the wrong ones."""
    rows = list(rows)
    people, wrong = _pass(rows, known, shortening=frozenset())
    if _administration_shrinks(people, known):
        people, wrong = _pass(rows, known, shortening=_shortening(people, known))
    return Plan(list(people.values()), wrong)


def _pass(
    rows: list[Row], known: Known, *, shortening: frozenset[tuple[str, PostKey]]
) -> tuple[dict[str, PersonPlan], list[WrongRow]]:
    people: dict[str, PersonPlan] = {}
    owners: dict[str, str] = {}
    wrong: list[WrongRow] = []
    for row in rows:
        read, faults = read_staff_row(row.values, known.office)
        if extra := row.values.get("extra"):
            words = f"見出しのない列に「{extra[:60]}」があります。"
            faults = [
                *faults,
                Fault("extra", words, "コンマの位置を確かめてください。直すと、この値は取り除かれます。"),
            ]
        if read is not None and not faults:
            faults = _misfits(read, people.get(read.login), known, owners)
            if (read.login, _key(read.post)) in shortening:
                mend = "先に、ほかの職員を管理者の役割に就けてください。"
                faults.append(Fault("valid_to", "職員を管理できる人がいなくなります。", mend))
        if read is None or faults:
            wrong.append(WrongRow(row, faults))
            continue
        person = people.setdefault(read.login, PersonPlan(read, known.people.get(read.login), row.number))
        person.posts[_key(read.post)] = read.post.valid_to
        if read.email:
            owners[read.email.casefold()] = read.login
    return people, wrong


def _misfits(read: StaffRow, before: PersonPlan | None, known: Known, owners: Mapping[str, str]) -> list[Fault]:
    """Return how a row, right in itself, does not fit the other rows and what is stored."""
    held = known.people.get(read.login)
    faults = [*_against_rows(read, before), *_against_mail(read, known, owners)]
    if held is not None:
        faults += _against_record(read, held, known)
    return sorted(faults, key=lambda fault: list(COLUMNS).index(fault.column))


def _against_rows(read: StaffRow, before: PersonPlan | None) -> list[Fault]:
    if before is None:
        return []
    faults = []
    for column in ("name", "email"):
        if getattr(read, column) != getattr(before.row, column):
            words = f"同じ人の{before.number}行目と、{COLUMNS[column]}が違います。"
            faults.append(Fault(column, words, "どちらかに揃えてください。"))
    key = _key(read.post)
    if key in before.posts and before.posts[key] != read.post.valid_to:
        words = "同じ人の同じ職がほかの行にもあり、終了日が違います。"
        faults.append(Fault("valid_to", words, "どちらかの行を取り除いてください。"))
    return faults


def _against_mail(read: StaffRow, known: Known, owners: Mapping[str, str]) -> list[Fault]:
    address = read.email.casefold()
    owner = owners.get(address) or known.mail_owners.get(address)
    if not address or owner in (None, read.login):
        return []
    return [Fault("email", "このメールアドレスは、ほかの職員が使っています。", "本人のアドレスか確かめてください。")]


def _against_record(read: StaffRow, held: Held, known: Known) -> list[Fault]:
    faults = []
    for column in ("name", "email"):
        if held.from_folder and getattr(read, column) != getattr(held, column):
            words = f"{COLUMNS[column]}が、自治体フォルダーの内容と違います。"
            faults.append(Fault(column, words, "フォルダーの staff.yaml を直すか、同じにしてください。"))
    key = _key(read.post)
    if key not in held.posts or held.posts[key] != read.post.valid_to:
        if read.login == known.own_login:
            faults.append(Fault("login", "自分の職は変えられません。", "ほかの管理者に依頼してください。"))
        elif not held.is_active:
            faults.append(
                Fault("login", "この職員のアカウントは停止しています。", "先にアカウントを再開してください。")
            )
    return faults


def _key(post: PostRow) -> PostKey:
    return post.department, post.role, post.valid_from


def _administration_after(people: Mapping[str, PersonPlan], known: Known) -> dict[tuple[str, PostKey], date | None]:
    after = dict(known.administration)
    for login, person in people.items():
        for key, last in person.new_posts.items():
            if key[1] in known.administrator_roles:
                after[login, key] = last
    return after


def _administration_shrinks(people: Mapping[str, PersonPlan], known: Known) -> bool:
    after = covered_until(_periods(_administration_after(people, known)), known.day)
    return after < covered_until(_periods(known.administration), known.day)


def _shortening(people: Mapping[str, PersonPlan], known: Known) -> frozenset[tuple[str, PostKey]]:
    """Return the posts of administrators whose last day these rows would bring nearer."""
    after = _administration_after(people, known)
    return frozenset(one for one, last in known.administration.items() if (after[one] or date.max) < (last or date.max))


def _periods(posts: Mapping[tuple[str, PostKey], date | None]) -> list[Period]:
    return [(key[2], last) for (_, key), last in posts.items()]
