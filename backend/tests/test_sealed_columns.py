"""What is sealed is declared, and what is declared is sealed again by `alawael keys rotate`."""

import ast
import io
import json
from pathlib import Path

from click.testing import CliRunner
from django.apps import apps
from django.db import connection, models

from alawael.accounts.models import SecondFactor
from alawael.core import resealing
from alawael.core.actors import SYSTEM
from alawael.core.sealing import BlindIndexField, SealedField, key_id, sealed
from alawael.exchange import queries
from alawael.exchange import services as exchange
from alawael.exchange.models import Import, RefusedRow
from alawael.files.models import FileChunk
from alawael.files.queries import open_file
from alawael.parties.bank_accounts import add_bank_account
from alawael.payments.bank import import_statement
from config.cli import main
from config.security_commands import of_seals
from testing.cast import NOON, a_user
from testing.exchange import checked, run
from testing.invoicing import open_shop
from testing.parties import a_person
from testing.payments import the_bank

FIRST, SECOND = "first" * 8, "second" * 8
NATIONAL_ID, IQAMA = "1012345678", "2012345678"
ALAWAEL = Path(__file__).resolve().parents[1] / "alawael"
#: What may seal without a declaration: a migration, whose models declare nothing.
SEALERS = {"parties/migrations/0004_seal_personal_ids.py"}


def test_nothing_is_sealed_but_what_is_declared():
    """A column sealed by hand would be lost with the key that a rotation takes away."""
    by_hand = {
        str(path.relative_to(ALAWAEL))
        for path in ALAWAEL.rglob("*.py")
        if "tests" not in path.parts
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom)
        and node.module == "alawael.core.sealing"
        and {"seal", "open_sealed"} & {name.name for name in node.names}
    }
    assert by_hand - SEALERS == set()


def test_every_index_belongs_to_a_sealed_column():
    """Else its hashes would stay behind under the old key."""
    for model in apps.get_models():
        fields = model._meta.concrete_fields
        indexed = {field.index for field in fields if isinstance(field, SealedField)} - {""}
        assert {f.name for f in fields if isinstance(f, BlindIndexField)} == indexed, model


def texts_in_database():
    """Every text of every table, as it is stored."""
    for model in apps.get_models():
        names = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField)
        ]
        for row in models.QuerySet(model).values(*names) if names else ():
            for name, value in row.items():
                yield f"{model._meta.db_table}.{name}", str(value)


def test_a_rotation_leaves_nothing_under_the_old_key(db, settings):
    settings.ENCRYPTION_KEY, settings.ENCRYPTION_KEYS_OLD = FIRST, ()
    fill_every_sealed_column()
    assert {name for name, text in texts_in_database() if key_id(FIRST) in text} >= {
        str(column) for column in resealing.sealed_columns()
    }, "Fill the new column in fill_every_sealed_column."
    settings.ENCRYPTION_KEY, settings.ENCRYPTION_KEYS_OLD = SECOND, (FIRST,)

    resealing.reseal()

    assert [name for name, text in texts_in_database() if key_id(FIRST) in text] == []
    settings.ENCRYPTION_KEYS_OLD = ()
    assert list(resealing.unopenable()) == []


def fill_every_sealed_column():
    factor = SecondFactor(user=a_user("sami"), created_at=NOON)
    factor.secret = sealed(factor, secret="abc")["secret"]
    factor.save(force_insert=True)
    person = a_person(other_id_scheme="NAT", other_id="1012345678")
    add_bank_account(person, {"iban": "SA0380000000608010167519"}, by=SYSTEM, at=NOON)
    open_shop()
    line = b"Date,Amount,IBAN\n05/03/2026,690.00,SA0380000000608010167519\n"
    import_statement(the_bank(), line, file_name="march.csv", by=SYSTEM, at=NOON)
    keep_a_file(f"Code,Name,Other number\n,Nobody,{NATIONAL_ID}\n")


def keep_a_file(table):
    """A table for an import, of which a row is refused: bytes, first rows and the refused one."""
    amal = a_user("amal")
    batch = exchange.upload(
        io.BytesIO(table.encode()), name="persons.csv", content_type="text/csv", profile="parties",
        by=amal, at=NOON,
    )  # fmt: skip
    return checked(batch, by=amal, at=NOON)


