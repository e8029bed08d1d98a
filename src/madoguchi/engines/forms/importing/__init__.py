"""様式取込: read an existing paper form (Excel, Word, PDF) and propose a form definition. Pure: no Django, no storage.

``read_paper_form`` → ``propose_form`` → ``to_definition``. Promises: every proposed field names its place and a confidence;
what is left out is listed with the reason; a file that cannot be read is refused in Japanese with the mend.
"""

from madoguchi.engines.forms.importing.deciding import ProposedField
from madoguchi.engines.forms.importing.definition import to_definition
from madoguchi.engines.forms.importing.naming import slug as suggest_id
from madoguchi.engines.forms.importing.paper import PaperError, PaperForm
from madoguchi.engines.forms.importing.proposing import Proposal, proposal_of, propose_form
from madoguchi.engines.forms.importing.reading import read_paper_form

__all__ = [
    "PaperError", "PaperForm", "Proposal", "ProposedField", "proposal_of", "propose_form", "read_paper_form", "suggest_id", "to_definition",
]  # fmt: skip
