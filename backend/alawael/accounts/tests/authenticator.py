"""A security key in software, as WebAuthn describes it: it makes passkeys and signs with them."""

import hashlib
import json
import secrets
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

USER_PRESENT, USER_VERIFIED, NEW_KEY = 0x01, 0x04, 0x40


class Authenticator:
    """One passkey. Its owner is checked before it signs, unless a test says otherwise."""

    def __init__(self, origin: str = "http://localhost:3001") -> None:
        self.origin = origin
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(32)
        self.count = 0
        self.flags = USER_PRESENT | USER_VERIFIED

    def register(self, options: dict[str, Any]) -> dict[str, Any]:
        said = self._client_data("webauthn.create", options["challenge"])
        host = options["rp"]["id"]
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + self._public_key()
        data = self._data(host, self.flags | NEW_KEY) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(
            clientDataJSON=said,
            attestationObject=bytes_to_base64url(attestation),
            transports=["internal", "hybrid"],
        )

    def sign_in(self, options: dict[str, Any], *, host: str | None = None) -> dict[str, Any]:
        self.count += 1
        said = self._client_data("webauthn.get", options["challenge"])
        data = self._data(host or options["rpId"], self.flags)
        digest = hashlib.sha256(base64url_to_bytes(said)).digest()
        signature = self.key.sign(data + digest, ec.ECDSA(SHA256()))
        return self._answer(
            clientDataJSON=said,
            authenticatorData=bytes_to_base64url(data),
            signature=bytes_to_base64url(signature),
            userHandle=None,
        )

    def _answer(self, **response: Any) -> dict[str, Any]:
        name = bytes_to_base64url(self.id)
        return {"id": name, "rawId": name, "type": "public-key", "response": response}

    def _client_data(self, kind: str, challenge: str) -> str:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return bytes_to_base64url(json.dumps(said).encode())

    def _data(self, host: str, flags: int) -> bytes:
        hashed = hashlib.sha256(host.encode()).digest()
        return hashed + bytes([flags]) + self.count.to_bytes(4, "big")

    def _public_key(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (numbers.x, numbers.y))
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
