"""A trading company as its people see it: everybody works through the API, in a role."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import MULTIPART_CONTENT

from alawael.accounts.models import Role
from alawael.core.install import install
from alawael.core.verify import verify
from testing.cast import ApiClient, a_user
from testing.parties import NATIONAL_ADDRESS, our_company


class Company:
    """Amal runs it; Basma buys, Salem sells, Waleed keeps the warehouse, Fatimah the books."""

    def __init__(self) -> None:
        install()
        our_company()
        self.amal = self._colleague("amal", "admin")
        self.basma = self._colleague("basma", "purchasing")
        self.salem = self._colleague("salem", "sales")
        self.waleed = self._colleague("waleed", "warehouse")
        self.fatimah = self._colleague("fatimah", "finance")
        self.manager = self._colleague("majed", "manager")
        self.riyadh = self.amal.make("/warehouses", code="RUH", name_en="Riyadh", name_ar="الرياض")

    def _colleague(self, name: str, role: str) -> "Colleague":
        return Colleague(a_user(name, role=Role.objects.get(key=role)))

    # What is there from the start

    def goods(self, sku: str, **values: Any) -> Any:
        unit = self.amal.read("/units?q=piece")["items"] or [
            self.amal.make("/units", code="piece", name_en="Piece", is_whole=True)
        ]
        named = {"sku": sku, "name_en": sku.title(), "name_ar": "بضاعة", "unit_id": unit[0]["id"]}
        return self.amal.make("/products", **named, **values)

    def customer(self, name: str, **values: Any) -> Any:
        return self._party(name, is_customer=True, **values)

    def supplier(self, name: str, **values: Any) -> Any:
        return self._party(name, is_customer=False, is_supplier=True, **values)

    def _party(self, name: str, **values: Any) -> Any:
        identity = {"other_id_scheme": "CRN", "other_id": "1010999999"}
        named = {"name_en": name, "name_ar": "شركة", **NATIONAL_ADDRESS, **identity, **values}
        return self.amal.make("/parties?allow_duplicate=true", **named)

    @property
    def bank(self) -> str:
        """The id of the bank account that payments go through."""
        accounts = self.fatimah.read("/payments/accounts")
        rows = accounts["items"] if isinstance(accounts, dict) else accounts
        return str(next(row for row in rows if row["code"] == "111003")["id"])

    # What an accountant wants to know

    def balances(self) -> dict[str, Decimal]:
        """Every account that is not zero, by its code: debit minus credit, in riyals."""
        year = self.fatimah.read("/fiscal-years")["items"][0]
        rows = self.fatimah.read(
            f"/reports/trial-balance?from={year['starts_on']}&to={year['ends_on']}"
        )["rows"]
        sums = {
            row["code"]: Decimal(row["closing_debit"]) - Decimal(row["closing_credit"])
            for row in rows
            if not row["is_group"]
        }
        return {code: amount for code, amount in sums.items() if amount}

    def stock(self, product: Any) -> tuple[Decimal, Decimal]:
        """How many there are, and what they are worth."""
        rows = self.fatimah.read("/stock/valuation")["items"]
        found = [row for row in rows if row["product"]["id"] == product["id"]]
        quantity = sum((Decimal(row["quantity"]) for row in found), Decimal(0))
        return quantity, sum((Decimal(row["value"]) for row in found), Decimal(0))

    def contradictions(self) -> Sequence[str]:
        return [line for finding in verify() for line in finding.contradictions]


class Colleague:
    """Somebody at a screen: reads, makes documents, and gives commands."""

    def __init__(self, user: Any) -> None:
        self._client = ApiClient(user)

    def read(self, path: str) -> Any:
        answer = self._client.get(f"/api{path}")
        assert answer.status_code == 200, (path, answer.content)
        return answer.json()

    def make(self, path: str, **payload: Any) -> Any:
        answer = self._client.post(f"/api{path}", payload)
        assert answer.status_code in (200, 201), (path, answer.content)
        return answer.json()

    def upload(self, path: str, name: str, text: str, **fields: str) -> Any:
        file = SimpleUploadedFile(name, text.encode())
        sent = {"file": file, **fields}
        answer = self._client.post(f"/api{path}", sent, content_type=MULTIPART_CONTENT)
        assert answer.status_code == 201, (path, answer.content)
        return answer.json()

    def tell(self, kind: str, document: Any, verb: str, /, **payload: Any) -> Any:
        """Give a command to a document, as it stands now."""
        return self.make(f"/{kind}/{document['id']}/{verb}", **payload)

    def change(self, path: str, **values: Any) -> Any:
        answer = self._client.patch(f"/api{path}", values)
        assert answer.status_code == 200, (path, answer.content)
        return answer.json()

    def is_refused(self, kind: str, document: Any, verb: str, /, **payload: Any) -> str:
        """The code with which a command is refused."""
        answer = self._client.post(f"/api/{kind}/{document['id']}/{verb}", payload)
        assert answer.status_code >= 400, answer.content
        return str(answer.json()["code"])

    def may_not(self, method: str, path: str) -> bool:
        answer = getattr(self._client, method)(f"/api{path}")
        return bool(answer.status_code == 403)
