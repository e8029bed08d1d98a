"""The way from a certificate up to a trust anchor: RFC 5280 with revocation lists, by ``pyhanko-certvalidator``.

Owns the translation of its findings into codes. Nothing is fetched: anchors, other certificates and lists come in. A
certificate whose revocation cannot be looked up is "not confirmed", never good.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import crl, pem, x509
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    DisallowedAlgorithmError,
    ExpiredError,
    InsufficientRevinfoError,
    InvalidCertificateError,
    NotYetValidError,
    PathBuildingError,
    PathValidationError,
    RevokedError,
    StaleRevinfoError,
    ValidationError,
)

from .reading import UnreadableError, read_certificate

SIGNING_USAGES = ("non_repudiation", "digital_signature")
"""A signing certificate bears at least one of these (RFC 5280, 4.2.1.3); the public card service uses the first."""


@dataclass(frozen=True, slots=True)
class Anchors:
    """What a ward trusts: root certificates, intermediate ones that signers may leave out, revocation lists."""

    roots: tuple[x509.Certificate, ...] = ()
    others: tuple[x509.Certificate, ...] = ()
    lists: tuple[crl.CertificateList, ...] = ()


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What is kept of a signer's certificate; ``serial`` in hexadecimal."""

    serial: str
    issuer: str
    subject: str
    valid_from: datetime
    valid_to: datetime
    pem: str


def facts_of(certificate: x509.Certificate) -> CertificateFacts:
    """Return what is kept of a certificate."""
    return CertificateFacts(
        serial=f"{certificate.serial_number:X}",
        issuer=certificate.issuer.human_friendly,
        subject=certificate.subject.human_friendly,
        valid_from=certificate.not_valid_before,
        valid_to=certificate.not_valid_after,
        pem=pem.armor("CERTIFICATE", certificate.dump()).decode(),
    )


def read_anchors(files: Iterable[bytes]) -> tuple[x509.Certificate, ...]:
    """Read certificates from PEM files (several in one are taken) or DER. Raises UnreadableError."""
    found: list[x509.Certificate] = []
    for data in files:
        if pem.detect(data):
            found += [read_certificate(der) for _, _, der in pem.unarmor(data, multiple=True)]
        else:
            found.append(read_certificate(data))
    return tuple(found)


def read_revocation_lists(files: Iterable[bytes]) -> tuple[crl.CertificateList, ...]:
    """Read revocation lists (PEM or DER). Raises UnreadableError."""
    found = []
    for data in files:
        try:
            found.append(crl.CertificateList.load(pem.unarmor(data)[2] if pem.detect(data) else data, strict=True))
        except (ValueError, TypeError) as error:
            raise UnreadableError("unreadable_list") from error
    return tuple(found)


def judge_certificate(
    certificate: x509.Certificate, *, others: Iterable[x509.Certificate], anchors: Anchors, at: datetime
) -> str:
    """Return "" when the certificate was good for signing at *at*, else the code of what is wrong with it."""
    usage = certificate.key_usage_value
    if usage is not None and not set(usage.native) & set(SIGNING_USAGES):
        return "key_usage"
    if certificate.ca:
        return "key_usage"
    if not anchors.roots:
        return "no_anchor"
    context = ValidationContext(
        trust_roots=list(anchors.roots),
        other_certs=[*anchors.others, *others],
        crls=list(anchors.lists),
        moment=at.astimezone(UTC),
        allow_fetching=False,
        revocation_mode="require",
    )
    validator = CertificateValidator(certificate, validation_context=context)
    try:
        _run(validator)
    except (ValidationError, PathBuildingError) as error:
        return _code(error)
    return ""


def _run(validator: CertificateValidator) -> None:
    """Run the library's coroutine to its end in a thread of its own: the caller's may have a running event loop."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, validator.async_validate_usage(set())).result()


def _code(error: ValidationError | PathBuildingError) -> str:
    kinds: tuple[tuple[type[Exception], str], ...] = (
        (RevokedError, "revoked"),
        (ExpiredError, "expired"),
        (NotYetValidError, "not_yet_valid"),
        (StaleRevinfoError, "list_stale"),
        (InsufficientRevinfoError, "list_missing"),
        (DisallowedAlgorithmError, "weak_algorithm"),
        (PathValidationError, "chain"),
        (InvalidCertificateError, "untrusted"),
        (PathBuildingError, "untrusted"),
    )
    return next((code for kind, code in kinds if isinstance(error, kind)), "chain")
