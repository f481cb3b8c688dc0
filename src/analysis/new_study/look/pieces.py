"""The beginning of a file of any size and pieces of the rest, in whole lines."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis.new_study.look.sample import refuse, spread

__all__ = ["UTF_16_MARKS", "Pieces", "read_pieces"]

UTF_16_MARKS = {b"\xff\xfe": b"\n\x00", b"\xfe\xff": b"\x00\n"}

HEAD_BYTES = 1 << 23
LATER_PIECES = 32
PIECE_BYTES = 1 << 15
# The end of a compressed file can only be reached through all of it.
UNPACKED_BYTES = 1 << 28
CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Pieces:
    """Bytes of a file.

    Attributes
    ----------
    head
        Whole lines from its beginning.
    later
        If it goes on after that: whole lines from places that are evenly spread, and its end.
    whole
        Whether the head is all of it.
    size
        How many bytes all of it has; None if only unpacking it to the end would tell.
    """

    head: bytes
    later: tuple[bytes, ...]
    whole: bool
    size: int | None

    def in_all(self, rows: int) -> int | None:
        """Say about how many rows the file has, if the pieces have so many."""
        looked_at = len(self.head) + sum(map(len, self.later))
        return None if self.size is None else round(rows * self.size / looked_at)


def read_pieces(path: Path) -> Pieces:
    """Read the first 8 MiB of a file and pieces of the rest, unpacked if it is compressed by gzip.

    Raises
    ------
    DataError
        If it is empty, cannot be unpacked, or its first line is longer than the head.
    """
    try:
        if path.suffix.lower() == ".gz":
            with gzip.open(path) as stream:
                pieces = _read_packed(stream)
        else:
            with path.open("rb") as stream:
                pieces = _read_plain(stream, path.stat().st_size)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        hint = "fetch it again; gzip -t tells whether a file is whole"
        raise refuse(path, "it cannot be unpacked: it is cut short or damaged", hint) from None
    if not pieces.head.strip(b"\x00\r\n\t \xff\xfe\xef\xbb\xbf"):
        raise refuse(path, "it is empty", "give a sample that has a header and rows")
    return _in_whole_lines(path, pieces)


def _read_plain(stream: io.BufferedIOBase, size: int) -> Pieces:
    head = stream.read(HEAD_BYTES)
    if size <= HEAD_BYTES:
        return Pieces(head, (), True, size)
    last = max(HEAD_BYTES, size - PIECE_BYTES)
    later = []
    for number in range(1, LATER_PIECES + 1):
        # An even place, so that the two bytes of a character of UTF-16 stay together.
        stream.seek((HEAD_BYTES + (last - HEAD_BYTES) * number // LATER_PIECES) // 2 * 2)
        later.append(stream.read(PIECE_BYTES if number < LATER_PIECES else -1))
    return Pieces(head, tuple(later), False, size)


def _read_packed(stream: io.BufferedIOBase) -> Pieces:
    head = stream.read(HEAD_BYTES)
    starts: list[bytes] = []
    last = b""
    while len(starts) * CHUNK_BYTES < UNPACKED_BYTES and (chunk := stream.read(CHUNK_BYTES)):
        starts.append(chunk[:PIECE_BYTES])
        last = (last + chunk)[-PIECE_BYTES:]
    later = (*spread(starts, LATER_PIECES - 1), last) if starts else ()
    return Pieces(head, later, not starts, None if starts else len(head))


def _in_whole_lines(path: Path, pieces: Pieces) -> Pieces:
    if pieces.whole:
        return pieces
    newline = UTF_16_MARKS.get(pieces.head[:2], b"\n")
    width = len(newline)
    end = pieces.head.rfind(newline)
    while end > 0 and end % width:
        end = pieces.head.rfind(newline, 0, end + width - 1)
    if end < 0:
        what = f"its first line is longer than {HEAD_BYTES >> 20} MiB"
        raise refuse(path, what, "check that its lines end where rows end")
    later = [_without_ends(piece, newline) for piece in pieces.later[:-1]]
    later += [_without_ends(piece, newline, last=True) for piece in pieces.later[-1:]]
    return Pieces(pieces.head[: end + width], tuple(later), False, pieces.size)


def _without_ends(piece: bytes, newline: bytes, *, last: bool = False) -> bytes:
    """Cut the parts of lines at the ends of a piece; the last piece ends where the file does."""
    width = len(newline)
    breaks = [at for at in _find_all(piece, newline) if at % width == 0]
    if not breaks:
        return b""
    return piece[breaks[0] + width : None if last else breaks[-1] + width]


def _find_all(piece: bytes, newline: bytes) -> Iterator[int]:
    at = piece.find(newline)
    while at >= 0:
        yield at
        at = piece.find(newline, at + 1)
