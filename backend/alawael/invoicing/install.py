from datetime import datetime

from alawael.core.install import on_install
from alawael.invoicing.corrections import open_settings
from alawael.invoicing.services import open_invoice_series


@on_install
def install(at: datetime) -> None:
    """The series and the chain that posting takes its numbers from, and the settings."""
    open_invoice_series()
    open_settings()
