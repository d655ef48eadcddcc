"""The tree of categories."""

import pytest

from alawael.catalog import queries, services
from alawael.catalog.models import Category
from alawael.core.errors import Invalid
from testing.catalog import a_category, a_product
from testing.races import at_once


def move(category, parent, actor, at, **options):
    options.setdefault("expected_version", None)
    parent_id = parent and parent.pk
    return services.move_category(category.pk, parent_id=parent_id, by=actor, at=at, **options)


def names(rows):
    return [row.name_en for row in sorted(rows, key=lambda row: row.position)]


def assert_whole():
    """Every path is that of the parent with its own id at the end."""
    rows = {row.pk: row for row in Category.objects.all()}
    for row in rows.values():
        parent = rows[row.parent_id] if row.parent_id else None
        assert row.path == f"{parent.path if parent else '/'}{row.pk.hex}/"
        assert row.depth == row.path.count("/") - 2


def test_a_branch_moves_with_everything_below_it(amal, noon):
    home, office = a_category("Home"), a_category("Office")
    lamps = a_category("Lamps", below=home)
    a_category("Desk lamps", below=lamps)

    move(lamps, office, amal, noon)

    assert_whole()
    inside = queries.categories(branch_id=office.pk)
    assert {row.name_en for row in inside} == {"Office", "Lamps", "Desk lamps"}
    assert list(queries.categories(branch_id=home.pk)) == [home]


def test_a_branch_moves_to_the_top(amal, noon):
    home = a_category("Home")
    lamps = a_category("Lamps", below=home)

    assert move(lamps, None, amal, noon).depth == 0
    assert_whole()


def test_nothing_moves_into_itself(amal, noon):
    home = a_category("Home")
    lamps = a_category("Lamps", below=home)

    for target in (home, lamps):
        with pytest.raises(services.CategoryInsideItself):
            move(home, target, amal, noon)


def test_two_moves_that_would_cross_never_make_a_ring(amal, noon):
    for attempt in range(3):
        one, other = a_category(f"One {attempt}"), a_category(f"Other {attempt}")
        below_one, below_other = a_category("A", below=one), a_category("B", below=other)

        moves = [(one, below_other), (other, below_one)]
        results = at_once(lambda pair: move(*pair, amal, noon) and "moved", moves)

        assert sorted(map(str, results)) == ["category_inside_itself", "moved"]
        assert_whole()


def test_the_tree_is_at_most_ten_deep(amal, noon):
    leaf = None
    for level in range(10):
        leaf = a_category(f"Level {level}", below=leaf)

    with pytest.raises(services.CategoryTooDeep):
        a_category("One more", below=leaf)
    top = a_category("Top")
    a_category("Below", below=top)
    with pytest.raises(services.CategoryTooDeep):
        move(top, leaf.parent, amal, noon)


def test_siblings_keep_their_order(amal, noon):
    first = a_category("First")
    a_category("Second")
    third = a_category("Third")

    move(third, None, amal, noon, position=0)
    assert names(Category.objects.all()) == ["Third", "First", "Second"]

    move(first, None, amal, noon, position=99)
    assert names(Category.objects.all()) == ["Third", "Second", "First"]


def test_siblings_differ_in_name(db):
    home = a_category("Home")
    a_category("Lamps", below=home, name_ar="مصابيح")

    with pytest.raises(services.CategoryNameTaken, match="Lamps"):
        a_category("Lighting", below=home, name_ar="مصابيح")
    assert a_category("Lamps").pk


def test_a_category_with_open_ones_below_stays_open(amal, noon):
    home = a_category("Home")
    lamps = a_category("Lamps", below=home)

    def close(category):
        services.deactivate_category(category.pk, expected_version=None, by=amal, at=noon)

    with pytest.raises(services.CategoryHasChildren):
        close(home)
    close(lamps)
    close(home)
    assert not Category.objects.filter(is_active=True).exists()


def test_a_closed_category_takes_no_new_products(amal, noon):
    lamps = a_category()
    old = a_product("OLD", category_id=lamps.pk)
    services.deactivate_category(lamps.pk, expected_version=None, by=amal, at=noon)

    with pytest.raises(Invalid) as refused:
        a_product("NEW", category_id=lamps.pk)

    assert refused.value.errors[0].code == "retired_category"
    services.update_product(old.pk, {"name_en": "x"}, expected_version=None, by=amal, at=noon)


def test_the_tree_counts_the_products_of_a_branch(db):
    home = a_category("Home")
    lamps = a_category("Lamps", below=home)
    a_product("A", category_id=home.pk)
    a_product("B", category_id=lamps.pk)
    a_product("C", category_id=lamps.pk)
    a_product("D")

    [node] = queries.category_tree()

    assert (node.products, node.branch_products) == (1, 3)
    assert [child.products for child in node.children] == [2]
