"""The surface for scholars: every name it promises is there, and importing it is light."""

import subprocess
import sys

import pytest

import analysis


@pytest.mark.parametrize("name", analysis.__all__)
def test_every_promised_name_can_be_imported(name):
    assert getattr(analysis, name) is not None


def test_promises_and_homes_agree():
    assert sorted(analysis._HOME) == sorted(analysis.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'estimates'"):
        _ = analysis.estimates


def test_importing_the_package_loads_no_library():
    """Catches an eager import that would make every command and worker start slowly."""
    code = "import sys, analysis; print([m for m in ('pandas', 'matplotlib') if m in sys.modules])"
    output = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout
    assert output.strip() == "[]"
