"""One small registry that serves every kind of plug-in of the house.

Owns the table of named things that rooms and engines put there at start-up (indicators, notice templates, folder
sections, doctor checks …). May not know what the things are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

from madoguchi.kernel.errors import Conflict, NotFound

T = TypeVar("T")


class Registry(Generic[T]):
    """Keep items of one kind by key, in the order of registration; a key is taken once."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._items: dict[str, T] = {}

    def register(self, key: str, item: T) -> T:
        """Put `item` under `key` and return it. Raises Conflict when the key is taken."""
        if key in self._items:
            raise Conflict(
                f"{self.what}「{key}」はすでに登録されています。",
                code="registry.duplicate",
                mend="別の名前にしてください。",
            )
        self._items[key] = item
        return item

    def get(self, key: str) -> T:
        """Return the item under `key`. Raises NotFound naming the known keys."""
        try:
            return self._items[key]
        except KeyError:
            known = "、".join(self._items) or "なし"
            raise NotFound(
                f"{self.what}「{key}」は登録されていません。", code="registry.unknown", mend=f"登録済み：{known}"
            ) from None

    def all(self) -> list[T]:
        """Return every item in the order of registration."""
        return list(self._items.values())

    def items(self) -> list[tuple[str, T]]:
        """Return every key with its item in the order of registration."""
        return list(self._items.items())

    def __contains__(self, key: object) -> bool:
        return key in self._items

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)
