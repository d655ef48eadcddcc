"""What an empty database needs before its first user: the roles."""

from datetime import datetime

from alawael.accounts import services
from alawael.core.install import on_install


@on_install
def install_roles(at: datetime) -> None:
    """Built-in roles follow the release, unless they were edited here."""
    services.install_roles(at=at)
