"""`alawael rebuild`: balances and costs of stock, computed again from the moves."""

import sys

import click

from alawael.stock import rebuild as stock


@click.command()
@click.option("--check", is_flag=True, help="Only say what is wrong; exit 1 when anything is.")
def rebuild(check: bool) -> None:
    """Compute balances, cost and layers again from the moves, and put right what differs."""
    found = stock.differences() if check else stock.rebuild()
    for line in stock.in_words(found):
        click.echo(line)
    if not found:
        click.echo("Every balance and every cost is what its moves say.")
    elif check:
        sys.exit(1)
    else:
        products = len({one.product_id for one in found})
        click.echo(f"{len(found)} figures of {products} products were put right.")
