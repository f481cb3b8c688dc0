"""The lock and the declared dependencies say the same, and the lock pins everything."""

import importlib.metadata
import re
import tomllib
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "requirements.txt").read_text(encoding="utf-8")


def locked_requirements() -> list[Requirement]:
    joined = TEXT.replace("\\\n", " ")
    lines = [line for line in joined.splitlines() if line and not line.lstrip().startswith("#")]
    return [Requirement(line.split(" --hash")[0].strip()) for line in lines]


def declared_requirements() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"].values()
    lines = [*project["project"]["dependencies"], *(line for group in groups for line in group)]
    return [Requirement(line) for line in lines]


def applies(requirement: Requirement, extra: str = "") -> bool:
    marker = requirement.marker
    return marker is None or marker.evaluate({**default_environment(), "extra": extra})


def test_every_package_is_pinned_with_hashes():
    blocks = re.split(r"\n(?=[A-Za-z0-9])", TEXT[TEXT.index("\n\n") if "\n\n" in TEXT else 0 :])
    for block in blocks:
        lines = [line for line in block.splitlines() if line and not line.lstrip().startswith("#")]
        if lines:
            assert "==" in lines[0], f"not pinned: {lines[0]}"
            assert "--hash=sha256:" in block, f"no hash: {lines[0]}"


def test_the_lock_names_no_address():
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links|\bfile:", TEXT)


def test_every_declared_dependency_is_in_the_lock_at_a_version_it_allows():
    pins = {canonicalize_name(pin.name): pin for pin in locked_requirements() if applies(pin)}
    for wanted in declared_requirements():
        pin = pins.get(canonicalize_name(wanted.name))
        assert pin is not None, f"{wanted.name} is declared but not locked: compile the lock anew"
        version = next(iter(pin.specifier)).version
        assert wanted.specifier.contains(version), f"{wanted} but the lock has {version}"


def test_the_lock_holds_nothing_that_no_declared_dependency_needs():
    """Catches a package that was dropped from pyproject.toml but stayed in the lock."""
    pins = {canonicalize_name(pin.name) for pin in locked_requirements() if applies(pin)}
    needed: set[str] = set()
    queue = [(canonicalize_name(r.name), tuple(r.extras)) for r in declared_requirements()]
    seen = set()
    while queue:
        name, extras = queue.pop()
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        needed.add(name)
        for line in importlib.metadata.requires(name) or []:
            requirement = Requirement(line)
            if any(applies(requirement, extra) for extra in ("", *extras)):
                queue.append((canonicalize_name(requirement.name), tuple(requirement.extras)))
    assert pins == needed


def test_the_environment_is_the_lock():
    installed = {
        pin.name: (importlib.metadata.version(pin.name), pin.specifier)
        for pin in locked_requirements()
        if applies(pin)
    }
    other = [name for name, (version, pin) in installed.items() if not pin.contains(version)]
    assert not other, f"run reproduce.py to renew the environment: {other} differ from the lock"


def test_the_lock_with_spark_pins_the_same_versions_and_spark_besides():
    """Catches a lock of the extra that was not compiled anew with the other."""
    text = (ROOT / "requirements-spark.txt").read_text(encoding="utf-8")
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links|\bfile:", text)
    pattern = r"^([A-Za-z0-9._-]+)==([^ ;\\]+)"
    spark, others = (dict(re.findall(pattern, lock, re.MULTILINE)) for lock in (text, TEXT))
    own = {name for name in spark if name not in others}
    assert own == {"pyspark", "py4j"}
    assert {name: spark[name] for name in spark.keys() - own} == {
        name: others[name] for name in spark.keys() - own
    }
