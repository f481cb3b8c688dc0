"""The line of a notebook on which an exhibit is recorded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell

from analysis.ledger.origin import line_of_call

SOURCE = """\
# %%
from pathlib import Path

from analysis.ledger.origin import line_of_call


# %%
def record():
    return line_of_call(source)


# %%
# A comment.
first = line_of_call(
    source,
)
second = record()
print(first, second)
"""
# The lines of SOURCE on which the two calls begin.
FIRST, SECOND = 14, 9


def test_a_notebook_that_is_run_as_a_script_tells_its_lines(tmp_path: Path) -> None:
    source = tmp_path / "01_toy.py"
    text = SOURCE.replace("# %%\nfrom", "# %%\nsource = None\nfrom", 1)
    source.write_text(text + "", encoding="utf-8")
    source.write_text(
        text.replace("source = None", f"source = __import__('pathlib').Path({str(source)!r})"),
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, str(source)], check=True, capture_output=True, text=True)
    assert done.stdout.split() == [str(FIRST + 1), str(SECOND + 1)]


def test_cells_tell_the_lines_of_the_source_they_were_read_from(tmp_path: Path) -> None:
    source = tmp_path / "01_toy.py"
    source.write_text(SOURCE, encoding="utf-8")
    shell = InteractiveShell()
    # A shell in a test is not the main program, as a kernel is.
    shell.user_ns.update({"__name__": "__main__", "source": source})
    for cell in SOURCE.split("# %%\n")[1:]:
        shell.run_cell(cell.strip("\n")).raise_error()
    assert (shell.user_ns["first"], shell.user_ns["second"]) == (FIRST, SECOND)


def test_outside_of_a_notebook_there_is_no_line(tmp_path: Path) -> None:
    source = tmp_path / "01_toy.py"
    source.write_text("x = 1\n", encoding="utf-8")
    assert line_of_call(source) is None
    assert line_of_call(tmp_path / "missing.py") is None
