"""The letters and the rules of delivery in force, from the loaded ward folder. Owns no copy of its own:
the cache follows the folder's generation.
"""

from __future__ import annotations

from madoguchi.kernel import municipality
from madoguchi.kernel.errors import NotFound

from .delivery_schema import DeliveryFile
from .schema import Letter


@municipality.per_generation
def delivery() -> DeliveryFile:
    """Return how the ward delivers notices, the built-in way when the folder has no ``notices.yaml``."""
    rows = municipality.current().section("notices")
    return DeliveryFile.model_validate(rows[0]) if rows else DeliveryFile()


def all_letters() -> list[Letter]:
    """Return every letter, in order of id."""
    return [letter(data["id"])[0] for data in municipality.current().section("letters")]


@municipality.per_generation
def letter(letter_id: str) -> tuple[Letter, str]:
    """Return a letter and its digest; asks the database only after another folder was loaded. Raises NotFound."""
    for data in municipality.current().section("letters"):
        if data["id"] == letter_id:
            found = Letter.model_validate(data)
            return found, found.digest()
    raise NotFound(
        f"文面「{letter_id}」がありません。",
        code="notices.letter",
        mend=f"自治体フォルダーの letters/{letter_id}.yaml を作り、municipality load を実行してください。",
    )
