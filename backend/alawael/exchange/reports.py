"""What an import did, added up chunk by chunk in the unit that did it, so that it always agrees."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from alawael.core.errors import Text
from alawael.exchange.profiles.base import (
    CHANGED,
    CREATED,
    REFUSED,
    UNCHANGED,
    Mark,
    Outcome,
    Phase,
)
from alawael.exchange.staging import Item

ACTIONS = (CREATED, CHANGED, UNCHANGED, REFUSED)
MOST_PREVIEWED = 20


def empty_report(*, rows: int, blank: int, amount: Decimal | None) -> dict[str, Any]:
    """Rows by what became of them, records by kind and action, and amounts where they matter."""
    return {
        "rows": {"total": rows, "blank": blank, **dict.fromkeys(ACTIONS, 0)},
        "amounts": (
            None if amount is None else {"total": f"{amount:.2f}", **dict.fromkeys(ACTIONS, "0.00")}
        ),
        "items": {},
        "records": {},
        "facts": {},
        "notes": [],
        "preview": [],
    }


def add_notes(report: dict[str, Any], notes: Iterable[Text]) -> None:
    known = report["notes"]
    known.extend(
        {"en": note.en, "ar": note.ar}
        for note in notes
        if note.en not in {entry["en"] for entry in known}
    )


def add_marks(report: dict[str, Any], marks: Iterable[Mark]) -> None:
    for mark in marks:
        kinds = report["records"].setdefault(mark.kind, {})
        kinds[mark.action] = kinds.get(mark.action, 0) + 1


def add(
    report: dict[str, Any], phase: Phase, item: Item, outcome: Outcome, amount: Decimal
) -> None:
    """Take one item into account."""
    items = report["items"].setdefault(phase.key, dict.fromkeys(ACTIONS, 0))
    items[outcome.action] += 1
    add_marks(report, outcome.marks)
    for fact, count in outcome.facts.items():
        report["facts"][fact] = report["facts"].get(fact, 0) + count
    if not phase.counts_rows:
        return
    report["rows"][outcome.action] += len(item.rows) - outcome.refused_rows
    report["rows"][REFUSED] += outcome.refused_rows
    if report["amounts"] is not None:
        before = Decimal(report["amounts"][outcome.action])
        report["amounts"][outcome.action] = f"{before + amount:.2f}"
    if len(report["preview"]) < MOST_PREVIEWED:
        report["preview"].append(
            {"row": item.rows[0].number, "key": item.key[:200], "action": outcome.action}
        )


def reconciles(report: Mapping[str, Any]) -> bool:
    """Whether every row, and every amount, is accounted for."""
    rows = report["rows"]
    if sum(rows[action] for action in ACTIONS) != rows["total"]:
        return False
    amounts = report["amounts"]
    if amounts is None:
        return True
    return sum(Decimal(amounts[action]) for action in ACTIONS) == Decimal(amounts["total"])
