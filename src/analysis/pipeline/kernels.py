"""Start kernels that do not speak to the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from traitlets import Unicode

__all__ = ["ReticentKernelManager"]


class ReticentKernelManager(AsyncKernelManager):
    """A manager of kernels whose own messages go to a file.

    What the cells of a notebook write is in the notebook. What is left is what the kernel says of
    itself: the traceback of a thread that writes to a socket while the kernel ends, which means
    nothing, or the last words of one that dies. Neither belongs between the lines of a run.

    Attributes
    ----------
    messages
        The path of the file, which is written anew.

    Examples
    --------
    >>> ReticentKernelManager(messages="kernel.txt").messages
    'kernel.txt'
    """

    messages = Unicode(help="Where the kernel writes its own messages.").tag(config=True)

    # An asynchronous manager has the type of the synchronous one it derives from.
    async def start_kernel(self, **options: Any) -> None:  # type: ignore[override]
        """Start a kernel, with the `options` of jupyter_client."""
        with Path(self.messages).open("wb") as messages:
            # Others on the machine could read what is not encrypted.
            await super().start_kernel(stderr=messages, transport_encryption="auto", **options)
