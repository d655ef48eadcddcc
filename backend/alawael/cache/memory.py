"""Answers in the memory of this process: bounded by bytes, the least recently used go first."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock

from alawael.cache.answers import Answer


class Memory:
    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self.evicted = 0
        self._kept: OrderedDict[Hashable, Answer] = OrderedDict()
        self._turn = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Hashable) -> Answer | None:
        kept = self._kept
        answer = kept.get(key)
        if answer is not None:
            try:
                kept.move_to_end(key)
            except KeyError:  # another thread threw it out just now
                return None
        return answer

    def put(self, key: Hashable, answer: Answer) -> None:
        """Keep it, unless it alone would take an eighth of the room."""
        if answer.size * 8 > self.most_bytes:
            return
        with self._turn:
            self._forget(key)
            self._kept[key] = answer
            self.bytes += answer.size
            self._make_room()

    def forget(self, key: Hashable) -> None:
        with self._turn:
            self._forget(key)

    def grown(self, key: Hashable, answer: Answer, by: int) -> None:
        """A kept answer was packed another way and needs more room."""
        with self._turn:
            if self._kept.get(key) is answer:
                answer.size += by
                self.bytes += by
                self._make_room()

    def clear(self) -> None:
        with self._turn:
            self._kept.clear()
            self.bytes = 0

    def oldest(self) -> float | None:
        """When the oldest answer was made (seconds since the epoch)."""
        with self._turn:
            # `get` changes the order without the lock, which stops a walk in order and no other.
            answers = dict.values(self._kept)
            return min((answer.made_at for answer in answers), default=None)

    def _forget(self, key: Hashable) -> None:
        gone = self._kept.pop(key, None)
        if gone is not None:
            self.bytes -= gone.size

    def _make_room(self) -> None:
        while self.bytes > self.most_bytes and self._kept:
            _, gone = self._kept.popitem(last=False)
            self.bytes -= gone.size
            self.evicted += 1
