#!/usr/bin/env python3
"""Reproduce everything, from raw data to paper, with nothing but Python 3.11 to 3.13.

python3 reproduce.py            make the environment if needed, then run the whole pipeline
python3 reproduce.py test       the same environment, then the whole test suite
python3 reproduce.py --help     everything else (all words are handed to the `compendium` command)

The environment is `.venv` in this folder: exactly the packages of `requirements.txt`, each checked
against its hash. Nothing is written outside this folder.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.txt"
STAMP = VENV / "compendium.json"
TEMPORARY = ROOT / ".cache" / "tmp"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def main() -> int:
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        found = ".".join(map(str, sys.version_info[:3]))
        return fail(
            f"Python {found} is not supported; the environment is locked for 3.11 to 3.13.",
            "Run this file with one of them, for instance: python3.13 reproduce.py",
        )
    wanted = fingerprint()
    if stamped() != wanted:
        try:
            make_environment(wanted)
        except subprocess.CalledProcessError as failure:
            return fail(
                f"The environment could not be made: {failure.cmd[-1]!r} ended with code "
                f"{failure.returncode}; see the lines above.",
                "Check the network and run the same command again; it starts afresh.",
            )
    return hand_over([str(PYTHON), "-m", "analysis.cli", *sys.argv[1:]])


def fingerprint() -> str:
    """What the environment depends on; if any of it changes, the environment is made anew."""
    # A moved environment does not work, nor does one of another Python.
    parts = [LOCK.read_text(encoding="utf-8"), str(ROOT), sys.version]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def stamped() -> str:
    """The fingerprint of the environment that is there; empty if none was ever completed."""
    try:
        return str(json.loads(STAMP.read_text(encoding="utf-8"))["fingerprint"])
    except (OSError, ValueError, KeyError):
        return ""


def make_environment(wanted: str) -> None:
    """Make `.venv` from the lock. The stamp comes last: without it the next call starts afresh."""
    start = time.monotonic()
    say("Making the environment in .venv (about a minute, once) ...")
    shutil.rmtree(VENV, ignore_errors=True)
    shutil.rmtree(TEMPORARY, ignore_errors=True)
    TEMPORARY.mkdir(parents=True)
    run(sys.executable, "-m", "venv", VENV)
    with tempfile.TemporaryDirectory(dir=TEMPORARY) as folder:
        uv_only = Path(folder) / "uv.txt"
        uv_only.write_text(locked("uv"), encoding="utf-8")
        pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-cache-dir", "--quiet"]
        run(*pip, "install", "--no-deps", "--only-binary=:all:", "--require-hashes", "-r", uv_only)
    uv = [PYTHON, "-m", "uv", "--no-cache", "pip", "install", "--quiet", "--python", PYTHON]
    run(*uv, "--require-hashes", "--compile-bytecode", "-r", LOCK)
    run(*uv, "--no-deps", "--editable", ROOT)
    seconds = round(time.monotonic() - start, 1)
    STAMP.write_text(
        json.dumps({"fingerprint": wanted, "seconds": seconds}) + "\n", encoding="utf-8"
    )
    say(f"Environment ready after {seconds:.0f} s.")


def locked(package: str) -> str:
    """The lines of one package in the lock: its version and the hashes of its files."""
    lines = LOCK.read_text(encoding="utf-8").splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith(f"{package}=="))
    last = first
    while lines[last].rstrip().endswith("\\"):
        last += 1
    return "\n".join(lines[first : last + 1]) + "\n"


def run(*words: object) -> None:
    environment = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "PYTHONHOME"}}
    environment |= {name: str(TEMPORARY) for name in ("TMPDIR", "TEMP", "TMP")}
    subprocess.run([str(word) for word in words], check=True, env=environment, cwd=ROOT)


def hand_over(words: list[str]) -> int:
    """Become the `compendium` command, so that a signal reaches it and not a parent."""
    environment = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "PYTHONHOME"}}
    os.chdir(ROOT)
    if os.name != "nt":
        sys.stdout.flush()
        os.execve(words[0], words, environment)
    try:
        return subprocess.call(words, env=environment)
    except KeyboardInterrupt:
        return 130


def say(line: str) -> None:
    print(line, flush=True)


def fail(what: str, remedy: str) -> int:
    print(f"reproduce.py: {what}\n    Hint: {remedy}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
