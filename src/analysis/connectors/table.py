"""Download one table, page after page: each is checked, written whole and never fetched twice."""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

from analysis.connectors.connector import Connector, Page, Position
from analysis.connectors.provenance import (
    Part,
    Provenance,
    now,
    read_provenance,
    write_provenance,
)
from analysis.errors import Problem, RunError, listing
from analysis.study.download import Download
from analysis.workspace import file_hash, write_atomically

__all__ = ["Progress", "download_table", "read_part"]

# Told after each page: rows so far, and the total if the portal announced one.
Progress = Callable[[int, int | None], None]


def download_table(
    download: Download,
    folder: Path,
    connect: Callable[[], Connector],
    progress: Progress = lambda rows, total: None,
) -> Provenance:
    """Bring a table's folder up to what the portal has, or leave a download that can go on.

    A part whose hash is the recorded one, and that begins where the page before it ends, is kept;
    all others are fetched. If all are kept, nothing is asked of the portal.

    Parameters
    ----------
    download
        What to fetch.
    folder
        Where to; it is made if needed.
    connect
        Reaches the portal; not called if there is nothing to fetch.
    progress
        Told after each page.

    Returns
    -------
    Provenance
        What is in the folder now, as in its ``provenance.json``.

    Raises
    ------
    RunError
        If the portal fails or its pages do not fit together. The parts fetched until then are
        whole and recorded.
    """
    before = read_provenance(folder)
    if before is not None:
        _check_same_request(before, download)
        if before.complete and _is_whole(before, folder):
            return before
    connector = connect()
    record = _begin(before, download, connector, folder)
    known = {_key(part.position): part for part in record.parts}
    record = dataclasses.replace(record, parts=())
    for position, page in _pages(connector, known, folder):
        record = _extend(record, position, page, folder, known)
        progress(record.rows, record.total_at_start)
    return _finish(record, connector, folder)