def test_a_table_that_was_imported_stands_nowhere_in_the_clear(db):
    """Neither its bytes, nor its first rows, nor a refused one, nor the audit trail tell it."""
    table = (
        f"Code;Name;Other number;Kind of other number\nC-1;Sami;{NATIONAL_ID};NAT\n;X;{IQAMA};\n"
    )
    batch = keep_a_file(table)
    exchange.remap(
        batch, profile=None, mapping=None, options={"encoding": "utf-8", "delimiter": ","},
        expected_version=None, by=SYSTEM, at=NOON,
    )  # fmt: skip
    batch.refresh_from_db()
    exchange.remap(
        batch, profile=None, mapping=None, options={"encoding": "utf-8", "delimiter": ";"},
        expected_version=None, by=SYSTEM, at=NOON,
    )  # fmt: skip
    batch.refresh_from_db()
    run(batch, by=a_user("noor"), at=NOON)

    kept = [*texts_in_database(), *(("bytes", str(one)) for one in chunks_as_stored())]
    for number in (NATIONAL_ID, IQAMA):
        assert [name for name, text in kept if number in text] == []
    [refused] = queries.refused_rows(batch)
    assert IQAMA in refused.as_sent
    assert NATIONAL_ID in batch.first_rows[0]
    assert open_file(batch.file_id).read().decode() == table


def chunks_as_stored():
    return FileChunk.objects.values_list("content", flat=True)


def test_what_stands_in_the_clear_is_counted_and_sealed_by_a_rotation(db, settings):
    """A file, the first rows of an import and a refused row, as an earlier version kept them."""
    settings.ENCRYPTION_KEY, settings.ENCRYPTION_KEYS_OLD = SECOND, ()
    table = f"Code,Name,Other number\n,Nobody,{NATIONAL_ID}\n"
    batch = keep_a_file(table)
    unseal(batch, table.encode())
    columns = ("exchange_import.sealed_sample", "exchange_refusedrow.sealed_cells",
               "files_filechunk.sealed_content")  # fmt: skip
    assert resealing.count_unsealed() == dict.fromkeys(columns, 1)
    assert queries.refused_rows(batch)[0].as_sent == ["", "Nobody", NATIONAL_ID]
    told = type_command("keys", "status")
    assert "3 values stand in the clear. Next: alawael keys rotate" in told
    assert {one.grade for one in of_seals()} == {"bad"}

    assert "3 values were sealed for the first time" in type_command("keys", "rotate", "--yes")

    assert resealing.count_unsealed() == {}
    assert [name for name, text in texts_in_database() if NATIONAL_ID in text] == []
    assert set(chunks_as_stored()) == {None}
    batch = queries.imports().get(pk=batch.pk)
    assert open_file(batch.file_id).read() == table.encode()
    assert batch.first_rows == [["", "Nobody", NATIONAL_ID]]
    assert queries.refused_rows(batch)[0].as_sent == ["", "Nobody", NATIONAL_ID]
    assert json.loads(type_command("keys", "status", "--json"))["unsealed"] == {}
    assert [one.grade for one in of_seals()] == ["good"]


def unseal(batch, content):
    """Keep it all as a version did that sealed none of it."""
    rows = [["", "Nobody", NATIONAL_ID]]
    FileChunk.objects.filter(file=batch.file).update(content=content, sealed_content="")
    Import.objects.filter(pk=batch.pk).update(sample=rows, sealed_sample="")
    RefusedRow.objects.filter(batch=batch).update(cells=rows[0], sealed_cells="")


def type_command(*words):
    told = CliRunner().invoke(main, words)
    assert told.exit_code == 0, told.output
    return told.output


def test_an_audit_without_a_database_makes_none(tmp_path, monkeypatch):
    missing = tmp_path / "alawael.sqlite3"
    monkeypatch.setitem(connection.settings_dict, "NAME", missing)
    monkeypatch.setattr(connection, "vendor", "sqlite")

    assert [one.grade for one in of_seals()] == ["not checked"]
    assert not missing.exists()
