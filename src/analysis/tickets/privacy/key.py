"""Where the key comes from with which callers are hashed; it is never shown."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from analysis.errors import Problem, RunError

__all__ = ["KEY_VARIABLE", "read_key"]

KEY_VARIABLE = "COMPENDIUM_CALLER_KEY"
_BYTES = 32
_TITLE = "there is no key to hash callers with"


def read_key(path: Path) -> bytes:
    """Return the secret key: from the environment, else from a file, which is made if needed.

    Parameters
    ----------
    path
        The file that holds the key if the variable ``COMPENDIUM_CALLER_KEY`` is not set. It is
        made once, of 32 random bytes that only its owner can read. Whoever shares tables must not
        share it, and who loses it can no longer tell the callers of old tables in new ones.

    Returns
    -------
    bytes
        32 to 64 bytes.

    Raises
    ------
    RunError
        If the variable is shorter than 32 bytes or longer than 64, or the file is of another
        length, or others than its owner can read it.
    """
    stated = os.environ.get(KEY_VARIABLE)
    if stated is not None:
        key = stated.encode()
        if not _BYTES <= len(key) <= 2 * _BYTES:
            what = f"{KEY_VARIABLE} holds {len(key)} bytes, not {_BYTES} to {2 * _BYTES}"
            hint = f"set it to {_BYTES} to {2 * _BYTES} random letters and digits, or unset it"
            raise RunError(_TITLE, [Problem(what, "the environment", hint)])
        return key
    _make(path)
    if path.stat().st_mode & 0o077:
        raise RunError(
            _TITLE,
            [Problem("others than its owner can read the key", path.name, "chmod 600 it")],
        )
    key = path.read_bytes()
    if len(key) != _BYTES:
        what = f"the file of the key holds {len(key)} bytes, not {_BYTES}"
        hint = "put the right file back, or remove it: a new key gives callers new hashes"
        raise RunError(_TITLE, [Problem(what, path.name, hint)])
    return key


def _make(path: Path) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    # no seed: it names a file
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            # no seed: a key that could be guessed would protect nobody
            stream.write(secrets.token_bytes(_BYTES))
        # Of two runs that begin at once, the first one's key holds for both.
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
