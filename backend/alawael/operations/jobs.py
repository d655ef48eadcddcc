from datetime import datetime

from alawael.core.schedules import every
from alawael.operations.queries import PULSE, PULSE_PERIOD


@every(PULSE_PERIOD, key=PULSE)
def pulse(at: datetime) -> None:
    """Nothing to do: that the slot fires is how health knows that a worker lives."""
