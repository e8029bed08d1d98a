"""Reading what was uploaded: a detached CMS signature (PKCS#7), or a bare signature with its certificate.

Owns the parsing and the check of the signature's value against its certificate. May not say whether the certificate
is trusted.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from asn1crypto import algos, cms, pem, x509
from cryptography.exceptions import InvalidSignature
from pyhanko_certvalidator.sig_validate import DEFAULT_SIGNATURE_VALIDATOR

HASHES = ("sha256", "sha384", "sha512")
"""Digests a signature may use."""


class UnreadableError(ValueError):
    """The upload is no signature of a kind that is taken; ``code`` says which part."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Upload:
    """A signature as read: the signer's certificate, others that came along, and the time the signer claims."""

    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...] = ()
    claimed_at: datetime | None = None
    signature: bytes = field(default=b"", repr=False)
    signer: cms.SignerInfo | None = None

    def covers(self, content: bytes) -> bool:
        """Tell whether the signature is the certificate's and over exactly *content*. Raises UnreadableError."""
        if self.signer is None:
            return _matches(self.signature, content, self.certificate, _bare_algorithm(self.certificate))
        digest = self.signer["digest_algorithm"]["algorithm"].native
        if digest not in HASHES:
            raise UnreadableError("weak_algorithm")
        signed = content
        attributes = self.signer["signed_attrs"]
        if attributes.native:
            values = {item["type"].native: item["values"] for item in attributes}
            if "message_digest" not in values or len(values["message_digest"]) != 1:
                return False
            if values["message_digest"][0].native != hashlib.new(digest, content).digest():
                return False
            if "content_type" not in values or values["content_type"][0].native != "data":
                return False
            signed = attributes.untag().dump()
        return _matches(self.signer["signature"].native, signed, self.certificate, _cms_algorithm(self.signer))


def read_upload(signature: bytes, certificate: bytes = b"") -> Upload:
    """Read an uploaded signature; *certificate* is needed when the signature is bare (RSA or ECDSA with SHA-256).

    Both may be PEM, DER or base64. Raises UnreadableError.
    """
    raw = _plain(signature)
    found = _read_cms(raw)
    if found is not None:
        return found
    if not certificate:
        raise UnreadableError("no_certificate" if raw and len(raw) <= 1024 else "unreadable")
    return Upload(certificate=read_certificate(certificate), signature=raw)


def read_certificate(data: bytes) -> x509.Certificate:
    """Read one certificate (PEM, DER or base64). Raises UnreadableError."""
    try:
        certificate = x509.Certificate.load(_plain(data), strict=True)
        certificate.native  # noqa: B018 - parses all of it: the library reads lazily
    except (ValueError, TypeError, KeyError) as error:
        raise UnreadableError("unreadable_certificate") from error
    return certificate


def _plain(data: bytes) -> bytes:
    """Return the DER behind PEM or base64; bytes that are neither as they are (DER may end in what looks like a space)."""
    if data[:1] == b"\x30":  # an ASN.1 sequence
        return data
    text = data.strip()
    try:
        return (
            bytes(pem.unarmor(text)[2]) if pem.detect(text) else base64.b64decode(b"".join(text.split()), validate=True)
        )
    except (binascii.Error, ValueError):
        return data


def _read_cms(raw: bytes) -> Upload | None:
    """Return a detached CMS signature with one signer, None when *raw* is no CMS at all."""
    try:
        outer = cms.ContentInfo.load(raw, strict=True)
        if outer["content_type"].native != "signed_data":
            return None
        data = outer["content"]
        signers, held = list(data["signer_infos"]), [item.chosen for item in data["certificates"] or []]
        attached = data["encap_content_info"]["content"].native
    except (ValueError, TypeError, KeyError):
        return None
    if attached is not None:
        raise UnreadableError("attached")
    if len(signers) != 1:
        raise UnreadableError("several_signers")
    certificates = [item for item in held if isinstance(item, x509.Certificate)]
    mine = next((item for item in certificates if _is_signer(signers[0], item)), None)
    if mine is None:
        raise UnreadableError("no_certificate")
    others = tuple(item for item in certificates if item is not mine)
    return Upload(certificate=mine, others=others, claimed_at=_claimed_at(signers[0]), signer=signers[0])


def _is_signer(signer: cms.SignerInfo, certificate: x509.Certificate) -> bool:
    wanted = signer["sid"].chosen
    if signer["sid"].name == "issuer_and_serial_number":
        return bool(
            wanted["issuer"] == certificate.issuer and wanted["serial_number"].native == certificate.serial_number
        )
    return bool(wanted.native == certificate.key_identifier)


def _claimed_at(signer: cms.SignerInfo) -> datetime | None:
    if not signer["signed_attrs"].native:
        return None
    found = (item["values"][0].native for item in signer["signed_attrs"] if item["type"].native == "signing_time")
    return next(found, None)


def _bare_algorithm(certificate: x509.Certificate) -> algos.SignedDigestAlgorithm:
    names = {"rsa": "sha256_rsa", "ec": "sha256_ecdsa"}
    kind = certificate.public_key.algorithm
    if kind not in names:
        raise UnreadableError("weak_algorithm")
    return algos.SignedDigestAlgorithm({"algorithm": names[kind]})


def _cms_algorithm(signer: cms.SignerInfo) -> algos.SignedDigestAlgorithm:
    """Return the signer's algorithm; plain "RSA" and "ECDSA" take their digest from the signer's digest algorithm."""
    stated, digest = signer["signature_algorithm"], signer["digest_algorithm"]["algorithm"].native
    name = stated["algorithm"].native
    if name in ("rsassa_pkcs1v15", "rsa"):
        return algos.SignedDigestAlgorithm({"algorithm": f"{digest}_rsa"})
    if name == "ecdsa":
        return algos.SignedDigestAlgorithm({"algorithm": f"{digest}_ecdsa"})
    if name == "rsassa_pss":
        return stated
    if stated.hash_algo not in HASHES:
        raise UnreadableError("weak_algorithm")
    return stated


def _matches(
    signature: bytes, signed: bytes, certificate: x509.Certificate, algorithm: algos.SignedDigestAlgorithm
) -> bool:
    try:
        DEFAULT_SIGNATURE_VALIDATOR.validate_signature(signature, signed, certificate.public_key, algorithm)
    except InvalidSignature:
        return False
    except (ValueError, TypeError, NotImplementedError) as error:
        raise UnreadableError("weak_algorithm") from error
    return True
