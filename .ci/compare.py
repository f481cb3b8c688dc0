"""Compare what the code has made with what is committed, byte for byte or else by tolerance.

On one machine the bytes are the same. Another processor may differ in the last digits of a sum,
so a file that differs is read again: every number in it may be off by a relative 1e-6, and every
other character must be the same. Pictures may differ in few pixels. The PDF must be the same
unless one of the files it is made of differs within the tolerance.
"""

import io
import json
import math
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MADE = ("paper", "notebooks/executed", "data")
RELATIVE, ABSOLUTE = 1e-6, 1e-9
PIXELS = 0.002  # the share of pixels of a picture that may differ
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


def main() -> int:
    changed = git("status", "--porcelain", "--untracked-files=all", "--", *MADE).splitlines()
    verdicts = {line[3:].strip('"'): verdict(line[:2], line[3:].strip('"')) for line in changed}
    pdf = verdicts.pop("paper/paper.pdf", None)
    if pdf is not None and not verdicts:
        verdicts["paper/paper.pdf"] = "differs though nothing it is made of does"
    wrong = {name: what for name, what in verdicts.items() if what}
    for name, what in sorted(wrong.items()):
        print(f"{name}: {what}")
    within = len(verdicts) - len(wrong)
    print(f"{len(wrong)} files differ from what is committed; {within} only in last digits.")
    return 1 if wrong else 0


def verdict(status: str, name: str) -> str:
    if status == "??":
        return "is made by the code but not committed"
    if "D" in status:
        return "is committed but no longer made by the code"
    old = subprocess.run(
        ["git", "show", f"HEAD:{name}"], cwd=ROOT, check=True, capture_output=True
    ).stdout
    new = (ROOT / name).read_bytes()
    match Path(name).suffix:
        case ".pdf":
            return ""
        case ".png":
            return "" if same_picture(old, new) else "shows another picture"
        case ".ipynb":
            return same_text(plain_notebook(old), plain_notebook(new))
        case _:
            return same_text(old.decode("utf-8"), new.decode("utf-8"))


def same_text(old: str, new: str) -> str:
    if NUMBER.sub("#", old) != NUMBER.sub("#", new):
        return "has other words"
    for before, after in zip(NUMBER.findall(old), NUMBER.findall(new), strict=True):
        if not math.isclose(float(before), float(after), rel_tol=RELATIVE, abs_tol=ABSOLUTE):
            return f"says {after} where {before} is committed"
    return ""


def plain_notebook(data: bytes) -> str:
    """A notebook without its pictures and hashes, which its exhibits' own files stand for."""
    notebook = json.loads(data)
    notebook["metadata"].pop("compendium", None)
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop("image/png", None)
    return json.dumps(notebook, ensure_ascii=False, sort_keys=True)


def same_picture(old: bytes, new: bytes) -> bool:
    from PIL import Image, ImageChops

    before, after = (Image.open(io.BytesIO(data)).convert("L") for data in (old, new))
    if before.size != after.size:
        return False
    histogram = ImageChops.difference(before, after).histogram()
    return sum(histogram[16:]) <= PIXELS * before.size[0] * before.size[1]


def git(*words: str) -> str:
    command = ["git", "-c", "core.quotepath=off", *words]
    return subprocess.run(
        command, cwd=ROOT, check=True, capture_output=True, text=True, encoding="utf-8"
    ).stdout


if __name__ == "__main__":
    sys.exit(main())
