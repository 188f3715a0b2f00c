"""An authority that can speak for this plant's server only, and the certificate it gives."""

from __future__ import annotations

import hashlib
import ipaddress
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_LIFE = timedelta(days=3650)
CERTIFICATE_LIFE = timedelta(days=397)
RENEW_BEFORE = timedelta(days=30)
EARLIER = timedelta(days=1)


@dataclass(frozen=True)
class Certificate:
    """Files that a server speaks HTTPS with; ``authority`` is the file to trust, if it is ours."""

    chain: Path
    key: Path
    authority: Path | None = None

    @property
    def fingerprint(self) -> str:
        """The authority's SHA-256 in pairs, to compare by eye."""
        if self.authority is None:
            return ""
        found = x509.load_pem_x509_certificate(self.authority.read_bytes())
        digest = hashlib.sha256(found.public_bytes(serialization.Encoding.DER)).hexdigest().upper()
        return ":".join(digest[i : i + 2] for i in range(0, len(digest), 2))


def own_certificate(folder: Path, names: tuple[str, ...], *, now: datetime) -> Certificate:
    """The server's certificate from the plant's own authority; both are made or renewed when needed."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = Certificate(folder / "server.crt", folder / "server.key", folder / "authority.crt")
    authority, authority_key = _authority(folder, now)
    if not _still_good(made, authority, names, now):
        key = ec.generate_private_key(ec.SECP256R1())
        leaf = _sign_leaf(key, names, authority, authority_key, now)
        _keep_secret(made.key, _pem(key))
        chain = leaf.public_bytes(serialization.Encoding.PEM)
        made.chain.write_bytes(chain + authority.public_bytes(serialization.Encoding.PEM))
    return made


def _authority(folder: Path, now: datetime) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    file, secret = folder / "authority.crt", folder / "authority.key"
    if file.exists() and secret.exists():
        found = x509.load_pem_x509_certificate(file.read_bytes())
        key = serialization.load_pem_private_key(secret.read_bytes(), None)
        if found.not_valid_after_utc > now + CERTIFICATE_LIFE and isinstance(key, ec.EllipticCurvePrivateKey):
            return found, key
    fresh = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Gemba plant {os.urandom(4).hex()}")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(fresh.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - EARLIER)
        .not_valid_after(now + AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(fresh.public_key()), critical=False)
        .sign(fresh, hashes.SHA256())
    )
    _keep_secret(secret, _pem(fresh))
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return made, fresh


def _sign_leaf(
    key: ec.EllipticCurvePrivateKey,
    names: tuple[str, ...],
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
    now: datetime,
) -> x509.Certificate:
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Gemba")]))
        .issuer_name(authority.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - EARLIER)
        .not_valid_after(now + CERTIFICATE_LIFE)
        .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False
        )
        .sign(authority_key, hashes.SHA256())
    )


def _still_good(
    made: Certificate, authority: x509.Certificate, names: tuple[str, ...], now: datetime
) -> bool:
    if not (made.chain.exists() and made.key.exists()):
        return False
    leaf = x509.load_pem_x509_certificate(made.chain.read_bytes())
    named = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    held = {str(item.value) for item in named}
    same = leaf.issuer == authority.subject and held == {str(_general_name(name).value) for name in names}
    return same and leaf.not_valid_after_utc > now + RENEW_BEFORE


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _keep_secret(file: Path, content: bytes) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as opened:
        opened.write(content)
