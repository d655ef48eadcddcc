"""Bodies are waited for beside the requests that are answered, for so long and no longer.

A body that comes slowly costs a place in a list here and nothing else. What is given up still goes
through the program, without its body, so that its refusal has a log line and a problem document.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Protocol

from alawael.core.errors import Refusal, Text
from alawael.security.addresses import address_in, household
from alawael.security.intake import REFUSED, most_bytes

Environ = dict[str, Any]

#: A body has this long to come, and a second more for each SLOWEST bytes of it that came.
PATIENCE = 10
SLOWEST = 16 * 1024
#: This much of a body is held in memory, the rest lies on disk.
IN_MEMORY = 256 * 1024
#: Bodies that one process waits for at a time, of one household, and how many bytes of all.
MOST_OF_ONE = 64
MOST_OF_ALL = 1024
MOST_HELD = 512 * 1024 * 1024
_TICK = 1.0


class BodyTooSlow(Refusal):
    code = "body_too_slow"
    status = 408
    title = Text("That took too long", "استغرق ذلك وقتًا طويلًا")
    message = Text(
        "The request did not arrive in time. Check your connection and try again.",
        "لم يصل الطلب في الوقت المحدد. تحقق من اتصالك ثم أعد المحاولة.",
    )


class TooManyBodies(Refusal):
    code = "too_many_bodies"
    status = 503
    title = Text("Please wait a moment", "يرجى الانتظار قليلًا")
    message = Text(
        "Too many requests are arriving slowly at once. Try again in some seconds.",
        "يصل عدد كبير من الطلبات ببطء في الوقت نفسه. أعد المحاولة بعد ثوانٍ.",
    )

    def __init__(self) -> None:
        super().__init__(retry_after=PATIENCE)


class BodyCutOff(Refusal):
    code = "body_cut_off"
    status = 400
    title = Text("The request is not complete", "الطلب غير مكتمل")
    message = Text(
        "Only a part of the request arrived. Try again.", "لم يصل سوى جزء من الطلب. أعد المحاولة."
    )


class LengthRequired(Refusal):
    code = "length_required"
    status = 411
    title = Text("The length is missing", "الطول غير محدد")
    message = Text(
        "Say in Content-Length how long the body is.", "اذكر طول المحتوى في Content-Length."
    )


#: What may be answered to any request with a body, before a route is asked.
OF_A_BODY = (BodyTooSlow, TooManyBodies, BodyCutOff, LengthRequired)


class Source(Protocol):
    """Where a body comes from: Granian's protocol of a request."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...


class _Waiting:
    """A body that has not come as a whole. Ages only while the process has time to read it."""

    def __init__(self, whose: str) -> None:
        self.whose = whose
        self.task = asyncio.current_task()
        self.age = 0
        self.received = 0
        self.is_over = False

    def grow_older(self) -> None:
        self.age += 1
        if self.age > PATIENCE + self.received // SLOWEST and self.task is not None:
            self.is_over = True
            self.task.cancel()


class Bodies:
    """Those that one process waits for."""

    def __init__(self, tick: float = _TICK) -> None:
        self.tick = tick
        self.waiting: dict[int, _Waiting] = {}
        self.of_one: Counter[str] = Counter()
        self.held = 0
        self._is_ticking = False

    @staticmethod
    def is_expected(environ: Environ) -> bool:
        """Whether a body follows the head of this request.

        One of unknown length is refused: where it was cut off it would look like all of it.
        """
        if "HTTP_TRANSFER_ENCODING" in environ:
            environ[REFUSED] = LengthRequired()
            return False
        return str(environ.get("CONTENT_LENGTH", "0")) != "0"

    async def read(self, source: Source, environ: Environ) -> IO[bytes]:
        """Wait for a body and give it to the program as a file.

        What is refused is said in the environment, and nothing of the body is handed on.
        """
        said = int(environ["CONTENT_LENGTH"])
        if said > most_bytes(environ.get("CONTENT_TYPE", "")):
            return _empty()  # the program refuses it for what it says
        whose = household(address_in(environ))
        if not self._has_place_for(whose):
            return _refused(environ, TooManyBodies())
        waiting = self._begin(whose)
        body: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - handed on
        try:
            async for piece in source:
                if not piece:
                    break
                waiting.received += len(piece)
                self.held += len(piece)
                if self.held > MOST_HELD:
                    return _refused(environ, TooManyBodies())
                body.write(piece)
        except asyncio.CancelledError:
            if not waiting.is_over:
                raise
            return _refused(environ, BodyTooSlow())
        finally:
            self._end(waiting)
        if waiting.received < said:
            return _refused(environ, BodyCutOff())
        body.seek(0)
        return body

    def _has_place_for(self, whose: str) -> bool:
        return len(self.waiting) < MOST_OF_ALL and self.of_one[whose] < MOST_OF_ONE

    def _begin(self, whose: str) -> _Waiting:
        if not self._is_ticking:
            self._tick_later()
        waiting = _Waiting(whose)
        self.waiting[id(waiting)] = waiting
        self.of_one[whose] += 1
        return waiting

    def _end(self, waiting: _Waiting) -> None:
        del self.waiting[id(waiting)]
        self.held -= waiting.received
        self.of_one[waiting.whose] -= 1
        if not self.of_one[waiting.whose]:
            del self.of_one[waiting.whose]

    def _grow_older(self) -> None:
        """Every second of a process that is not busy otherwise; a busy one reads nothing."""
        self._is_ticking = False
        for waiting in self.waiting.values():
            waiting.grow_older()
        if self.waiting:
            self._tick_later()

    def _tick_later(self) -> None:
        self._is_ticking = True
        asyncio.get_running_loop().call_later(self.tick, self._grow_older)


def _refused(environ: Environ, refusal: Refusal) -> IO[bytes]:
    environ[REFUSED] = refusal
    return _empty()


def _empty() -> IO[bytes]:
    return SpooledTemporaryFile()
