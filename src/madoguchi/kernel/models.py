"""The kernel's tables: the audit log and the history of the municipality folder."""

from madoguchi.kernel.audit.models import AuditEntry
from madoguchi.kernel.erasure_models import Erasure
from madoguchi.kernel.folder_models import FolderItem, FolderLoad

__all__ = ["AuditEntry", "Erasure", "FolderItem", "FolderLoad"]
