"""What a procedure may name here: sections, workflows, fees, life events, forms. Reads only, all from memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from madoguchi.engines.forms.api import Fee, current_fees
from madoguchi.kernel import municipality
from madoguchi.kernel.l10n import to_text
from madoguchi.rooms.catalogue.api import Known, departments, life_events
from madoguchi.rooms.studio.documents import Document

Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The names of what is there, by id; ``fees`` are those of the municipality with those that are new in the document."""

    departments: Mapping[str, str]
    workflows: Mapping[str, str]
    fees: Mapping[str, Fee]
    life_events: Mapping[str, str]

    def known(self, form_id: str) -> Known:
        """Return the ids a procedure with this form may name."""
        kinds = {row["id"] for row in municipality.current().section("delegation_kinds")}
        return Known(
            departments=self.departments.keys(),
            forms={form_id},
            workflows=self.workflows.keys(),
            fees=self.fees.keys(),
            life_events=self.life_events.keys(),
            delegation_kinds={"*"} | kinds,
        )

    def fee_titles(self) -> dict[str, str]:
        """Return the titles of fees by id."""
        return {fee.id: str(fee.title) for fee in self.fees.values()}


def surroundings(document: Document) -> Surroundings:
    """Return what there is here, the fees of the document included."""
    own = [Fee.model_validate(fee) for fee in document.get("fees", [])]
    workflows = municipality.current().section("workflows")
    return Surroundings(
        departments={item.id: item.name for item in departments().values()},
        workflows={row["id"]: str(to_text(row["title"])) for row in workflows},
        fees={**current_fees(), **{fee.id: fee for fee in own}},
        life_events={event.id: str(event.title) for event in life_events()},
    )