def read_part(path: Path) -> Iterator[dict[str, object]]:
    """Read the records of one part."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _check_same_request(before: Provenance, download: Download) -> None:
    # Neither the size of pages nor the words of the licence changes which rows are fetched.
    changed = [
        given.name
        for given in dataclasses.fields(Download)
        if getattr(before.download, given.name) != getattr(download, given.name)
        and given.name not in {"page_size", "licence"}
    ]
    if changed:
        hint = "download it anew, with --fresh"
        what = f"the folder was downloaded with another {listing(changed)}"
        raise RunError(_title(download), [Problem(what, download.folder, hint)])


def _begin(
    before: Provenance | None, download: Download, connector: Connector, folder: Path
) -> Provenance:
    """Start a record, or take up the former one, and write what explains the records."""
    if before is not None and before.method != connector.method:
        what = f"it began with {before.method}; the portal now gives {connector.method}"
        hint = "download it anew, with --fresh"
        raise RunError(_title(download), [Problem(what, download.folder, hint)])
    beside = {}
    for name, content in connector.beside.items():
        write_atomically(folder / name, content)
        beside[name] = hashlib.sha256(content).hexdigest()
    if before is None:
        total = connector.count()
        record = Provenance(download, connector.method, now(), total_at_start=total, beside=beside)
    else:
        record = dataclasses.replace(before, download=download, beside=beside)
    record = dataclasses.replace(record, complete=False, finished=None, rows=0)
    write_provenance(folder, record)
    return record


def _pages(
    connector: Connector, known: dict[str, Part], folder: Path
) -> Iterator[tuple[Position, Page | Part]]:
    """Walk from page to page: those on disk as parts, the others fetched."""
    position: Position | None = connector.start
    while position is not None:
        part = known.get(_key(position))
        if part is not None and _is_right(folder, part):
            yield position, part
            position = part.following
            continue
        page = connector.fetch(position)
        if page.records:
            yield position, page
        position = page.following


def _extend(
    record: Provenance,
    position: Position,
    page: Page | Part,
    folder: Path,
    known: dict[str, Part],
) -> Provenance:
    """Add a part to the record, and write both unless the part is there already."""
    name = f"part-{len(record.parts) + 1:05}.jsonl.gz"
    if isinstance(page, Part) and page.file == name:
        part = page
    else:
        part = _write_part(record, position, page, folder / name)
    record = dataclasses.replace(record, parts=(*record.parts, part), rows=record.rows + part.rows)
    # Parts further on stay recorded, so that a download that is killed here finds them again.
    later = [kept for kept in known.values() if kept.file > name]
    write_provenance(folder, dataclasses.replace(record, parts=(*record.parts, *later)))
    return record


def _write_part(record: Provenance, position: Position, page: Page | Part, path: Path) -> Part:
    if isinstance(page, Part):
        # Fewer pages came before it than the last time, so its number is another one.
        content = (path.parent / page.file).read_bytes()
        write_atomically(path, content)
        return dataclasses.replace(page, file=path.name)
    download = record.download
    _check_page(record, page, path.parent)
    content = _compressed(page, download.select)
    sha256 = hashlib.sha256(content).hexdigest()
    if any(part.sha256 == sha256 for part in record.parts):
        raise _repeated(download, path.name, "all its rows are those of an earlier page")
    write_atomically(path, content)
    query = dict(page.query)
    return Part(path.name, len(page.records), sha256, now(), query, position, page.following)


def _check_page(record: Provenance, page: Page, folder: Path) -> None:
    """Refuse a page that lacks a column or holds a row that was there already."""
    download = record.download
    number = len(record.parts) + 1
    gone = [name for name in download.select if name not in page.columns]
    if gone:
        new = [name for name in page.columns if name not in download.select]
        what = f"page {number} lacks the columns {listing(gone)}"
        what += f" and has {listing(new)}" if new else ""
        hint = "the portal changed its columns; mend 'select' and download it anew, with --fresh"
        raise RunError(_title(download), [Problem(what, download.folder, hint)])
    keys = [given.get(download.order) for given in page.records]
    if None in keys:
        what = f"row {keys.index(None) + 1} of page {number} has no {download.order!r}"
        hint = "choose another column for 'order', or leave such rows out by 'where'"
        raise RunError(_title(download), [Problem(what, download.folder, hint)])
    earlier = set(_keys_of_last(record, folder))
    seen: set[object] = set()
    for key in keys:
        if key in seen:
            what = f"{download.order} {key!r} stands twice on page {number}"
            hint = "choose a column for 'order' that is unique"
            raise RunError(_title(download), [Problem(what, download.folder, hint)])
        if key in earlier:
            raise _repeated(
                download, f"page {number}", f"{download.order} {key!r} was on the page before"
            )
        seen.add(key)


def _keys_of_last(record: Provenance, folder: Path) -> list[object]:
    # Keys of all pages would not fit in memory for the largest cities. A page that is shifted
    # repeats rows of the one before it; any other repetition shows in the hashes or the total.
    if not record.parts:
        return []
    last = folder / record.parts[-1].file
    return [given[record.download.order] for given in read_part(last)]


def _finish(record: Provenance, connector: Connector, folder: Path) -> Provenance:
    """Compare with the total, and take away parts of a former, longer download."""
    total = connector.count()
    record = dataclasses.replace(record, total_at_end=total)
    write_provenance(folder, record)
    if record.rows == 0:
        what, hint = "the portal has no rows", "look at 'dataset' and 'where' in the study file"
        raise RunError(_title(record.download), [Problem(what, record.download.folder, hint)])
    if total is not None:
        announced = {total, total if record.total_at_start is None else record.total_at_start}
        if not min(announced) <= record.rows <= max(announced):
            what = f"{record.rows} rows came, but the portal announced "
            what += " to ".join(map(str, sorted(announced)))
            hint = (
                f"see that {record.download.order!r} is unique and never empty; if the table was "
                "being changed, download it anew, with --fresh"
            )
            raise RunError(_title(record.download), [Problem(what, record.download.folder, hint)])
    record = dataclasses.replace(record, complete=True, finished=now())
    write_provenance(folder, record)
    written = {part.file for part in record.parts}
    for path in sorted(folder.glob("part-*.jsonl.gz")):
        if path.name not in written:
            path.unlink()
    return record


def _compressed(page: Page, select: tuple[str, ...]) -> bytes:
    """Write the chosen columns as JSON lines, without a time: equal rows give equal bytes."""
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, mtime=0, compresslevel=6) as packed:
        for record in page.records:
            chosen = {name: record.get(name) for name in select}
            line = json.dumps(chosen, ensure_ascii=False, separators=(",", ":"))
            packed.write(f"{line}\n".encode())
    return buffer.getvalue()


def _is_whole(record: Provenance, folder: Path) -> bool:
    explained = all(_has_hash(folder / name, sha) for name, sha in record.beside.items())
    return explained and all(_is_right(folder, part) for part in record.parts)


def _is_right(folder: Path, part: Part) -> bool:
    return _has_hash(folder / part.file, part.sha256)


def _has_hash(path: Path, sha256: str) -> bool:
    return path.is_file() and file_hash(path) == sha256


def _key(position: Position) -> str:
    return json.dumps(position, sort_keys=True)


def _repeated(download: Download, where: str, how: str) -> RunError:
    hint = (
        "the portal repeats a page, or rows were added before it meanwhile; start the download "
        "again: it goes on where it stopped"
    )
    what = f"{where} repeats rows: {how}"
    return RunError(_title(download), [Problem(what, download.folder, hint)])


def _title(download: Download) -> str:
    return f"{download.folder} could not be downloaded from {download.address}"
