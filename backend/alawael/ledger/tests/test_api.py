from datetime import date

import pytest

from alawael.core.ids import new_id
from alawael.ledger.models import Account, AccountRole, JournalEntry, Period
from alawael.ledger.services import post, reverse
from testing.ledger import MARCH, an_entry, credit, debit, open_books, the_account, the_period
from testing.parties import a_customer

pytestmark = pytest.mark.usefixtures("books")
SPAN = "from=2026-01-01&to=2026-12-31"


def rent(**values):
    lines = [
        {"account_id": str(the_account("620006").pk), "debit": "50.00"},
        {"account_id": str(the_account("111003").pk), "credit": "50.00"},
    ]
    return {"date": "2026-03-31", "memo": "Rent", "lines": lines, **values}


READS = [
    ("/api/accounts", "account:read"),
    ("/api/accounts/tree", "account:read"),
    ("/api/account-roles", "account:read"),
    ("/api/fiscal-years", "period:read"),
    ("/api/periods", "period:read"),
    ("/api/journal-entries", "journal_entry:read"),
    ("/api/journal-entries/by-number/1", "journal_entry:read"),
    (f"/api/reports/trial-balance?{SPAN}", "report:read"),
    (f"/api/reports/general-ledger?account=111003&{SPAN}", "report:read"),
    (f"/api/reports/profit-and-loss?{SPAN}", "report:read"),
    ("/api/reports/balance-sheet?on=2026-12-31", "report:read"),
]
WRITES = [
    ("post", "/api/accounts", "account:create"),
    ("patch", "/api/accounts/{account}", "account:edit"),
    ("delete", "/api/accounts/{account}", "account:delete"),
    ("put", "/api/account-roles/BANK", "account:edit"),
    ("post", "/api/fiscal-years", "period:create"),
    ("post", "/api/periods/{period}/close", "period:close"),
    ("post", "/api/periods/{period}/reopen", "period:reopen"),
    ("post", "/api/periods/{period}/lock", "period:lock"),
    ("post", "/api/journal-entries", "journal_entry:create"),
    ("post", "/api/journal-entries/{entry}/reverse", "journal_entry:reverse"),
]


@pytest.mark.parametrize(("path", "permission"), READS)
def test_a_list_or_report_opens_with_its_permission_only(
    stranger, signed_in_with, path, permission
):
    an_entry()

    assert stranger.get(path).status_code == 401
    assert signed_in_with("invoice:read", "cost:read").get(path).status_code == 403
    assert signed_in_with(permission, "cost:read").get(path).status_code == 200


@pytest.mark.parametrize(("method", "path", "permission"), WRITES)
def test_a_change_needs_its_permission(stranger, signed_in_with, method, path, permission):
    ids = {
        "account": the_account("620006").pk,
        "period": the_period("2026-03").pk,
        "entry": an_entry().pk,
    }
    path = path.format(**ids)
    reads = ("account:read", "period:read", "journal_entry:read", "cost:read")
    only_reads = signed_in_with(*reads)

    assert getattr(stranger, method)(path).status_code == 401
    refused = getattr(only_reads, method)(path, HTTP_ACCEPT_LANGUAGE="ar")
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert refused.json()["facts"]["permission"] == permission
    clerk = signed_in_with(permission, "cost:read")
    allowed = getattr(clerk, method)(path, content_type="application/json")
    assert allowed.status_code not in (401, 403, 500)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/api/accounts/{}"),
        ("patch", "/api/accounts/{}"),
        ("delete", "/api/accounts/{}"),
        ("get", "/api/periods/{}"),
        ("post", "/api/periods/{}/close"),
        ("get", "/api/journal-entries/{}"),
        ("get", "/api/journal-entries/by-number/999999999999999999999999"),
        ("post", "/api/journal-entries/{}/reverse"),
        ("get", "/api/reports/general-ledger?account=nothing&" + SPAN),
        ("get", "/api/reports/general-ledger?account={}&" + SPAN),
    ],
)
def test_what_does_not_exist_is_not_found(as_amal, method, path):
    answer = getattr(as_amal, method)(path.format(new_id()))

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_an_account_is_added_changed_and_put_out_of_use(as_amal):
    parent = the_account("1110")
    made = as_amal.post(
        "/api/accounts",
        {"code": "111009", "name_ar": "بنك", "type": "asset", "parent_id": str(parent.pk)},
    )
    path = f"/api/accounts/{made.json()['id']}"

    assert (made.status_code, made["ETag"], made.json()["parent_code"]) == (201, '"1"', "1110")
    changed = as_amal.patch(path, {"name_en": "Second bank"}, HTTP_IF_MATCH='"1"')
    assert (changed.status_code, changed["ETag"]) == (200, '"2"')
    assert changed.json()["name_ar"] == "بنك"
    stale = as_amal.patch(path, {"name_en": "Third"}, HTTP_IF_MATCH='"1"')
    assert (stale.status_code, stale.json()["code"]) == (412, "version_conflict")
    assert as_amal.delete(path, HTTP_IF_MATCH='"2"').status_code == 204
    assert as_amal.get(path).json()["is_active"] is False
    assert Account.objects.get(code="111009").version == 3


