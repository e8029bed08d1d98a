"""The municipality this house serves: loading its folder into the database, and reading what is current.

Owns ``load_folder`` (idempotent, one transaction, keeps the history of versions), ``put_items`` (what staff publish
without the folder) and ``current``. It knows no section but the kernel's own (municipality, holidays, texts).

Caches follow the *generation* (id of the last load that changed something); it is asked from the database at most every
``TTL_SECONDS`` per process, so a load is seen everywhere within that time at the cost of one statement. They are also
emptied when the day changes, because a version may wait for its day.
"""

from __future__ import annotations

import datetime as dt
import functools
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from django.db import models, transaction

from madoguchi.kernel import audit, clock
from madoguchi.kernel.access import Actor
from madoguchi.kernel.calendar import OfficeCalendar
from madoguchi.kernel.errors import NotFound
from madoguchi.kernel.folder import FolderError, check_folder, digest_of, items_of, sections_in_order
from madoguchi.kernel.folder_models import FolderItem, FolderLoad
from madoguchi.kernel.l10n import LocalText, to_text
from madoguchi.kernel.registry import Registry

TTL_SECONDS = 2.0
F = TypeVar("F", bound=Callable[..., Any])

on_load: Registry[Callable[[], None]] = Registry("on load")
"""Called in every process when it first sees a new generation."""


@dataclass(frozen=True)
class Municipality:
    """The ward as pages and rules see it."""

    generation: int
    code: str
    id: str
    name: LocalText
    data: dict[str, Any]
    calendar: OfficeCalendar
    holidays: dict[dt.date, str] = field(default_factory=dict)

    @property
    def sample(self) -> bool:
        """Tell whether the folder holds sample data that every page must mark."""
        return bool(self.data.get("sample"))

    @property
    def accent(self) -> str:
        """Return the name of the ward's accent colour ('' = the built-in one)."""
        return str(self.data.get("accent") or "")

    def text(self, key: str) -> LocalText:
        """Return a localised text of ``municipality.yaml`` (empty when it is not written)."""
        value = self.data.get(key)
        return to_text(value) if value else LocalText()

    def section(self, name: str) -> list[dict[str, Any]]:
        """Return the current data of a section's items, in order of key."""
        return _section(name)


_lock = threading.Lock()
_state: dict[str, Any] = {"checked": 0.0, "generation": 0, "value": None, "day": None}
_caches: list[Any] = []


def generation() -> int:
    """Return the generation now in force (0 before anything was loaded)."""
    now, day = time.monotonic(), clock.today()
    if now - _state["checked"] < TTL_SECONDS and _state["generation"] and _state["day"] == day:
        return int(_state["generation"])
    with _lock:
        found = FolderLoad.objects.order_by("-id").values_list("id", flat=True).first() or 0
        if found != _state["generation"] or _state["day"] != day:
            _state.update(generation=found, value=None, day=day)
            for cache in _caches:
                cache.cache_clear()
        _state["checked"] = now
    return int(_state["generation"])


def reset() -> None:
    """Forget what was read (after a load in this process, and between tests)."""
    _state.update(checked=0.0, generation=0, value=None)
    for cache in _caches:
        cache.cache_clear()


def per_generation(function: F) -> F:
    """Cache a function's results until another folder is loaded."""
    cached = functools.lru_cache(maxsize=1024)(function)
    _caches.append(cached)

    @functools.wraps(function)
    def wrapper(*args: Any) -> Any:
        generation()
        return cached(*args)

    return wrapper  # type: ignore[return-value]


def current() -> Municipality:
    """Return the municipality in force. Raises NotFound before any folder was loaded."""
    number = generation()
    value = _state["value"]
    if value is None:
        value = _state["value"] = _read(number)
        for hook in on_load.all():
            hook()
    return value


def _read(number: int) -> Municipality:
    rows = _section("municipality")
    if not rows:
        raise NotFound(
            "自治体フォルダがまだ読み込まれていません。",
            code="no_municipality",
            mend="madoguchi municipality load municipalities/<名前> を実行してください。",
        )
    data = rows[0]
    holidays = {dt.date.fromisoformat(day): name for row in _section("holidays") for day, name in row["days"].items()}
    closed = dict(holidays)
    for span in data.get("closed_every_year", []):
        closed.update(_yearly(span, {day.year for day in holidays}))
    weekly = frozenset(data.get("weekly_closed", [5, 6]))
    return Municipality(
        generation=number,
        code=data["code"],
        id=data["id"],
        name=to_text(data["name"]),
        data=data,
        calendar=OfficeCalendar(weekly_closed=weekly, closed_dates=closed),
        holidays=holidays,
    )


def _yearly(span: dict[str, Any], years: set[int]) -> dict[dt.date, str]:
    """Return the closing days of a span such as 12-29 to 01-03 for each year."""
    days: dict[dt.date, str] = {}
    for year in years:
        day = dt.date.fromisoformat(f"{year}-{span['from']}")
        end = dt.date.fromisoformat(f"{year}-{span['to']}")
        if end < day:
            end = end.replace(year=year + 1)
        while day <= end:
            days[day] = str(span["name"])
            day += dt.timedelta(days=1)
    return days


@functools.lru_cache(maxsize=64)
def _section(name: str) -> list[dict[str, Any]]:
    waiting = models.Q(effective_on__gt=clock.today())
    rows = FolderItem.objects.filter(~waiting, section=name, retired_at__isnull=True)
    dated = rows.order_by("key", models.F("effective_on").asc(nulls_first=True), "version").values_list("key", "data")
    return list(dict(dated).values())


