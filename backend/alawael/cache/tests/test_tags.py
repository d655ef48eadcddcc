"""What a statement touches. What is not understood must count as more, never as less."""

# ruff: noqa: S608 - these statements are read, never run

import pytest

from alawael.cache import tags
from alawael.cache.tags import cell_of_bulk, cell_of_row, cell_of_table, plan_of

PRODUCT = "catalog_product"
WHOLE = {cell_of_table(PRODUCT), cell_of_bulk(PRODUCT)}


def row(key):
    return {cell_of_table(PRODUCT), cell_of_row(PRODUCT, key)}


def read_row(key):
    return {cell_of_bulk(PRODUCT), cell_of_row(PRODUCT, key)}


@pytest.mark.parametrize(
    ("sql", "given", "cells"),
    [
        (f'UPDATE "{PRODUCT}" SET "a" = %s WHERE "{PRODUCT}"."id" = %s', ["x", "k1"], row("k1")),
        (
            f'UPDATE "{PRODUCT}" SET "a" = %s WHERE ("{PRODUCT}"."id" = %s AND "b" = %s)',
            ["x", "k1", 3],
            row("k1"),
        ),
        (f'DELETE FROM "{PRODUCT}" WHERE "{PRODUCT}"."id" IN (%s, %s)', ["k", "k"], row("k")),
        (f'INSERT INTO "{PRODUCT}" ("id", "a") VALUES (%s, %s)', ["k1", "x"], row("k1")),
        (
            f'INSERT INTO "{PRODUCT}" ("a", "id") VALUES (%s, %s), (%s, %s)',
            [1, "k", 2, "k"],
            row("k"),
        ),
        # Everything that might touch more rows than it seems to.
        (f'UPDATE "{PRODUCT}" SET "a" = %s', ["x"], WHOLE),
        (f'UPDATE "{PRODUCT}" SET "a" = 1 WHERE "{PRODUCT}"."id" = %s OR "b" = %s', [1, 2], WHOLE),
        (f'UPDATE "{PRODUCT}" SET "a" = 1 WHERE NOT ("{PRODUCT}"."id" = %s)', ["k"], WHOLE),
        (f'INSERT INTO "{PRODUCT}" SELECT * FROM "other"', [], WHOLE),
        (f"update {PRODUCT} set a = 1 where id = 'k'", [], WHOLE),
        (f'REPLACE INTO "{PRODUCT}" ("id") VALUES (%s)', ["k"], WHOLE),
        ('CREATE TABLE "x" ("id")', [], {tags.EVERYTHING}),
        ('WITH x AS (SELECT 1) DELETE FROM "y"', [], {tags.EVERYTHING}),
    ],
)  # fmt: skip
def test_what_a_statement_writes(sql, given, cells):
    plan = plan_of(sql)

    assert (plan.kind, plan.cells(given)) == ("write", cells)


@pytest.mark.parametrize(
    ("sql", "given", "cells"),
    [
        (f'SELECT "a" FROM "{PRODUCT}" WHERE "{PRODUCT}"."id" = %s LIMIT 21', ["k"], read_row("k")),
        (
            f'SELECT %s FROM "{PRODUCT}" INNER JOIN "catalog_unit" ON (1) '
            f'WHERE ("{PRODUCT}"."x" = %s AND "{PRODUCT}"."id" IN (%s, %s))',
            [0, 1, "k", "k"],
            read_row("k") | {cell_of_table("catalog_unit")},
        ),
        (f'SELECT "a" FROM "{PRODUCT}"', [], {cell_of_table(PRODUCT)}),
        (
            f'SELECT 1 FROM "{PRODUCT}" WHERE "{PRODUCT}"."id" = %s OR 1',
            ["k"],
            {cell_of_table(PRODUCT)},
        ),
        (
            f'SELECT 1 FROM "{PRODUCT}" WHERE "{PRODUCT}"."id" = %s AND EXISTS(SELECT 1 FROM '
            '"catalog_unit")',
            ["k"],
            {cell_of_table(PRODUCT), cell_of_table("catalog_unit")},
        ),
    ],
)
def test_what_a_statement_reads(sql, given, cells):
    plan = plan_of(sql)

    assert (plan.kind, plan.cells(given)) == ("read", cells)


def test_a_read_of_an_unknown_table_is_old_after_any_write():
    cells = plan_of("SELECT * FROM sqlite_master").cells([])

    assert cells & tags.every_write(tags.write_cells(PRODUCT, ["k"]))


def test_many_rows_are_all_rows():
    assert tags.write_cells(PRODUCT, [str(n) for n in range(tags.MOST_ROWS + 1)]) == WHOLE


