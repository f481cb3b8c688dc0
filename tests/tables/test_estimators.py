"""The table of estimators says what the registry says, on one page."""

from analysis.effects.registry import ESTIMATORS
from analysis.tables.estimators import estimators_table


def test_every_estimator_has_a_row_with_all_that_a_reader_needs():
    table = estimators_table()
    assert len(table) == len(ESTIMATORS)
    assert list(table.columns) == ["Estimator", "For", "Estimates", "Assumes", "Prefer it"]
    assert table.apply(lambda column: column.str.len().gt(3)).all().all()


def test_the_paper_and_the_outcomes_stand_with_the_estimator():
    rows = estimators_table().set_index("Estimator")["For"]
    assert rows["Imputation (Borusyak, Jaravel and Spiess 2024)"] == "adoption"
    assert rows["Poisson, fixed effects (Wooldridge 1999)"] == "adoption or dose; counts"


def test_it_fits_on_a_page():
    """A cell of a fifth of the page holds some 25 letters a line, and a page some 90 lines."""
    lines = estimators_table().map(lambda cell: -(-len(cell) // 25)).max(axis=1).sum()
    assert lines <= 90
