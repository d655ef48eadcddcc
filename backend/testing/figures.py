"""The reports as their readers get them, to be compared between two databases."""

import re
from collections.abc import Iterator
from functools import partial
from hashlib import sha256

from testing.cast import ApiClient

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def reports(*, first: str, last: str) -> dict[str, str]:
    """Name and address of every report on the days `first` to `last`, as JSON and as CSV."""
    span = f"from={first}&to={last}"
    both = {
        "trial balance": f"/api/reports/trial-balance?{span}",
        "profit and loss": f"/api/reports/profit-and-loss?{span}",
        "balance sheet": f"/api/reports/balance-sheet?on={last}",
        "general ledger": f"/api/reports/general-ledger?{span}&account=AR",
    }
    return {
        **both,
        **{f"{name}, csv": f"{address}&format=csv" for name, address in both.items()},
        "vat return": f"/api/reports/vat-return?{span}",
        "receivables ageing": f"/api/reports/receivables-ageing?on={last}",
        "dashboard": f"/api/dashboard?end={last}",
        "dashboard, 3 months": f"/api/dashboard?end={last}&months=3",
    }


def read_reports(client: ApiClient, *, first: str, last: str) -> Iterator[tuple[str, str]]:
    """Name and text of each report; ids, which differ everywhere, are numbered as they come."""
    receivables = _receivables(client)
    for name, address in reports(first=first, last=last).items():
        answer = client.get(address.replace("account=AR", f"account={receivables}"))
        body = answer.getvalue() if answer.streaming else answer.content
        assert answer.status_code == 200, (address, body)
        seen: dict[str, str] = {}
        yield name, _ID.sub(partial(_numbered, seen), body.decode())


def _numbered(seen: dict[str, str], found: re.Match[str]) -> str:
    return seen.setdefault(found[0], f"id-{len(seen)}")


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


def _receivables(client: ApiClient) -> str:
    roles = client.get("/api/account-roles").json()
    code: str = next(role["account_code"] for role in roles if role["role"] == "AR")
    return code
