from datetime import datetime

from alawael.core.install import on_install
from alawael.sales.settings import open_sales


@on_install
def install(at: datetime) -> None:
    """The number series and the settings that selling starts with."""
    open_sales()
