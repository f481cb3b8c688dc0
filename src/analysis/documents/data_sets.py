"""Which data there are, by folder and by file: what they are about, rights, sizes and hashes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from analysis.archive.metadata import DataSet, read_metadata
from analysis.clean.raw_files import CHECKSUMS, check_raw_files
from analysis.markdown import markdown_table
from analysis.workspace import file_hash

__all__ = ["data_by_file", "data_by_folder"]

# Enough to tell folders apart at a glance; the files' hashes are listed in full.
_DIGITS = 16


def data_by_folder(root: Path) -> str:
    """Write one row for each folder of raw data.

    Its hash is that of its lines in SHA256SUMS, so that one command checks it.
    """
    metadata, studies = read_metadata(root)
    rows = []
    for data in metadata.data:
        cover = metadata.coverage(data, studies)
        files = _files(root, data)
        size = sum((root / "data" / "raw" / name).stat().st_size for name in files)
        licence = f"{data.licence}; {data.rights}" if data.licence else data.rights
        rows.append(
            [
                f"`data/raw/{data.folder}/`",
                f"{data.title}. {data.source}",
                f"{cover.where}, {cover.first} to {cover.last}",
                licence,
                f"`{data.citation}`",
                len(files),
                f"{size / 1e6:.2f}",
                f"`{_joint_hash(root, data)[:_DIGITS]}`",
            ]
        )
    heads = ["folder", "what it is, and its source", "covers", "rights", "citation", "files", "MB"]
    heads += ["sha256 begins"]
    words = (
        "The hash of a folder is that of its lines in `data/raw/SHA256SUMS`: "
        "`grep ' beijing/' data/raw/SHA256SUMS | sha256sum`."
    ).replace("beijing", metadata.data[0].folder)
    return f"{markdown_table(heads, rows, 'lllllrrl')}\n\n{words}"


def data_by_file(root: Path) -> str:
    """Write one row for each raw file."""
    metadata, _ = read_metadata(root)
    sections = []
    for data in metadata.data:
        rows = []
        for name in _files(root, data):
            path = root / "data" / "raw" / name
            rows.append([f"`{name}`", f"{path.stat().st_size:,}", f"`{file_hash(path)}`"])
        sections += [
            f"## {data.folder}: {data.title}",
            markdown_table(["file", "bytes", "sha256"], rows, "lrl"),
        ]
    return "\n\n".join(sections)


def _files(root: Path, data: DataSet) -> list[str]:
    raw = root / "data" / "raw"
    check_raw_files(raw, [data.folder])
    return [line.partition("  ")[2].rstrip("\n") for line in _lines(root, data)]


def _joint_hash(root: Path, data: DataSet) -> str:
    return hashlib.sha256("".join(_lines(root, data)).encode()).hexdigest()


def _lines(root: Path, data: DataSet) -> Sequence[str]:
    text = (root / "data" / "raw" / CHECKSUMS).read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    return [line for line in lines if line.partition("  ")[2].startswith(f"{data.folder}/")]
