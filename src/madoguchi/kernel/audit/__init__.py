"""The audit log: who did what to which thing, in an order nobody can change unseen.

Owns the append-only, hash-chained table and its proof. Only identifiers, codes and counts go in; names, addresses and
answers do not. `record` takes the chain's lock until the transaction ends, so call it last in a service.
"""

from madoguchi.kernel.audit.chain import Anchor, AuditReport, canonical_payload, entry_hash
from madoguchi.kernel.audit.recording import record
from madoguchi.kernel.audit.verifying import head, verify

__all__ = ["Anchor", "AuditReport", "canonical_payload", "entry_hash", "head", "record", "verify"]
