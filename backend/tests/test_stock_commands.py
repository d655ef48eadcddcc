from decimal import Decimal

from click.testing import CliRunner

from alawael.stock.models import CostState
from config.stock_commands import rebuild
from testing.catalog import a_product
from testing.stock import goods_on_hand, stand


def run(*arguments):
    result = CliRunner().invoke(rebuild, arguments)
    return result.exit_code, result.output.strip()


def test_rebuild_says_what_differs_and_puts_it_right(db):
    lamp = a_product()
    goods_on_hand(lamp, "2", cost="5")
    CostState.objects.update(value=Decimal(1))

    wrong = "LAMP-1: is worth 10.00 for 2.000000, not 1.00 for 2.000000."
    assert run("--check") == (1, wrong)
    assert run() == (0, f"{wrong}\n1 figures of 1 products were put right.")
    assert run("--check") == (0, "Every balance and every cost is what its moves say.")
    assert stand(lamp).value == "10.00"
