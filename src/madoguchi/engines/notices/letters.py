"""The letters in force, from the loaded ward folder. Owns no copy of its own:
the cache follows the folder's generation.
"""

from __future__ import annotations

from madoguchi.kernel import municipality
from madoguchi.kernel.errors import NotFound

from .schema import Letter


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
