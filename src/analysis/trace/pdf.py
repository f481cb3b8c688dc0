"""PDFs: a document of ours is known by its title, a figure by an id in its metadata."""

from __future__ import annotations

import html
import re
from collections.abc import Container
from pathlib import Path

__all__ = ["document_of_pdf", "figure_of_pdf"]

# Metadata are not compressed in archival PDFs, so that programs that know no PDF can find them.
PACKET = re.compile(rb"<\?xpacket begin.*?<\?xpacket end", re.DOTALL)
TITLE = re.compile(r"<dc:title>.*?<rdf:li[^>]*>(.*?)</rdf:li>", re.DOTALL)
WORDS = re.compile(r"[^<>()\s,;]+")
INFO = re.compile(rb"/(?:Title|Subject|Keywords)\s*\(([^)]*)\)")


def document_of_pdf(root: Path, content: bytes) -> str | None:
    """Name the document, such as ``paper``, that has the same title; None if there is none."""
    title = _title(content)
    committed = {path.stem: path.read_bytes() for path in sorted((root / "paper").glob("*.pdf"))}
    same = [name for name, other in committed.items() if other == content]
    titled = [name for name, other in committed.items() if title and _title(other) == title]
    return next(iter([*same, *titled]), None)


def figure_of_pdf(content: bytes, known: Container[str]) -> str | None:
    """Find an id of ours in a PDF's metadata; None if there is none."""
    packet = PACKET.search(content)
    texts = [packet[0].decode("utf-8", "replace")] if packet else []
    texts += [found.decode("latin-1") for found in INFO.findall(content)]
    words = (word for text in texts for word in WORDS.findall(text))
    return next((word for word in words if word in known), None)


def _title(content: bytes) -> str | None:
    packet = PACKET.search(content)
    found = TITLE.search(packet[0].decode("utf-8", "replace")) if packet else None
    return html.unescape(found[1]).strip() if found else None