def test_an_account_moves_to_the_top_and_back(as_amal):
    path = f"/api/accounts/{the_account('1110').pk}"

    assert as_amal.patch(path, {"parent_id": None}).json()["parent_code"] is None
    parent_id = str(the_account("1200").pk)
    assert as_amal.patch(path, {"parent_id": parent_id}).json()["parent_code"] == "1200"


def test_the_tree_holds_every_account_once(as_amal):
    def count(nodes):
        return sum(1 + count(node["children"]) for node in nodes)

    tree = as_amal.get("/api/accounts/tree").json()

    assert [node["code"] for node in tree] == [f"{digit}000" for digit in range(1, 8)]
    assert count(tree) == Account.objects.count()


def test_a_role_is_given_to_another_account(as_amal):
    path = "/api/account-roles/BANK"
    body = {"account_id": str(the_account("111004").pk)}
    put = {"content_type": "application/json"}

    assert as_amal.put(path, body, **put, HTTP_IF_MATCH='"9"').status_code == 412
    assert as_amal.put(path, body, **put, HTTP_IF_MATCH='"1"').json()["account_code"] == "111004"
    unknown = as_amal.put(path, {"account_id": str(new_id())}, **put)
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "/account_id")


def test_roles_without_an_account_are_listed_too(as_amal):
    AccountRole.objects.filter(role="BANK").delete()

    roles = {row["role"]: row["account_code"] for row in as_amal.get("/api/account-roles").json()}

    assert (roles["BANK"], roles["CASH"]) == (None, "111001")


def test_periods_close_reopen_and_lock(as_amal):
    path = f"/api/periods/{the_period('2026-03').pk}"

    assert as_amal.post(f"{path}/close", HTTP_IF_MATCH='"1"').json()["state"] == "closed"
    assert as_amal.post(f"{path}/close").json()["code"] == "wrong_state"
    assert as_amal.post(f"{path}/close", HTTP_IF_MATCH='"1"').status_code == 412
    assert as_amal.post(f"{path}/reopen").json()["state"] == "open"
    assert as_amal.post(f"{path}/lock").json()["state"] == "locked"
    assert as_amal.post(f"{path}/reopen").status_code == 409


def test_a_year_is_opened_once_and_its_periods_are_listed(as_amal):
    assert as_amal.post("/api/fiscal-years", {"year": 2027}).status_code == 201

    again = as_amal.post("/api/fiscal-years", {"year": 2027}, HTTP_ACCEPT_LANGUAGE="ar")

    assert (again.status_code, again.json()["code"]) == (409, "fiscal_year_exists")
    assert "تتداخل" in again.json()["detail"]
    page = as_amal.get("/api/periods?year=2027&count=true").json()
    assert (page["total"], page["items"][0]["name"]) == (12, "2027-12")


def test_an_entry_is_shown_first_and_then_posted(as_amal):
    shown = as_amal.post("/api/journal-entries?dry_run=true", rent())
    assert (shown.status_code, shown.json()["number"]) == (200, 1)
    assert len(shown.json()["lines"]) == 2
    assert not JournalEntry.objects.exists()

    posted = as_amal.post("/api/journal-entries", rent())

    assert (posted.status_code, posted.json()["number"]) == (201, 1)
    assert posted.json()["total"] == "50.00"
    assert posted.json()["lines"][0]["account_code"] == "620006"
    assert posted.json()["posted_by_name"] == "Amal"
    read = as_amal.get(f"/api/journal-entries/{posted.json()['id']}").json()
    assert read == as_amal.get("/api/journal-entries/by-number/1").json() == posted.json()


