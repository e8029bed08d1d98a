"""Records of the identity engine. Other apps reach them only through ``identity.api`` or ``AUTH_USER_MODEL``."""

from .account import Account
from .delegation import Delegation, DelegationEvent
from .elevation import Elevation
from .methods import ResidentProfile, ShownProof, SignInMethod
from .office import Department, Role, StaffPost
from .signature import ReceivedSignature
from .signin import SignInLink
from .staff_import import StaffImport

__all__ = [
    "Account",
    "Delegation",
    "DelegationEvent",
    "Department",
    "Elevation",
    "ReceivedSignature",
    "ResidentProfile",
    "Role",
    "ShownProof",
    "SignInLink",
    "SignInMethod",
    "StaffImport",
    "StaffPost",
]
