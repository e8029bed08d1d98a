"""An invented certification authority with its signing cards, for demonstrations and tests. Trusted nowhere else.

Owns the making of certificates, lists and signatures; knows no file and no setting.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Authority:
    """A certification authority: its certificate and key, and the certificates above it (nearest first)."""

    certificate: x509.Certificate
    key: Key
    above: tuple[x509.Certificate, ...] = ()

    @property
    def pem(self) -> bytes:
        """Return the certificate as PEM."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)


@dataclass(frozen=True, slots=True)
class Card:
    """A signing certificate with its key, as on a card."""

    certificate: x509.Certificate
    key: Key
    chain: tuple[x509.Certificate, ...] = ()


def usage(*, signs: bool = False, certifies: bool = False, enciphers: bool = False) -> x509.KeyUsage:
    """Return a key usage: signing documents, certifying others, or enciphering keys only."""
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=signs,
        key_encipherment=enciphers,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certifies,
        crl_sign=certifies,
        encipher_only=False,
        decipher_only=False,
    )


def make_authority(
    name: str, *, at: datetime, issuer: Authority | None = None, path_length: int | None = None, years: int = 10
) -> Authority:
    """Make a certification authority, under *issuer* or self-signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(name, key, issuer, valid_from=at - YEAR, valid_to=at + YEAR * years)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
    certificate = builder.add_extension(usage(certifies=True), critical=True).sign(
        issuer.key if issuer else key, hashes.SHA256()
    )
    return Authority(certificate, key, (issuer.certificate, *issuer.above) if issuer else ())


def issue_card(
    name: str,
    *,
    issuer: Authority,
    valid_from: datetime,
    valid_to: datetime,
    key_usage: x509.KeyUsage | None = None,
    is_rsa: bool = False,
) -> Card:
    """Issue a signing card."""
    key: Key = rsa.generate_private_key(65537, 2048) if is_rsa else ec.generate_private_key(ec.SECP256R1())
    builder = _builder(name, key, issuer, valid_from=valid_from, valid_to=valid_to)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(key_usage or usage(signs=True), critical=True)
    return Card(builder.sign(issuer.key, hashes.SHA256()), key, (issuer.certificate, *issuer.above))


def issue_list(
    issuer: Authority, *, at: datetime, next_at: datetime, revoked: Iterable[x509.Certificate] = ()
) -> bytes:
    """Issue a revocation list (PEM) of *at*, to be replaced by *next_at*."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(issuer.certificate.subject)
    builder = builder.last_update(at).next_update(next_at).add_extension(x509.CRLNumber(1), critical=False)
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False
    )
    for certificate in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(certificate.serial_number).revocation_date(at)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def sign(content: bytes, card: Card, *, at: datetime) -> bytes:
    """Sign *content* with a card at *at*: a detached CMS signature (DER) that brings its certificates along."""
    certificate, *above = [asn1_x509.Certificate.load(_der(each)) for each in (card.certificate, *card.chain)]
    attributes = cms.CMSAttributes(
        [
            {"type": "content_type", "values": ["data"]},
            {"type": "signing_time", "values": [cms.Time("utc_time", at)]},
            {"type": "message_digest", "values": [hashlib.sha256(content).digest()]},
        ]
    )
    named = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    is_rsa = isinstance(card.key, rsa.RSAPrivateKey)
    signer = {
        "version": "v1",
        "sid": cms.SignerIdentifier("issuer_and_serial_number", cms.IssuerAndSerialNumber(named)),
        "digest_algorithm": {"algorithm": "sha256"},
        "signed_attrs": attributes,
        "signature_algorithm": {"algorithm": "sha256_rsa" if is_rsa else "sha256_ecdsa"},
        "signature": sign_bare(attributes.dump(), card),
    }
    signed = {
        "version": "v1",
        "digest_algorithms": [{"algorithm": "sha256"}],
        "encap_content_info": {"content_type": "data"},
        "certificates": [cms.CertificateChoices("certificate", each) for each in (certificate, *above)],
        "signer_infos": [cms.SignerInfo(signer)],
    }
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)}).dump())


def sign_bare(content: bytes, card: Card) -> bytes:
    """Sign *content* with a card's key alone: RSA (PKCS#1 v1.5) or ECDSA, with SHA-256."""
    if isinstance(card.key, rsa.RSAPrivateKey):
        return card.key.sign(content, padding.PKCS1v15(), hashes.SHA256())
    return card.key.sign(content, ec.ECDSA(hashes.SHA256()))


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def _builder(
    name: str, key: Key, issuer: Authority | None, *, valid_from: datetime, valid_to: datetime
) -> x509.CertificateBuilder:
    subject = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"), x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signer = issuer.key if issuer else key
    builder = x509.CertificateBuilder().subject_name(subject)
    builder = builder.issuer_name(issuer.certificate.subject if issuer else subject)
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(valid_from).not_valid_after(valid_to)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    return builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
    )