@pytest.mark.parametrize(
    ("change", "status", "code", "words"),
    [
        ({"date": "2031-01-01"}, 409, "period_missing", "سنة مالية"),
        ({"lines": []}, 409, "too_few_lines", "سطرين"),
        ({"kind": "invoice"}, 422, "invalid", "القيم"),
        ({"date": "31.3.2026"}, 422, "invalid", "القيم"),
        ({"total": "5"}, 422, "invalid", "القيم"),
    ],
)
def test_a_refused_entry_says_why_in_both_languages(as_amal, change, status, code, words):
    english = as_amal.post("/api/journal-entries", rent(**change))
    arabic = as_amal.post("/api/journal-entries", rent(**change), HTTP_ACCEPT_LANGUAGE="ar")

    assert (english.status_code, english.json()["code"]) == (status, code)
    assert (arabic.status_code, arabic.json()["code"]) == (status, code)
    assert words in arabic.json()["detail"]
    assert words not in english.json()["detail"]
    assert not JournalEntry.objects.exists()


@pytest.mark.parametrize(
    ("line", "pointer", "code"),
    [
        ({"debit": 50.0}, "/lines/0/debit", "invalid_value"),
        ({"debit": "0.001"}, "/lines/0/debit", "decimal_max_places"),
        ({"debit": "-1"}, "/lines/0/debit", "greater_than_equal"),
        ({"debit": "0"}, "/lines/0/debit", "one_side"),
        ({"account_id": str(new_id())}, "/lines/0/account_id", "unknown_account"),
        ({"party_id": str(new_id())}, "/lines/0/party_id", "unknown_party"),
    ],
)
def test_a_wrong_line_is_named_by_its_place(as_amal, line, pointer, code):
    sent = rent()
    sent["lines"][0].update(line)

    answer = as_amal.post("/api/journal-entries", sent)

    assert answer.status_code == 422
    assert (pointer, code) in {(e["pointer"], e["code"]) for e in answer.json()["errors"]}


def test_unbalanced_sides_are_told(as_amal):
    sent = rent()
    sent["lines"][0]["debit"] = "49.99"

    answer = as_amal.post("/api/journal-entries", sent).json()

    assert (answer["code"], answer["facts"]) == (
        "unbalanced",
        {"debit": "49.99", "credit": "50.00"},
    )


def test_an_entry_is_reversed_by_hand_once(as_amal):
    path = f"/api/journal-entries/{an_entry().pk}"
    body = {"date": "2026-04-01", "memo": "Wrong month"}

    shown = as_amal.post(f"{path}/reverse?dry_run=true", body)
    assert (shown.status_code, shown.json()["reverses_number"]) == (200, 1)
    assert JournalEntry.objects.count() == 1
    made = as_amal.post(f"{path}/reverse", body)
    assert (made.status_code, made.json()["number"], made.json()["kind"]) == (201, 2, "reversal")
    assert as_amal.get(path).json()["reversed_by_number"] == 2
    again = as_amal.post(f"{path}/reverse", body)
    assert (again.status_code, again.json()["code"]) == (409, "already_reversed")


def test_an_entry_of_a_document_is_corrected_there(as_amal, amal, noon):
    lines = [debit("111003", 1), credit("410001", 1)]
    entry = post(
        lines, on=MARCH, memo="", kind="invoice", source=amal, source_number="INV-7",
        by=amal, at=noon,
    )  # fmt: skip

    refused = as_amal.post(f"/api/journal-entries/{entry.pk}/reverse", {"date": "2026-04-01"})

    assert (refused.status_code, refused.json()["code"]) == (409, "belongs_to_document")
    assert "INV-7" in refused.json()["detail"]


@pytest.mark.parametrize("method", ["patch", "put", "delete"])
def test_no_endpoint_changes_a_posted_entry(as_amal, method):
    entry = an_entry()

    answer = getattr(as_amal, method)(f"/api/journal-entries/{entry.pk}", {"memo": "x"})

    assert answer.status_code == 405
    assert JournalEntry.objects.get().memo == "Rent"


def numbers(answer):
    return [row["number"] for row in answer.json()["items"]]


