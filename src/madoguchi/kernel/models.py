"""The kernel's tables: the audit log and the history of the municipality folder."""

from madoguchi.kernel.audit.models import AuditEntry
from madoguchi.kernel.folder_models import FolderItem, FolderLoad

__all__ = ["AuditEntry", "FolderItem", "FolderLoad"]
