"""The key is made once, is secret, and is never shown."""

from __future__ import annotations

import pytest

from analysis.errors import RunError
from analysis.tickets.privacy.key import KEY_VARIABLE, read_key


@pytest.fixture(autouse=True)
def _no_variable(monkeypatch):
    monkeypatch.delenv(KEY_VARIABLE, raising=False)


def test_the_key_is_made_once_for_its_owner_only(tmp_path):
    """Catches a new key for every run, and one that others can read."""
    path = tmp_path / "secrets" / "caller.key"
    key = read_key(path)
    assert len(key) == 32
    assert read_key(path) == key
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    assert read_key(tmp_path / "other.key") != key


def test_the_environment_comes_first(tmp_path, monkeypatch):
    """Catches a key on the disk of a machine that has it from elsewhere."""
    monkeypatch.setenv(KEY_VARIABLE, "s" * 40)
    assert read_key(tmp_path / "k") == b"s" * 40
    assert not (tmp_path / "k").exists()


def test_weak_keys_are_refused_unseen(tmp_path, monkeypatch):
    """Catches a password that can be guessed, and a message that tells it."""
    monkeypatch.setenv(KEY_VARIABLE, "hunter2")
    with pytest.raises(RunError) as caught:
        read_key(tmp_path / "k")
    assert "hunter2" not in str(caught.value)
    monkeypatch.delenv(KEY_VARIABLE)
    path = tmp_path / "k"
    path.write_bytes(b"short")
    path.chmod(0o600)
    with pytest.raises(RunError, match="5 bytes"):
        read_key(path)
    path.chmod(0o644)
    with pytest.raises(RunError, match="chmod 600"):
        read_key(path)