_caches.append(_section)


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a load did; ``kept`` names the items (``section/key``) it left as staff had published them."""

    changed: int
    counts: dict[str, int]
    generation: int
    kept: tuple[str, ...] = ()


def load_folder(root: Path, *, actor: Actor, at: dt.datetime) -> LoadResult:
    """Check the folder and write it in one transaction; the same folder twice changes nothing. Raises FolderError."""
    folder, counts = check_folder(root)
    if folder.faults:
        raise FolderError(folder.faults)
    with transaction.atomic():
        changed = 0
        kept: list[str] = []
        for section in sections_in_order():
            stored, left = _store_items(section.name, dict(items_of(section, folder)), at)
            changed += stored
            kept += left
        last = FolderLoad.objects.order_by("-id").first()
        if changed or last is None:
            for section in sections_in_order():
                if section.load is not None:
                    section.load(folder, at)
            last = FolderLoad.objects.create(
                name=root.name, digest=folder.digest, counts=counts, changed=changed, loaded_at=at, actor_ref=actor.ref
            )
            audit.record(
                actor=actor,
                action="municipality.loaded",
                subject=f"folder:{root.name}",
                payload={"changed": changed, "digest": folder.digest, "kept": len(kept)},
                at=at,
            )
    reset()
    return LoadResult(changed, counts, last.id, tuple(kept))


def _store_items(section: str, items: dict[str, Any], at: dt.datetime) -> tuple[int, list[str]]:
    """Write new versions of what changed and retire what is gone; return how many items changed, and what was kept.

    An item that staff have published is kept, until the folder holds the same: then it is the folder's again.
    """
    settle(section, at=at)
    rows = FolderItem.objects.filter(section=section)
    existing = {item.key: item for item in rows.filter(retired_at__isnull=True, effective_on__isnull=True)}
    versions = dict(rows.values_list("key").annotate(models.Max("version")))
    published = held(section)
    fresh: list[FolderItem] = []
    retired: list[int] = []
    adopted: list[str] = []
    for key, digest in published.items():
        existing.pop(key, None)
        if key in items and digest_of(items.pop(key)) == digest:
            adopted.append(key)
    for key, data in items.items():
        digest, old = digest_of(data), existing.pop(key, None)
        if old is not None and old.digest == digest:
            continue
        if old is not None:
            retired.append(old.pk)
        version = versions.get(key, 0) + 1
        fresh.append(FolderItem(section=section, key=key, version=version, digest=digest, data=data, loaded_at=at))
    retired += [item.pk for item in existing.values()]
    FolderItem.objects.filter(pk__in=retired).update(retired_at=at)
    rows.filter(key__in=adopted, retired_at__isnull=True).update(origin=FOLDER)
    FolderItem.objects.bulk_create(fresh, batch_size=500)
    kept = [f"{section}/{key}" for key in published if key not in adopted]
    return len(fresh) + len(existing) + len(adopted), kept


FOLDER = "folder"


def held(section: str) -> dict[str, str]:
    """Return the items that staff have published, by key, with the digest a folder must hold to take them over.

    The digest is '' while a version waits for its day. One SQL statement.
    """
    rows = (
        FolderItem.objects.filter(section=section, retired_at__isnull=True).exclude(origin=FOLDER).order_by("version")
    )
    return {
        key: "" if effective_on else digest
        for key, digest, effective_on in rows.values_list("key", "digest", "effective_on")
    }


def settle(section: str, *, at: dt.datetime) -> None:
    """Make the versions whose day has come the current ones (one SQL statement when none has)."""
    due = FolderItem.objects.filter(section=section, retired_at__isnull=True, effective_on__lte=clock.local(at).date())
    for item in due.order_by("effective_on", "version"):
        earlier = FolderItem.objects.filter(section=section, key=item.key, retired_at__isnull=True)
        earlier.filter(effective_on__isnull=True).update(retired_at=at)
        FolderItem.objects.filter(pk=item.pk).update(effective_on=None)


def put_items(
    items: Iterable[tuple[str, str, Any]],
    *,
    origin: str,
    actor: Actor,
    at: dt.datetime,
    effective_on: dt.date | None = None,
) -> None:
    """Publish items (section, key, plain data) without the folder, at once or from a day, in the caller's transaction.

    A later version that waited for its day gives way. The caches of every process follow within ``TTL_SECONDS``.
    """
    waits = effective_on if effective_on and effective_on > clock.local(at).date() else None
    changed = 0
    for section, key, data in items:
        settle(section, at=at)
        rows = FolderItem.objects.filter(section=section, key=key)
        given_up = rows.filter(retired_at__isnull=True)
        (given_up.filter(effective_on__gte=waits) if waits else given_up).update(retired_at=at)
        version = (rows.aggregate(newest=models.Max("version"))["newest"] or 0) + 1
        FolderItem.objects.create(
            section=section,
            key=key,
            version=version,
            digest=digest_of(data),
            data=data,
            loaded_at=at,
            origin=origin,
            effective_on=waits,
        )
        changed += 1
    last = FolderLoad.objects.order_by("-id").first()
    FolderLoad.objects.create(
        name=last.name if last else "",
        digest=last.digest if last else "",
        counts=last.counts if last else {},
        changed=changed,
        loaded_at=at,
        actor_ref=actor.ref,
    )
    reset()
    transaction.on_commit(reset)


def newest_item(section: str, key: str) -> tuple[Any, dt.date | None] | None:
    """Return the newest version of an item and the day it waits for (None: in force), None when there is none."""
    rows = FolderItem.objects.filter(section=section, key=key, retired_at__isnull=True).order_by("-version")
    return rows.values_list("data", "effective_on").first()
