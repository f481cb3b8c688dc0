"""A text file as a stream of bytes, whatever its encoding and whether it is compressed."""

from __future__ import annotations

import codecs
import gzip
import io
from pathlib import Path
from typing import BinaryIO, TextIO, cast

import pyarrow as pa

__all__ = [
    "RECORD_LIMIT",
    "NotDeclaredError",
    "check_mark",
    "check_not_utf8",
    "open_bytes",
    "open_text",
    "open_utf8",
]

# No record may be longer, in bytes: so memory is bounded, however long a line is.
RECORD_LIMIT = 4 << 20
# So many bytes beyond ASCII are not valid UTF-8 by chance.
_ENOUGH = 12
# In these, bytes of another encoding hardly ever decode.
_UNICODE = ("utf-8", "utf-8-sig", "utf-16")


class NotDeclaredError(Exception):
    """A file is in another encoding than it is declared to be, though all its bytes decode.

    Attributes
    ----------
    hint
        What to do.
    """

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.hint = hint


def open_bytes(path: Path) -> BinaryIO:
    """Open a file, unpacked if its name ends in ``.gz``."""
    return cast(BinaryIO, gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")


def open_text(path: Path, encoding: str) -> TextIO:
    """Open a file as text whose line ends are left as they are.

    Raises
    ------
    NotDeclaredError
        If it is said to be UTF-16 and does not begin with a byte-order mark.
    """
    check_mark(path, encoding)
    return io.TextIOWrapper(open_bytes(path), encoding=_forgiving(encoding), newline="")


def open_utf8(path: Path, encoding: str) -> pa.NativeFile:
    """Open a text file as a stream of UTF-8 that Arrow reads.

    Parameters
    ----------
    path
        The file.
    encoding
        Its encoding. UTF-8 is checked and goes through as it is.

    Raises
    ------
    NotDeclaredError
        If it is said to be UTF-16 and does not begin with a byte-order mark. While it is read: if
        it is said to be in an encoding in which UTF-8 may decode, and is UTF-8.
    UnicodeDecodeError
        While it is read.
    """
    check_mark(path, encoding)
    return pa.PythonFile(_Recoded(open_bytes(path), encoding), mode="r")


class _Recoded(io.RawIOBase):
    """The bytes of a file as UTF-8."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream = stream
        self._encoding = encoding
        self._is_utf8 = _forgiving(encoding) == "utf-8-sig"
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._ready = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if self._is_utf8:
            chunk = self._stream.read(size)
            self._decoder.decode(chunk, final=not chunk)
            return chunk
        # A byte of other encodings becomes up to three of UTF-8: what is too much waits.
        while len(self._ready) < size:
            chunk = self._stream.read(size)
            check_not_utf8(chunk, self._encoding)
            self._ready += self._decoder.decode(chunk, final=not chunk).encode()
            if not chunk:
                break
        taken, self._ready = self._ready[:size], self._ready[size:]
        return taken

    def close(self) -> None:
        self._stream.close()
        super().close()


def check_mark(path: Path, encoding: str) -> None:
    """Refuse a file that is said to be UTF-16 and does not begin with a byte-order mark."""
    if encoding != "utf-16":
        return
    with open_bytes(path) as stream:
        mark = stream.read(2)
    if mark and mark not in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        raise NotDeclaredError(
            "the file does not begin with a byte-order mark, as utf-16 must",
            "correct 'encoding' in the study file",
        )


def check_not_utf8(chunk: bytes, encoding: str) -> None:
    """Refuse UTF-8 in a file that is said to be in an encoding that reads other characters in it.

    GB18030 and Latin-1, say, do so without an error. Whole lines are looked at, because a chunk may
    begin or end within a character. A file of both encodings is found if all lines of a chunk are
    UTF-8; what is really in the other encoding is as good as never that.
    """
    if encoding in _UNICODE or chunk.isascii():
        return
    begin, end = chunk.find(b"\n") + 1, chunk.rfind(b"\n") + 1
    for part in (chunk, chunk[begin:end]):
        if sum(byte > 0x7F for byte in part[: 1 << 16]) < _ENOUGH:
            continue
        try:
            part.decode("utf-8")
        except UnicodeDecodeError:
            continue
        raise NotDeclaredError(
            f"the file, or a part of it, is utf-8, not {encoding}",
            "save all of it in one encoding, and name that under 'encoding' in the study file",
        )


def _forgiving(encoding: str) -> str:
    return "utf-8-sig" if encoding in ("utf-8", "utf-8-sig") else encoding
