"""A small trading company in which anything may be tried: random commands, legal and illegal.

`engine` has the company and the way a command is tried; the other modules hold the commands.
"""

from testing.random_trade import buying, keeping, paying, selling
from testing.random_trade.engine import (
    COMMANDS,
    Log,
    RefusalLeftTraces,
    World,
    attempt,
    contradictions,
    next_command,
)

__all__ = [
    "COMMANDS", "Log", "RefusalLeftTraces", "World", "attempt", "buying", "contradictions",
    "keeping", "next_command", "paying", "selling",
]  # fmt: skip
