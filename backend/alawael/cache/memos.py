"""What a process need not find out on every request.

Whose a token is, what is switched off, and how a path, a question or a list of codings reads.
"""

import logging
from urllib.parse import parse_qsl, urlencode

from alawael.cache.answers import coding_for
from alawael.cache.standing import Known, Moment, Standing
from alawael.cache.watch import recording
from alawael.cache.wiring import Caller, Environ, Route, Wiring

log = logging.getLogger(__name__)

#: How long a verified token is remembered at most (seconds); any change of its session, user or
#: roles ends it at once.
REMEMBERED = 30.0
_MOST = 20_000
_MOST_CODINGS = 1_000


class Memos:
    def __init__(self, wiring: Wiring, standing: Standing) -> None:
        self.wiring, self.standing = wiring, standing
        self._routes: dict[str, Route | None] = {}
        self._queries: dict[str, str] = {"": ""}
        self._codings: dict[str, str] = {}
        self._callers: dict[str, Known] = {}
        self._off: Known | None = None

    def route(self, path: str) -> Route | None:
        try:
            return self._routes[path]
        except KeyError:
            pass
        if not path.startswith("/api/"):
            return None
        if len(self._routes) >= _MOST:
            self._routes.clear()
        found = self._routes[path] = self.wiring.route(path)
        return found

    def known_route(self, path: str) -> Route | None:
        return self._routes.get(path)

    def known_caller(self, environ: Environ, moment: Moment) -> Caller | None:
        """Who asks, as far as that is remembered."""
        known = self._callers.get(environ.get("HTTP_AUTHORIZATION", ""))
        return known.value if known is not None and self.standing.holds(known, moment) else None

    def known_to_be_off(self, moment: Moment) -> frozenset[str] | None:
        """What is switched off; None while that is not known."""
        known = self._off
        return known.value if known is not None and self.standing.holds(known, moment) else None

    def caller(self, environ: Environ, moment: Moment) -> Caller | None:
        """Who asks; None when it is nobody, or nobody whose answers are kept."""
        token = environ.get("HTTP_AUTHORIZATION")
        if not token or moment.position is None:
            return None
        if (known := self.known_caller(environ, moment)) is not None:
            return known
        try:
            with recording() as cells:
                caller = self.wiring.identify(environ, REMEMBERED)
        except Exception:  # a database that is away is for Django to tell
            log.exception("cache_identify_failed")
            return None
        if caller is not None and self.standing.may_keep(cells, moment):
            if len(self._callers) >= _MOST:
                self._callers.clear()
            self._callers[token] = Known(caller, cells, moment, lasts=REMEMBERED)
        return caller

    def switched_off(self, moment: Moment) -> frozenset[str]:
        if (known := self.known_to_be_off(moment)) is not None:
            return known
        with recording() as cells:
            off = self.wiring.switched_off()
        if self.standing.may_keep(cells, moment):
            self._off = Known(off, cells, moment, lasts=3600)
        return off

    def sorted(self, query: str) -> str:
        """The same questions in the same order: ?a=1&b=2 and ?b=2&a=1 are one."""
        try:
            return self._queries[query]
        except KeyError:
            pass
        if len(self._queries) >= _MOST:
            self._queries.clear()
        # A name that comes twice keeps its order: the last one may count.
        pairs = sorted(parse_qsl(query, keep_blank_values=True), key=lambda pair: pair[0])
        found = self._queries[query] = urlencode(pairs)
        return found

    def coding(self, accepted: str) -> str:
        try:
            return self._codings[accepted]
        except KeyError:
            pass
        if len(self._codings) >= _MOST_CODINGS:
            self._codings.clear()
        found = self._codings[accepted] = coding_for(accepted)
        return found
