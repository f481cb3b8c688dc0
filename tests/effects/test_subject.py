"""What a notebook about one outcome starts from."""

import pytest

from analysis.effects import subject
from analysis.effects.subject import read_subject
from analysis.workspace import Workspace, find_workspace

PANEL = """\
unit,period,adoption_period,complaints
a,2019-01,2019-02,3
a,2019-02,2019-02,2
"""


@pytest.fixture
def street(tmp_path, monkeypatch):
    root = tmp_path / "compendium"
    (root / "notebooks").mkdir(parents=True)
    (root / "notebooks" / "studies").symlink_to(find_workspace().studies)
    folder = root / "data" / "processed" / "beijing"
    folder.mkdir(parents=True)
    (folder / "panel_street.csv").write_text(PANEL, encoding="utf-8")
    monkeypatch.setattr(subject, "find_workspace", lambda: Workspace(root, tmp_path / "out"))
    return read_subject("03_effect", "beijing", "street", "complaints")


def test_it_is_the_level_and_the_outcome_that_were_asked_for(street):
    """Catches the panel of another level, or a record that another run would overwrite."""
    assert street.level.name == "street"
    assert street.measure.name == "complaints"
    assert len(street.panel) == 2
    assert street.exhibits.record_path.name == "03_effect-street-complaints.json"


def test_a_simulated_study_says_so_in_the_heading_of_each_notebook(street):
    first, _, chinese = street.heading.split("\n")
    assert first.startswith("## Complaints, ")
    assert first.endswith("(Simulated)")
    assert chinese.endswith(street.study.title_zh)
