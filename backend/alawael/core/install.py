"""What an empty database needs before its first use: number series, roles, units, charts."""

from collections.abc import Callable
from datetime import datetime

from alawael.core.clock import now

_steps: list[Callable[[datetime], None]] = []


def on_install(step: Callable[[datetime], None]) -> Callable[[datetime], None]:
    """Register a step that runs at every start; it must find its work done and leave it alone."""
    _steps.append(step)
    return step


def install() -> None:
    """Run every registered step, lower domains first."""
    at = now()
    for step in _steps:
        step(at)
