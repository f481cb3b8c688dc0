"""What a notebook's cell shows as text, without the pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["shown_texts"]


def shown_texts(cell: Mapping[str, Any]) -> list[str]:
    """Return the texts among a cell's outputs: streams, results as text and HTML, tracebacks.

    Examples
    --------
    >>> shown_texts({"outputs": [{"output_type": "stream", "text": ["a", "b"]}]})
    ['ab']
    """
    texts = []
    for output in cell.get("outputs", ()):
        texts.append("".join(output.get("text", "")))
        texts.append("\n".join(output.get("traceback", ())))
        for kind, content in output.get("data", {}).items():
            if kind.startswith("text/"):
                texts.append("".join(content))
    return [text for text in texts if text]
