"""Pure decisions about staff: what is right about a person and a post, and whether an administrator stays. No Django."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from madoguchi.kernel.calendar import parse_date_ja
from madoguchi.kernel.errors import InvalidInput

COLUMNS = {
    "login": "ログインID",
    "name": "氏名",
    "email": "メールアドレス",
    "department": "所属",
    "role": "役割",
    "valid_from": "発令日",
    "valid_to": "終了日",
}
"""What is known about a member of staff and a post, by the name of its field."""

NAME_MAX = 150
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._\-]{1,59}")
_MAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[A-Za-z]{2,}")
Period = tuple[date, date | None]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one column, and how to mend it."""

    column: str
    message: str
    mend: str = ""

    def __str__(self) -> str:
        return f"{self.message}{self.mend}"


@dataclass(frozen=True, slots=True)
class Office:
    """The departments and roles that may be given today, by id with their names."""

    departments: Mapping[str, str]
    roles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PostRow:
    """A role in a department from one day to another (both included)."""

    department: str
    role: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A person with one post."""

    login: str
    name: str
    email: str
    post: PostRow


def read_staff_row(values: Mapping[str, str], office: Office) -> tuple[StaffRow | None, list[Fault]]:
    """Return the person and post that the typed values mean, or every fault in them, in the order of the columns."""
    login = _half(values.get("login", "")).casefold()
    name = values.get("name", "").strip()
    email = _half(values.get("email", ""))
    faults = [*_login_faults(login), *_name_faults(name), *_mail_faults(email)]
    post, post_faults = read_post(values, office)
    if post is None or faults:
        return None, faults + post_faults
    return StaffRow(login, name, email, post), []


def read_post(values: Mapping[str, str], office: Office) -> tuple[PostRow | None, list[Fault]]:
    """Return the post that the typed values mean, or every fault in them."""
    faults: list[Fault] = []
    department = _choice("department", values, office.departments, faults)
    role = _choice("role", values, office.roles, faults)
    first, first_faults = read_day("valid_from", values)
    faults += first_faults
    last = _day("valid_to", values, faults)
    if first and last and last < first:
        faults.append(Fault("valid_to", "終了日が発令日より前です。", "発令日以後の日にするか、空欄にしてください。"))
    if faults or first is None:
        return None, sorted(faults, key=lambda fault: list(COLUMNS).index(fault.column))
    return PostRow(department, role, first, last), []


def read_day(column: str, values: Mapping[str, str]) -> tuple[date | None, list[Fault]]:
    """Return the day that was typed in a column in which one is needed, or the fault in it."""
    faults: list[Fault] = []
    day = _day(column, values, faults)
    if day is None and not faults:
        faults.append(Fault(column, f"{COLUMNS[column]}がありません。", f"{COLUMNS[column]}を入力してください。"))
    return day, faults


def covered_until(periods: Iterable[Period], day: date) -> date:
    """Return the last day of the unbroken stretch from ``day`` on that the periods cover.

    ``date.max`` when it never ends, the day before ``day`` when nothing covers ``day`` itself.
    """
    end = day - timedelta(days=1)
    for first, last in sorted(periods, key=lambda period: period[0]):
        if first > end + timedelta(days=1):
            break
        if last is None:
            return date.max
        end = max(end, last)
    return end


def _half(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _login_faults(login: str) -> list[Fault]:
    if not login:
        return [Fault("login", "ログインIDがありません。", "職員番号などを入力してください。")]
    if not _LOGIN.fullmatch(login):
        mend = "半角の英小文字と数字、「.」「-」「_」で、2文字以上60文字以下にしてください。"
        return [Fault("login", "ログインIDに使えない文字があるか、長さが合いません。", mend)]
    return []


def _name_faults(name: str) -> list[Fault]:
    if not name:
        return [Fault("name", "氏名がありません。", "姓と名を入力してください。")]
    if len(name) > NAME_MAX:
        return [Fault("name", "氏名が長すぎます。", f"{NAME_MAX}文字以下にしてください。")]
    if any(unicodedata.category(sign) == "Cc" for sign in name):
        return [Fault("name", "氏名に改行などの見えない文字があります。", "1行で入力してください。")]
    return []


def _mail_faults(email: str) -> list[Fault]:
    if email and (not _MAIL.fullmatch(email) or len(email) > 254):
        mend = "「hanako@example.jp」のように、1人に1つだけ入力してください。"
        return [Fault("email", "メールアドレスの形が正しくありません。", mend)]
    return []


def _choice(column: str, values: Mapping[str, str], offered: Mapping[str, str], faults: list[Fault]) -> str:
    """Return the id that was typed, or the id of the name that was typed."""
    typed, label = values.get(column, "").strip(), COLUMNS[column]
    if not typed:
        faults.append(Fault(column, f"{label}がありません。", f"{label}を選んでください。"))
        return ""
    wanted = _half(typed)
    named = [key for key, name in offered.items() if key == wanted or _half(name) == wanted]
    if len(named) != 1:
        what = f"「{typed[:60]}」という{label}は{'一つに決まりません' if named else 'ありません'}。"
        faults.append(Fault(column, what, f"一覧にある{label}のIDにしてください。"))
        return ""
    return named[0]


def _day(column: str, values: Mapping[str, str], faults: list[Fault]) -> date | None:
    typed = values.get(column, "").strip()
    if not typed:
        return None
    try:
        return parse_date_ja(typed)
    except InvalidInput as error:
        mend = error.mend or "「2026-04-01」「令和8年4月1日」のように入力してください。"
        faults.append(Fault(column, f"{COLUMNS[column]}：{error.message_ja}", mend))
        return None