@pytest.mark.parametrize(
    ("name", "command", "cells"),
    [
        ("insert", {"insert": PRODUCT, "documents": [{"_id": 1, "id": "k"}]}, row("k")),
        ("insert", {"insert": PRODUCT, "documents": [{"_id": 1}]}, WHOLE),
        ("update", {"update": PRODUCT, "updates": [{"q": {"id": "k"}}]}, row("k")),
        (
            "update",
            {"update": PRODUCT, "updates": [{"q": {"$and": [{"id": "k"}, {"version": 3}]}}]},
            row("k"),
        ),
        ("update", {"update": PRODUCT, "updates": [{"q": {"$or": [{"id": "k"}]}}]}, WHOLE),
        ("update", {"update": PRODUCT, "updates": [{"q": {"_id": "k"}}]}, WHOLE),
        ("delete", {"delete": PRODUCT, "deletes": [{"q": {"id": {"$in": ["k"]}}}]}, row("k")),
        ("delete", {"delete": PRODUCT, "deletes": [{"q": {}}]}, WHOLE),
        ("findAndModify", {"findAndModify": PRODUCT, "query": {"sku": "x"}}, WHOLE),
        ("drop", {"drop": PRODUCT}, WHOLE),
        ("dropDatabase", {"dropDatabase": 1}, {tags.EVERYTHING}),
        ("aggregate", {"aggregate": "x", "pipeline": [{"$merge": PRODUCT}]}, {tags.EVERYTHING}),
        ("find", {"find": PRODUCT}, None),
    ],
)
def test_what_a_command_writes(name, command, cells):
    assert tags.mongo_writes(name, command) == cells


def test_what_a_command_reads():
    by_key = {"aggregate": PRODUCT, "pipeline": [{"$match": {"id": "k"}}]}
    joined = {
        "aggregate": PRODUCT,
        "pipeline": [
            {"$match": {"id": "k"}},
            {"$lookup": {"from": "catalog_unit", "pipeline": [{"$lookup": {"from": "deep"}}]}},
        ],
    }
    others = {cell_of_table("catalog_unit"), cell_of_table("deep")}

    assert tags.mongo_reads("aggregate", by_key) == read_row("k")
    assert tags.mongo_reads("aggregate", joined) == read_row("k") | others
    assert tags.mongo_reads("find", {"find": PRODUCT}) == {cell_of_table(PRODUCT)}


TAX = "invoicing_invoicetax"
OF = "invoice_id"


def group(value):
    return tags.cell_of_row(f"{TAX}.{OF}", value)


#: As the MongoDB backend asks for it.
IS_NULL = {"$or": [{OF: {"$exists": False}}, {OF: None}]}
UNGROUPED = tags.cell_of_ungrouped(TAX, OF)


@pytest.mark.parametrize(
    ("sql", "given", "touched"),
    [
        (f'INSERT INTO "{TAX}" ("id", "{OF}") VALUES (%s, %s), (%s, %s)', [1, "i", 2, "j"], "ij"),
        (f'DELETE FROM "{TAX}" WHERE "{TAX}"."{OF}" IN (%s, %s)', ["i", "j"], "ij"),
        (
            f'UPDATE "{TAX}" SET "a" = %s WHERE ("{TAX}"."id" = %s AND "{TAX}"."{OF}" = %s)',
            [1, 2, "i"],
            "i",
        ),
        (f'UPDATE "{TAX}" SET "a" = %s WHERE ("{TAX}"."{OF}" IS NULL)', [1], ""),
        # Who moves rows from one to another touches both.
        (
            f'UPDATE "{TAX}" SET "a" = %s, "{OF}" = %s, "b" = %s WHERE "{TAX}"."{OF}" = %s',
            [1, "j", 2, "i"],
            "ij",
        ),
        # Whoever does not say which may have touched any.
        (f'INSERT INTO "{TAX}" ("id") VALUES (%s)', [1], None),
        (f'INSERT OR REPLACE INTO "{TAX}" ("id", "{OF}") VALUES (%s, %s)', [1, "i"], None),
        (f'INSERT INTO "{TAX}" ("id", "{OF}") VALUES (%s, %s)', [], None),
        (f'UPDATE "{TAX}" SET "a" = %s WHERE "{TAX}"."id" = %s', [1, 2], None),
        (f'UPDATE "{TAX}" SET "{OF}" = NULL WHERE "{TAX}"."{OF}" = %s', ["i"], None),
        (f'UPDATE "{TAX}" SET "a" = %s, "{OF}" = %s WHERE "{TAX}"."id" = %s', [1, "j", 2], None),
        (f'DELETE FROM "{TAX}" WHERE ("{TAX}"."{OF}" = %s OR "{TAX}"."id" = %s)', ["i", 1], None),
    ],
)
def test_which_groups_a_statement_touches(sql, given, touched):
    groups = {UNGROUPED} if touched is None else {group(value) for value in touched}

    assert plan_of(sql).cells(given) & {UNGROUPED, group("i"), group("j")} == groups


