from collections.abc import Iterator

from alawael.core.resealing import unopenable
from alawael.core.verify import proof


@proof("Whatever is sealed can be opened")
def _sealed_columns() -> Iterator[str]:
    for place in unopenable():
        yield f"{place} does not open: its ENCRYPTION_KEY is missing, or it was altered or moved."
