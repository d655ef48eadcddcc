"""What the benchmarks share: a database of their own and a company that is ready to sell."""

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

BACKEND = Path(__file__).resolve().parent.parent / "backend"


def fresh_database() -> None:
    """Set Django up on an empty database; nothing of the real one is touched."""
    sys.path.insert(0, str(BACKEND))
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "ALAWAEL_ENV": "test",
        "DATA_DIR": tempfile.mkdtemp(prefix="alawael-bench-"),
        "MONGODB_URI": os.environ.get("MONGODB_TEST_URI", ""),
        "MONGODB_DATABASE": "alawael_bench",
    }
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    if connection.vendor == "mongodb":
        connection.connect()
        connection.connection.drop_database("alawael_bench")  # type: ignore[attr-defined]
    call_command("migrate", verbosity=0)
    from alawael.core.install import install

    install()
    print(f"engine: {connection.vendor}")


def a_company() -> Any:
    """Our company and one registered customer."""
    from testing.invoicing import a_buyer
    from testing.parties import our_company

    our_company()
    return a_buyer()
