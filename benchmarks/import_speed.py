"""How fast the invoices of an earlier system come in, and how much memory that takes.

python benchmarks/import_speed.py FILE        (SQLite; with --goods, goods are received and shipped)
MONGODB_TEST_URI=… python benchmarks/import_speed.py FILE
"""

import resource
import sys
import time
from pathlib import Path

from bench import fresh_database


def main(file: Path, *, with_goods: bool) -> None:
    fresh_database()
    from alawael.core import job_queue
    from alawael.core.actors import SYSTEM
    from alawael.core.clock import now
    from alawael.core.verify import verify
    from alawael.exchange import jobs, queries, services
    from alawael.exchange.reports import reconciles
    from testing.parties import our_company

    our_company()
    with file.open("rb") as stream:
        batch = services.upload(
            stream, name=file.name, content_type="", profile="", by=SYSTEM, at=now()
        )
    if with_goods:
        services.remap(
            batch, profile=None, mapping=None, options={"goods": "ship"},
            expected_version=None, by=SYSTEM, at=now(),
        )  # fmt: skip
    jobs.start_run(batch, expected_version=None, by=SYSTEM, at=now())
    began, cpu = time.perf_counter(), time.process_time()
    while job_queue.run_next(worker="benchmark"):
        pass
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    batch = queries.import_called(batch.pk)
    report = batch.run_report or {}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{batch.state}: {batch.done:,} rows in {seconds:.1f} s ({cpu:.1f} s of processor time)")
    print(f"{batch.done / seconds:,.0f} rows/s, {peak} MB at most")
    began = time.perf_counter()
    broken = [finding.name for finding in verify() if not finding.holds]
    print(f"verify: {time.perf_counter() - began:.1f} s, contradictions: {broken or 'none'}")
    print(f"reconciles: {reconciles(report)}, amounts: {report['amounts']}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), with_goods="--goods" in sys.argv)
