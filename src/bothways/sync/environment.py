"""Where the systems are and how they know us: from the environment alone, so that no file holds a secret (S31)."""

from __future__ import annotations

import re
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field

import httpx

from bothways.errors import SyncError
from bothways.mapping import Mapping


@dataclass(frozen=True, slots=True)
class Access:
    """One system's base URL, our token, and the secret that signs its notifications ("" without any)."""

    url: str
    token: str = field(repr=False)
    webhook_secret: str = field(repr=False, default="")

    @property
    def secrets(self) -> list[str]:
        return [secret for secret in (self.token, self.webhook_secret) if secret]


def access(mapping: Mapping, environ: Dict[str, str]) -> dict[str, Access]:
    """Each system's access: BOTHWAYS_URL_<SYSTEM>, BOTHWAYS_TOKEN_<SYSTEM>, BOTHWAYS_WEBHOOK_SECRET_<SYSTEM>.

    SYSTEM is the key in the mapping, in upper case, with `_` for all that is no letter or digit. Raises `SyncError`
    naming the variables that are missing, or hold no URL.
    """
    missing = [
        name
        for key in mapping.systems
        for name in (_name("URL", key), _name("TOKEN", key))
        if not environ.get(name)
    ]
    if missing:
        raise SyncError(f"the environment lacks {', '.join(missing)}")
    return {
        key: Access(
            _url(environ, _name("URL", key)),
            environ[_name("TOKEN", key)],
            environ.get(_name("WEBHOOK_SECRET", key), ""),
        )
        for key in mapping.systems
    }


def _name(what: str, system: str) -> str:
    return f"BOTHWAYS_{what}_{re.sub(r'[^A-Z0-9]', '_', system.upper())}"


def _url(environ: Dict[str, str], name: str) -> str:
    try:
        url = httpx.URL(environ[name])
    except httpx.InvalidURL:
        url = httpx.URL("")
    if url.scheme not in ("http", "https") or not url.host:
        raise SyncError(f"{name} is no URL such as https://shop.example.com/api")
    return environ[name]
