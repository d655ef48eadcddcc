"""What an empty database needs before its first product: units."""

from datetime import datetime

from alawael.catalog.services import install_units
from alawael.core.install import on_install


@on_install
def make_units(at: datetime) -> None:
    install_units(at=at)
