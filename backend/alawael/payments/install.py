from datetime import datetime

from alawael.core.install import on_install
from alawael.payments.services import open_payment_series


@on_install
def install(at: datetime) -> None:
    """The series that receipts and payments take their numbers from."""
    open_payment_series()
