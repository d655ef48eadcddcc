"""What always holds, checked on live data: `alawael verify` runs every registered proof."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from time import perf_counter

from alawael.core.audit import broken_links
from alawael.core.models import NumberSeries

Proof = Callable[[], Iterable[str]]
MOST_SHOWN = 20
_proofs: dict[str, Proof] = {}


@dataclass(frozen=True)
class Finding:
    """One invariant and the sentences that contradict it."""

    name: str
    contradictions: list[str]
    seconds: float

    @property
    def holds(self) -> bool:
        return not self.contradictions


def proof(name: str) -> Callable[[Proof], Proof]:
    """Register a proof: a function that yields a sentence for every contradiction it finds."""

    def register(function: Proof) -> Proof:
        _proofs[name] = function
        return function

    return register


def verify() -> Iterator[Finding]:
    """Run every proof, in the order of registration."""
    for name, prove in _proofs.items():
        began = perf_counter()
        contradictions: list[str] = []
        for sentence in prove():
            contradictions.append(sentence)
            if len(contradictions) == MOST_SHOWN:
                contradictions.append("… and perhaps more.")
                break
        yield Finding(name, contradictions, perf_counter() - began)


@proof("The audit chain is whole")
def _audit_chain() -> Iterable[str]:
    return broken_links()


def missing_numbers(key: str, used: Iterable[int]) -> Iterator[str]:
    """Sentences about gaps, doubles and strays in the numbers of a series; [] when it is exact."""
    numbers = sorted(used)
    series = NumberSeries.objects.filter(key=key).first()
    expected = series.next_number - 1 if series else 0
    if len(set(numbers)) != len(numbers):
        yield f"{key}: a number was given twice."
    if numbers != list(range(1, expected + 1)):
        gaps = sorted(set(range(1, expected + 1)) - set(numbers))[:5]
        strays = [number for number in numbers if not 1 <= number <= expected][:5]
        yield f"{key}: {len(numbers)} numbers for {expected} given (gaps {gaps}, strays {strays})."
