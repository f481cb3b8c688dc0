"""Values and comments of TOML, quoted so that any header and value comes back as it was.

Most of a new study file is comments, which writers of TOML leave out; so its lines are put together
here, and only strings need care.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping

from analysis.new_study.propose.table import Value

__all__ = ["comment", "key", "shown", "value"]

WIDTH = 100
_BARE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")


def value(given: Value | object) -> str:
    r"""Write a value.

    Examples
    --------
    >>> print(value(("a\nb", "街道")))
    ["a\nb", "街道"]
    """
    match given:
        case bool():
            return "true" if given else "false"
        case str():
            return f'"{_escape(given)}"'
        case int() | float():
            return repr(given)
        case tuple():
            return _array([value(item) for item in given])
        case Mapping():
            return "{ " + ", ".join(f"{key(k)} = {value(v)}" for k, v in given.items()) + " }"
    raise TypeError(f"TOML has no {type(given).__name__}")


def key(name: str) -> str:
    """Write a key: bare if it can be."""
    return name if name and _BARE.issuperset(name) else f'"{_escape(name)}"'


def comment(text: str) -> str:
    """Write a comment, in as many lines as it needs."""
    return "".join(f"# {line}\n" for line in textwrap.wrap(shown(text), WIDTH - 2))


def shown(text: str) -> str:
    """Write a header or value so that it stays on its line and changes none around it."""
    return "".join(sign if sign.isprintable() else _code(sign) for sign in text)


def _escape(text: str) -> str:
    # JSON escapes quotes, backslashes and control characters as TOML does. Others that nobody can
    # see, such as the separators of lines that Unicode has, are better seen too.
    quoted = json.dumps(text, ensure_ascii=False)[1:-1]
    return "".join(sign if sign.isprintable() else _code(sign) for sign in quoted)


def _code(sign: str) -> str:
    return f"\\u{ord(sign):04x}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08x}"


def _array(items: list[str]) -> str:
    line = f"[{', '.join(items)}]"
    if len(line) <= WIDTH - 20:
        return line
    return "[\n" + "".join(f"    {item},\n" for item in items) + "]"
