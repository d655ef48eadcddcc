"""The reports of this installation as files, to be compared with those of another one.

    DATA_DIR=…    python benchmarks/same_figures.py FOLDER FROM TO
    MONGODB_URI=… python benchmarks/same_figures.py OTHER FROM TO
    diff -r FOLDER OTHER && echo the same

Reads the data that the settings name, and adds to it one user with a token, who may read.
"""

import os
import sys
import time
from pathlib import Path

BACKEND = Path(__file__).resolve().parent.parent / "backend"


def main(folder: Path, first: str, last: str) -> None:
    sys.path.insert(0, str(BACKEND))
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["*"]
    from alawael.accounts.models import User
    from testing.cast import ApiClient, a_user
    from testing.figures import digest, read_reports

    reader = User.objects.filter(email="reader@alawael.test").first()
    client = ApiClient(reader or a_user("reader", "report:read", "account:read"))
    folder.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    for name, text in read_reports(client, first=first, last=last):
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
        seconds, began = time.perf_counter() - began, time.perf_counter()
        print(f"{digest(text)}  {seconds:6.2f} s  {len(text):>9,}  {name}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:4])
