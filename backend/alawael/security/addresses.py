"""Where a request comes from, behind however many proxies of our own."""

from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address of whoever asks, believing X-Forwarded-For from trusted proxies alone."""
    return address_in(request.META)


def address_in(environ: Mapping[str, Any]) -> str:
    """The same, of a request that has not reached Django yet.

    The chain is read from our own end: what the first stranger in it claims about others is
    never believed.
    """
    peer = str(environ.get("REMOTE_ADDR") or "")
    forwarded = str(environ.get("HTTP_X_FORWARDED_FOR", "")).split(",")
    chain = [*(part.strip() for part in forwarded if part.strip()), peer]
    while len(chain) > 1 and _is_trusted(chain[-1]):
        chain.pop()
    return chain[-1] if _is_address(chain[-1]) else peer


def household(address: str) -> str:
    """What shares one connection: an IPv4 address, or an IPv6 network of 64 bits.

    Whoever has one IPv6 address has 2⁶⁴ of them, so a limit for each would limit nobody.
    """
    if not _is_address(address):
        return "unknown"
    known = ip_address(address)
    if not isinstance(known, IPv6Address):
        return str(known)
    if known.ipv4_mapped:
        return str(known.ipv4_mapped)
    return str(ip_network((int(known) >> 64 << 64, 64)))


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_trusted(text: str) -> bool:
    return _is_address(text) and any(
        ip_address(text) in network for network in settings.TRUSTED_PROXIES
    )
