"""Write what the ledgers are made of: records, tables and the ledgers themselves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis.workspace import write_atomically

__all__ = ["write_json"]


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write a JSON file, one key a line and keys in order, so that changes show line by line.

    Parameters
    ----------
    path
        Where to; its folder is made if needed.
    content
        What is written.
    """
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    write_atomically(path, f"{text}\n")