def test_entries_are_found_by_day_account_party_kind_and_words(as_amal, amal, noon):
    customer = a_customer()
    an_entry(on=date(2026, 1, 5), memo="إيجار يناير")
    first = an_entry(on=date(2026, 2, 5), debited="620007", memo="Power bill")
    reverse(first, on=date(2026, 2, 6), memo="Wrong", by=amal, at=noon)
    lines = [debit("112001", 9, party_id=customer.pk), credit("410001", 9)]
    post(lines, on=MARCH, memo="Sale", kind="opening", by=amal, at=noon)
    power = the_account("620007").pk

    def found(query):
        return numbers(as_amal.get(f"/api/journal-entries?{query}"))

    assert found("") == [4, 3, 2, 1]
    assert found("sort=date&limit=2") == [1, 2]
    assert found("date_from=2026-02-05&date_to=2026-02-28") == [3, 2]
    assert found(f"account_id={power}") == [3, 2]
    assert found(f"party_id={customer.pk}") == [4]
    assert found(f"party_id={customer.pk}&account_id={power}") == []
    assert found("kind=reversal") == [3]
    assert found("q=ايجار") == [1]
    assert found("q=power") == [2]
    assert found("number=3") == [3]


@pytest.mark.parametrize(
    ("path", "budget"),
    [
        ("/api/accounts", 1),
        ("/api/accounts/tree", 1),
        ("/api/account-roles", 1),
        ("/api/fiscal-years", 1),
        ("/api/periods", 1),
        ("/api/journal-entries?limit=5", 1),
        ("/api/journal-entries?limit=5&count=true", 2),
        ("/api/journal-entries?account_id={bank}", 1),
        (f"/api/reports/trial-balance?{SPAN}", 3),
        (f"/api/reports/general-ledger?account=111003&{SPAN}", 5),
        (f"/api/reports/profit-and-loss?{SPAN}", 3),
        ("/api/reports/balance-sheet?on=2026-12-31", 4),
    ],
)
def test_a_list_asks_few_questions_however_long_it_is(as_amal, count_queries, path, budget):
    path = path.format(bank=the_account("111003").pk)
    for day in range(1, 9):
        an_entry(on=date(2026, 3, day))
    with count_queries() as signing_in:
        as_amal.get("/api/fiscal-years?limit=1")

    with count_queries() as counted:
        assert as_amal.get(path).status_code == 200

    # `/api/fiscal-years` itself asks one; the rest of it is finding out who asks.
    assert len(counted) - (len(signing_in) - 1) <= budget


def test_a_report_is_downloaded_as_a_table_in_the_readers_language(as_amal):
    an_entry(memo='=HYPERLINK("x")')
    path = f"/api/reports/general-ledger?account=111003&format=csv&{SPAN}"

    answer = as_amal.get(path, HTTP_ACCEPT_LANGUAGE="ar")

    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    header, row = text.splitlines()
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="general-ledger-111003.csv"' in answer["Content-Disposition"]
    assert header.startswith("التاريخ,رقم القيد")
    assert row.startswith('2026-03-31,1,manual,"\'=HYPERLINK(""x"")"')


@pytest.mark.parametrize("report", ["trial-balance", "profit-and-loss", "balance-sheet"])
def test_every_report_is_also_a_table(as_amal, report):
    an_entry()
    span = "on=2026-12-31" if report == "balance-sheet" else SPAN

    answer = as_amal.get(f"/api/reports/{report}?format=csv&{span}")

    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Account,Name (English),Name (Arabic)")
    assert len(lines) > 3


def test_amounts_of_a_report_have_two_decimals(as_amal):
    an_entry("5")

    trial = as_amal.get(f"/api/reports/trial-balance?{SPAN}").json()

    assert trial["totals"]["debit"] == "5.00"
    assert trial["totals"]["opening_credit"] == "0.00"
    assert trial["rows"][0]["closing_credit"] == "5.00"


@pytest.mark.parametrize(
    "query",
    [
        "trial-balance?from=2026-02-01&to=2026-01-01",
        "trial-balance?from=2026-02-01",
        "trial-balance?from=x&to=y",
        f"general-ledger?{SPAN}",
        f"general-ledger?account=111003&after=x&{SPAN}",
        f"general-ledger?account=111003&after=2026-01-01.99999999999999999999&{SPAN}",
        f"general-ledger?account=111003&limit=9999&{SPAN}",
        "balance-sheet?on=0000-01-01",
        f"profit-and-loss?format=xls&{SPAN}",
    ],
)
def test_a_report_refuses_what_it_cannot_read(as_amal, query):
    answer = as_amal.get(f"/api/reports/{query}")

    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")


def test_books_of_more_years(as_amal):
    open_books(2025)

    page = as_amal.get("/api/fiscal-years").json()

    assert [year["year"] for year in page["items"]] == [2026, 2025]
    assert Period.objects.count() == 24
