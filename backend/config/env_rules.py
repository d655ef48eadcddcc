"""What makes a value unfit for production: placeholders, weak keys, keys used twice."""

import math
import re
from collections import Counter
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

PLACEHOLDERS = re.compile(
    r"""_from_(the_)?vault$        # the production runbook
      | ^production_\w*(password|secret|key|token)\w*$
      | change[\s_-]?(me|this|it)
      | replace[\s_-]?(me|this|with)
      | ^your[\s_-]
      | placeholder | ^todo\b | ^dummy | ^insert[\s_-]
      | ^<.*>$ | ^\$\{.*\}$ | ^\{\{.*\}\}$
      | x{4,}
      | ^(my[\s_-]?)?(super[\s_-]?)?
        (secret|password|passwd|key|token|admin|test|example|default|none|null)
        ([\s_-]?(key|password|secret|token))?\d{0,4}$
      | ^[\w.+-]+@example\.(com|org|net)$
    """,
    re.IGNORECASE | re.VERBOSE,
)
SHORTEST_KEY = 32
SHORTEST_PASSWORD = 12
# A random key of 32 hexadecimal digits, the least we take, measures about 110.
LEAST_KEY_BITS = 90


def is_placeholder(value: str) -> bool:
    return PLACEHOLDERS.search(value) is not None


def placeholder_in_url(url: str) -> str:
    """The part of a database address that nobody has filled in yet, or nothing."""
    try:
        parts = urlsplit(url)
        user, password, hosts = parts.username, parts.password, parts.netloc.rpartition("@")[2]
    except ValueError:
        return ""
    if password and is_placeholder(unquote(password)):
        return "the password"
    if user and is_placeholder(unquote(user)):
        return "the user"
    return "the host" if is_placeholder(hosts) else ""


def without_password(url: str) -> str:
    """The address as it may be shown."""
    return re.sub(r"(?<=//)([^:/@]*):.*@", r"\1:••••@", url)


def weakness_of_key(value: str) -> str:
    """Why `value` cannot be a key of ours, or nothing when it can."""
    if len(value) < SHORTEST_KEY:
        return f"is {len(value)} characters long and needs {SHORTEST_KEY}."
    if value in (value + value)[1:-1]:
        return "repeats itself."
    if _bits(value) < LEAST_KEY_BITS:
        return "is too regular to be random."
    return ""


def weakness_of_password(value: str) -> str:
    if len(value) < SHORTEST_PASSWORD:
        return f"is {len(value)} characters long and needs {SHORTEST_PASSWORD}."
    return "uses too few different characters." if len(set(value)) < 5 else ""


def used_twice(secrets: Mapping[str, str]) -> list[tuple[str, str]]:
    """Pairs of names that share one value, each name with the first that had it."""
    first: dict[str, str] = {}
    pairs = []
    for name, value in secrets.items():
        if value in first:
            pairs.append((name, first[value]))
        first.setdefault(value, name)
    return pairs


def _bits(text: str) -> float:
    """Shannon's measure over the text's own letters: what repeats itself weighs little."""
    share = [count / len(text) for count in Counter(text).values()]
    return -len(text) * sum(part * math.log2(part) for part in share)
