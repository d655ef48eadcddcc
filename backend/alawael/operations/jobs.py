from datetime import datetime, timedelta

from alawael.core.schedules import every

PULSE = "operations.pulse"
PULSE_PERIOD = timedelta(seconds=15)


@every(PULSE_PERIOD, key=PULSE)
def pulse(at: datetime) -> None:
    """Nothing to do: that the slot fires is how health knows that a worker lives."""
