"""The table says of each number how sure the experiment is of it."""

import pandas as pd

from analysis.recover.built_in import districts
from analysis.recover.experiment import Experiment, run_experiment
from analysis.recover.summary import summarise
from analysis.tables.recover import monte_carlo_table


def test_each_headline_is_a_row_with_its_errors():
    experiment = Experiment(districts(), 4, ("none", "constant"), ("twfe",), ("CR1",))
    summary = summarise(run_experiment(experiment))
    table = monte_carlo_table(summary, "count")
    assert table["Effect"].tolist() == ["no effect", "constant effect"]
    headline = summary[summary["headline"]]
    assert isinstance(headline, pd.DataFrame)
    for cell, bias in zip(table["Bias"], headline["bias"], strict=True):
        assert cell.startswith(f"{bias:.3f}".replace("-", "−"))
        assert cell.endswith(")")
