"""Random draws: every seed is stated in the README with file and line, and nothing draws without.

`find_seeds` is also what the README's list of seeds is written from.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

from analysis.preflight.finding import Allowed, Finding, Place
from analysis.preflight.tree import Tree

__all__ = ["Seed", "check_seeds", "find_seeds"]

# A hash seed orders sets; it draws nothing.
SEED_NAME = re.compile(r"(?!.*hash_seed)(?:.*_)?(?:seed|random_state)", re.IGNORECASE)
NO_SEED = re.compile(r"#\s*no seed:\s*(\S.*)")

# What makes a generator, and draws another sequence at each call if it is given no seed.
MAKERS = frozenset({"default_rng", "SeedSequence", "RandomState", "PCG64", "Philox", "MT19937"})
NEVER_REPEATED = {
    "os.urandom",
    "uuid.uuid1",
    "uuid.uuid4",
    "secrets.token_hex",
    "secrets.token_bytes",
    "secrets.randbelow",
    "secrets.choice",
    "random.SystemRandom",
}
CLOCKS = ("time.time", "time.time_ns", "datetime.now", "datetime.datetime.now", "os.getpid")


@dataclass(frozen=True, slots=True)
class Seed:
    """One seed that is written down.

    Attributes
    ----------
    name
        What it is called there.
    value
        The seed.
    place
        File and line.
    """

    name: str
    value: int
    place: Place


def check_seeds(tree: Tree) -> Iterator[Finding | Allowed]:
    """Report draws without a seed, and seeds that the README does not state with file and line.

    A call that needs none is allowed by a comment with the reason: ``# no seed: names a folder``.
    """
    for name in tree.code():
        yield from _unseeded(tree, name)
    seeds = find_seeds(tree)
    stated = tree.lines("README.md") if "README.md" in tree.files else []
    for seed in seeds:
        if not any(_states(line, seed.place) for line in stated):
            what = f"the README does not state {seed.name} = {seed.value} with its file and line"
            yield Finding(seed.place, what)


def find_seeds(tree: Tree) -> list[Seed]:
    """Find every seed in study files and in the code that results come from.

    Parameters
    ----------
    tree
        The compendium.

    Returns
    -------
    list of Seed
        Study files first, then code; by file and line. A seed in code is a whole number given to
        a generator, to an argument or to a constant whose name ends in ``seed``.
    """
    studies = tree.below("notebooks/studies", suffix=".toml")
    found = [seed for name in studies for seed in _of_study(tree, name)]
    return found + [seed for name in tree.code() for seed in _of_code(tree, name)]


def _of_study(tree: Tree, name: str) -> Iterator[Seed]:
    try:
        tomllib.loads(tree.text(name))
    except tomllib.TOMLDecodeError:
        return
    for number, line in enumerate(tree.lines(name), start=1):
        match = re.match(r"\s*([\w-]+)\s*=\s*(\d[\d_]*)\s*(?:#.*)?$", line)
        if match and SEED_NAME.fullmatch(match[1]):
            yield Seed(match[1], int(match[2].replace("_", "")), Place(name, line=number))


def _of_code(tree: Tree, name: str) -> list[Seed]:
    found = [
        Seed(called, value, Place(name, line=node.lineno))
        for node in ast.walk(tree.module(name) or ast.Module([], []))
        for called, node in _named_values(node)
        if (value := _whole_number(node)) is not None
    ]
    return sorted(found, key=lambda seed: seed.place.line or 0)


def _named_values(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    match node:
        case ast.Assign(targets=[ast.Name(id=called)], value=value) if SEED_NAME.fullmatch(called):
            yield called, value
        case ast.AnnAssign(target=ast.Name(id=called), value=ast.expr() as value):
            if SEED_NAME.fullmatch(called):
                yield called, value
        case ast.Call():
            for keyword in node.keywords:
                if keyword.arg and SEED_NAME.fullmatch(keyword.arg):
                    yield keyword.arg, keyword.value
            if _dotted(node.func).rpartition(".")[2] in MAKERS:
                for argument in node.args[:1]:
                    yield _dotted(node.func).rpartition(".")[2], argument
        case ast.arguments():
            named = [*node.posonlyargs, *node.args]
            with_default = named[len(named) - len(node.defaults) :]
            defaults = [*zip(with_default, node.defaults, strict=True)]
            for given, default in zip(node.kwonlyargs, node.kw_defaults, strict=True):
                defaults += [(given, default)] if default is not None else []
            for given, default in defaults:
                if SEED_NAME.fullmatch(given.arg):
                    yield given.arg, default


def _whole_number(node: ast.expr) -> int | None:
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return node.value
    return None


def _states(line: str, place: Place) -> bool:
    """Say whether a line of the README names a file and a line of it.

    Examples
    --------
    >>> _states("| `a.toml` | line 12 |", Place("a.toml", line=12)), _states("a.toml:1", Place("b"))
    (True, False)
    """
    if place.file not in line:
        return False
    after = line.split(place.file, 1)[1]
    return re.search(rf"(?<!\d){place.line}(?!\d)", after) is not None


def _unseeded(tree: Tree, name: str) -> Iterator[Finding | Allowed]:
    module = tree.module(name)
    if module is None:
        return
    names = _imported_names(module)
    lines = tree.lines(name)
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and (what := _fault(node, names)):
            place = Place(name, line=node.lineno)
            # The reason stands on the line itself or alone on the line above.
            said = [NO_SEED.search(line) for line in lines[max(node.lineno - 2, 0) : node.lineno]]
            reason = next((match[1] for match in said if match), "")
            yield Allowed(place, reason) if reason else Finding(place, what)


def _imported_names(module: ast.Module) -> dict[str, str]:
    """Map the names of a module to what they were imported as: ``np`` to ``numpy``."""
    names = {}
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            for alias in node.names:
                whole = alias.name if alias.asname else alias.name.partition(".")[0]
                names[alias.asname or whole] = whole
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def _fault(call: ast.Call, names: dict[str, str]) -> str:
    written = _dotted(call.func)
    first, dot, rest = written.partition(".")
    called = f"{names.get(first, first)}{dot}{rest}"
    module, _, last = called.rpartition(".")
    if called in NEVER_REPEATED:
        return f"{written} cannot be repeated by any seed"
    if last in MAKERS or called == "random.Random":
        if not _is_seeded(call):
            return f"{written} is given no seed, so it draws anew at each run"
        if any(_uses_clock(argument, names) for argument in ast.walk(call)):
            return f"{written} takes its seed from the clock or the process"
    # Their functions draw from a hidden generator, whose state any import can change; what makes a
    # generator of one's own is a class, but for default_rng.
    hidden = first in names and module in {"numpy.random", "random"} and last.islower()
    if hidden and last != "default_rng":
        return f"{written} uses a hidden generator; pass a numpy.random.Generator"
    if last == "rvs" and not any(k.arg == "random_state" for k in call.keywords):
        return f"{written} draws from NumPy's hidden generator; give it random_state"
    if last == "sample" and _is_pandas_sample(call):
        return f"{written} draws from NumPy's hidden generator; give it random_state"
    return ""


def _is_seeded(call: ast.Call) -> bool:
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    return bool(given) and not (isinstance(given[0], ast.Constant) and given[0].value is None)


def _uses_clock(node: ast.AST, names: dict[str, str]) -> bool:
    if not isinstance(node, ast.Call):
        return False
    first, dot, rest = _dotted(node.func).partition(".")
    return f"{names.get(first, first)}{dot}{rest}".endswith(CLOCKS)


def _is_pandas_sample(call: ast.Call) -> bool:
    """Tell a frame's `sample` by the arguments that only it has."""
    keywords = {keyword.arg for keyword in call.keywords}
    return bool(keywords & {"n", "frac", "replace", "axis"}) and "random_state" not in keywords


def _dotted(node: ast.expr) -> str:
    """Write a name with its dots: ``np.random.normal``; what is no name is a question mark."""
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"
