"""`alawael`: everything an operator types. `env` works while the settings are wrong."""

import importlib
import os
import sys
from typing import Any

import click

from alawael.core.version import VERSION

#: Verb → "module:command". Loaded only when called, so that `alawael env check` needs no Django.
COMMANDS = {
    "createadmin": "config.accounts_commands:createadmin",
    "demo": "config.demo.command:demo",
    "env": "config.env_commands:env",
    "import": "config.exchange_commands:import_file",
    "keys": "config.keys_commands:keys",
    "manage": "config.run_commands:manage",
    "migrate": "config.run_commands:migrate",
    "openapi": "config.run_commands:openapi",
    "rebuild": "config.stock_commands:rebuild",
    "run": "config.run_commands:run",
    "security": "config.security_commands:security",
    "serve": "config.run_commands:serve",
    "token": "config.accounts_commands:token",
    "users": "config.accounts_commands:users",
    "verify": "config.run_commands:verify",
    "worker": "config.run_commands:worker",
}
WITHOUT_DJANGO = {"env", "security"}


class _Lazy(click.Group):
    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        if name not in WITHOUT_DJANGO:
            _set_up_django()
        module, _, attribute = COMMANDS[name].partition(":")
        command: Any = getattr(importlib.import_module(module), attribute)
        return command  # type: ignore[no-any-return]


def _set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from config.env import Misconfigured

    try:
        import django

        django.setup()
    except Misconfigured as error:
        click.echo(str(error), err=True)
        sys.exit(78)  # EX_CONFIG


@click.group(cls=_Lazy)
@click.version_option(VERSION, prog_name="alawael")
def main() -> None:
    """Alawael ERP: run it, look after it, ask it to prove itself."""