@pytest.mark.parametrize(
    ("name", "command", "touched"),
    [
        ("insert", {"documents": [{"id": 1, OF: "i"}, {"id": 2, OF: "j"}]}, "ij"),
        ("insert", {"documents": [{"id": 1, OF: "i"}, {"id": 2}]}, None),
        ("delete", {"deletes": [{"q": {OF: {"$in": ["i", "j"]}}}]}, "ij"),
        ("update", {"updates": [{"q": {OF: "i", "id": 1}, "u": {"$set": {"a": 1}}}]}, "i"),
        ("update", {"updates": [{"q": {OF: "i"}, "u": [{"$set": {"a": 1}}]}]}, "i"),
        ("update", {"updates": [{"q": {OF: "i"}, "u": [{"$set": {OF: {"$literal": "j"}}}]}]}, "ij"),
        ("update", {"updates": [{"q": {OF: "i"}, "u": [{"$set": {OF: "$a"}}]}]}, None),
        ("update", {"updates": [{"q": IS_NULL, "u": [{"$set": {"a": 1}}]}]}, ""),
        ("update", {"updates": [{"q": {"id": 1}, "u": {"$set": {OF: {"$literal": "j"}}}}]}, None),
        ("update", {"updates": [{"q": {OF: "i"}, "u": {"id": 1, OF: "j"}}]}, None),
        ("update", {"updates": [{"q": {OF: "i"}, "u": {"$rename": {"a": OF}}}]}, None),
        ("update", {"updates": [{"q": {"id": 1}, "u": {"$set": {"a": 1}}}]}, None),
        ("findAndModify", {"query": {OF: "i"}}, None),
    ],
)
def test_which_groups_a_command_touches(name, command, touched):
    groups = {UNGROUPED} if touched is None else {group(value) for value in touched}
    cells = tags.mongo_writes(name, {name: TAX, **command}) or set()

    assert cells & {UNGROUPED, group("i"), group("j")} == groups


def test_a_read_of_a_group_hangs_on_it_and_on_what_names_none():
    wanted = {UNGROUPED, group("i")}
    first = f'SELECT "a" FROM "{TAX}" WHERE ("{TAX}"."{OF}" = %s AND "b" = %s) ORDER BY "a"'
    either = f'SELECT "a" FROM "{TAX}" WHERE ("{TAX}"."{OF}" = %s OR "b" = %s)'

    assert plan_of(first).cells(["i", 1]) == wanted
    assert plan_of(either).cells(["i", 1]) == {cell_of_table(TAX)}
    assert tags.mongo_reads("find", {"find": TAX, "filter": {OF: "i", "b": 1}}) == wanted
    assert tags.mongo_reads("find", {"find": TAX, "filter": {"$or": [{OF: "i"}]}}) == {
        cell_of_table(TAX)
    }


@pytest.mark.parametrize(
    ("where", "is_sure"),
    [
        (f'("b" = %s AND NOT ("a" = "c") AND "{TAX}"."{OF}" = %s)', True),
        (f'("b" = %s AND "c" IS NOT NULL AND "{TAX}"."{OF}" = %s)', True),
        (f'NOT ("b" = %s AND "{TAX}"."{OF}" = %s)', False),
        (f'("b" = %s AND NOT ("a" = "c" AND "{TAX}"."{OF}" = %s))', False),
        (f'("b" = %s AND NOT (("a" = "c") AND ("{TAX}"."{OF}" = %s)))', False),
    ],
)
def test_what_stands_within_a_not_names_no_group(where, is_sure):
    cells = plan_of(f'SELECT "a" FROM "{TAX}" WHERE {where}').cells([1, "i"])

    assert cells == ({UNGROUPED, group("i")} if is_sure else {cell_of_table(TAX)})


def test_what_is_denied_first_may_be_demanded_after():
    where = f'(NOT ("b" = %s AND "{TAX}"."{OF}" = %s) AND "{TAX}"."{OF}" = %s)'

    cells = plan_of(f'SELECT "a" FROM "{TAX}" WHERE {where}').cells([1, "i", "j"])

    assert cells == {UNGROUPED, group("j")}
