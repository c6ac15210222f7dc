"""Keys to sign with: ed25519, as PEM files that other tools read too."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from securesystemslib.signer import (  # type: ignore[attr-defined]  # the package re-exports them silently
    CryptoSigner,
    SSlibKey,
)

from bothways.errors import InputError


def generate(path: Path) -> Path:
    """Write a new private key to `path` (mode 0600) and its public key beside it; gives the latter's path.

    Raises `InputError` where a file stands already, and inside a repository: a key that is committed is lost.
    """
    public = path.with_name(f"{path.name}.pub")
    place = path.resolve().parent
    if any((folder / ".git").exists() for folder in (place, *place.parents)):
        raise InputError(path, None, "a key doesn't belong in a repository: choose a place outside")
    key = Ed25519PrivateKey.generate()
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    shown = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    _create(path, secret, 0o600)
    _create(public, shown, 0o644)
    return public


def _create(path: Path, content: bytes, mode: int) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except OSError as error:
        raise InputError(path, None, f"can't write the key: {error.strerror}") from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)


def signer(path: Path) -> CryptoSigner:
    """The private key in `path`. Raises `InputError` if there is none."""
    try:
        key = serialization.load_pem_private_key(_read(path), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise InputError(path, None, "not a private key that keygen wrote") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise InputError(path, None, "not an ed25519 key")
    return CryptoSigner(key)


def public_key(path: Path) -> SSlibKey:
    """The public key in `path`. Raises `InputError` if there is none."""
    try:
        key = serialization.load_pem_public_key(_read(path))
    except (ValueError, UnsupportedAlgorithm):
        raise InputError(path, None, "not a public key that keygen wrote") from None
    if not isinstance(key, Ed25519PublicKey):
        raise InputError(path, None, "not an ed25519 key")
    return SSlibKey.from_crypto(key)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(path, None, f"can't read the key: {error.strerror}") from None
