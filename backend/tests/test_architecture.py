"""Rules about the code itself. Each test says why; each rule is shown to see what it looks for."""

import ast
from collections import Counter

import pytest

from tests import architecture
from tests.architecture import ALAWAEL, domains, modules, parse

# The plumbing of all domains: what the rules are made of.
CORE = ALAWAEL / "core"
# Where the outside world comes in, and the clock with it.
EDGES = ("api.py", "jobs.py", "authentication.py", "security/watch.py")


def of_domains(*patterns):
    return [path for path in modules(*patterns) if CORE not in path.parents]


def name_of(path):
    return str(path.relative_to(ALAWAEL))


def each(*patterns, core=True):
    paths = modules(*patterns) if core else of_domains(*patterns)
    return pytest.mark.parametrize("path", paths, ids=name_of)


def later_migrations():
    """A domain's first migration meets no older release."""
    return [path for path in modules("*/migrations/0*.py") if not path.name.startswith("0001")]


@each("*/*api.py", "*/*queries.py", "*/models.py", "*/*schemas.py", core=False)
def test_only_services_and_jobs_write(path):
    """Then services.py lists everything that can happen to a domain."""
    assert architecture.writes(parse(path)) == []


@pytest.mark.parametrize(
    "path",
    [path for path in of_domains("**/*.py") if not path.as_posix().endswith(EDGES)],
    ids=name_of,
)
def test_rules_are_told_the_time(path):
    """An import replays last year, and a test needs no frozen clock."""
    assert architecture.clock_readings(parse(path)) == []


@each("*/services.py", "*/queries.py")
def test_who_and_when_are_always_said(path):
    """A change whose author is a default has no author."""
    assert architecture.vague_who_and_when(parse(path)) == []


@each("*/*api.py", core=False)
def test_an_endpoint_asks_queries_and_never_a_manager(path):
    """One door for each kind of row: a forgotten permission check is impossible, not unlikely."""
    assert architecture.manager_uses(parse(path)) == []


@each("**/*.py")
def test_nothing_happens_by_signal(path):
    """What follows a change is announced by a row, which survives a crash and can be searched."""
    assert architecture.signals(parse(path)) == []


@each("*/models.py")
def test_saving_only_saves(path):
    """update() and bulk_create() would not call an override, so no rule may live in one."""
    assert architecture.overrides(parse(path)) == []


@each("*/models.py")
def test_order_is_asked_for(path):
    assert architecture.default_orders(parse(path)) == []


@each("*/models.py", "*/migrations/0*.py")
def test_amounts_are_exact(path):
    """SQLite keeps a DecimalField as a float of 15 digits. Use core.fields."""
    assert architecture.inexact_fields(parse(path)) == []


def test_a_breaking_migration_says_contract_in_its_name():
    """During a release the old and the new version share the database."""
    silent = [path for path in later_migrations() if "contract" not in path.stem]

    assert [name_of(p) for p in silent if architecture.breaking_operations(parse(p))] == []


def test_a_new_required_column_has_a_database_default():
    """The release before this one still inserts rows without it."""
    found = {name_of(p): architecture.columns_without_default(parse(p)) for p in later_migrations()}

    assert {name: columns for name, columns in found.items() if columns} == {}


@pytest.mark.parametrize("domain", domains(), ids=lambda domain: domain.name)
def test_every_domain_says_what_it_is(domain):
    """One sentence with its border, in __init__.py. Who needs "and also" has two domains."""
    assert ast.get_docstring(parse(domain / "__init__.py"))


def test_schema_and_choice_names_are_unique():
    """OpenAPI has one namespace: the second class of a name would silently replace the first."""
    counted = Counter(
        name for path in modules("**/*.py") for name in architecture.named_types(parse(path))
    )

    assert [name for name, count in counted.items() if count > 1] == []


@pytest.mark.parametrize(
    ("rule", "breach"),
    [
        ("writes", "Order.objects.filter(pk=1).update(state='open')"),
        ("writes", "order.save()"),
        ("writes", "Order.objects.create(number=1)"),
        ("writes", "lines.delete()"),
        ("clock_readings", "at = timezone.now()"),
        ("clock_readings", "day = date.today()"),
        ("clock_readings", "at = now()"),
        ("clock_readings", "models.DateTimeField(default=timezone.now)"),
        ("clock_readings", "models.DateTimeField(auto_now_add=True)"),
        ("vague_who_and_when", "def post(entry, by): ..."),
        ("vague_who_and_when", "def post(entry, *, at=None): ..."),
        ("manager_uses", "rows = Order.objects.all()"),
        ("signals", "from django.db.models.signals import post_save"),
        ("signals", "from django.dispatch import receiver"),
        ("overrides", "class Order(Record):\n    def save(self): ..."),
        ("default_orders", "class Order(Record):\n    class Meta:\n        ordering = ['id']"),
        ("inexact_fields", "price = models.DecimalField(max_digits=9, decimal_places=2)"),
        ("breaking_operations", "migrations.RemoveField('order', 'memo')"),
        (
            "columns_without_default",
            "migrations.AddField(model_name='order', name='memo', field=models.TextField())",
        ),
        ("named_types", "class OrderOut(Out): ..."),
        ("named_types", "class OrderPage(Schema[Order]): ..."),
        ("named_types", "class OrderState(models.TextChoices): ..."),
    ],
)
def test_each_rule_sees_a_breach(rule, breach):
    assert getattr(architecture, rule)(ast.parse(breach)) != []


@pytest.mark.parametrize(
    ("rule", "fine"),
    [
        ("writes", "services.create(order)\nrouter.delete('/orders/{id}')\nfacts.update(more)"),
        ("clock_readings", "posted_at = at\ndef due(today): return today"),
        ("vague_who_and_when", "def post(entry, *, by, at): ...\ndef _kept(at): ..."),
        ("signals", "from alawael.core.announcements import announce"),
        (
            "columns_without_default",
            "migrations.AddField(model_name='o', name='m', field=models.TextField(null=True))\n"
            "migrations.AddField(model_name='o', name='n', field=models.TextField(db_default=''))",
        ),
    ],
)
def test_each_rule_leaves_good_code_alone(rule, fine):
    assert getattr(architecture, rule)(ast.parse(fine)) == []
