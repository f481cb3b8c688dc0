"""The simulated twin: a city of complaint reports whose true effects are known."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.contract.validate import validate_panel
from analysis.errors import Problem, StudyError
from analysis.simulate.adoption import draw_adoption, programme_strength
from analysis.simulate.arrays import Integers
from analysis.simulate.categories import draw_categories, draw_mix, expected_targeting
from analysis.simulate.constants import MONTHS
from analysis.simulate.model import calibrate, draw_baseline, draw_counts, expect
from analysis.simulate.reports import report_files
from analysis.simulate.streets import draw_streets
from analysis.simulate.truth import Targeting, by_district, population_share, true_effects
from analysis.study.schema import Study
from analysis.workspace import write_atomically

__all__ = ["Twin", "simulate_twin", "write_twin"]


@dataclass(frozen=True, slots=True)
class Twin:
    """The city before anybody wrote reports about it.

    Attributes
    ----------
    register
        One row per street or town: `unit`, `district`, `population`, `adoption_period`.
    panel
        One row per street or town and month, a panel of the data contract.
    categories
        One row per district (`unit`), month and `category`: `complaints`, `proactive_cases`,
        which add up to the panel's.
    truth
        The true effects; see `analysis.simulate.truth.true_effects`.
    """

    register: pd.DataFrame
    panel: pd.DataFrame
    categories: pd.DataFrame
    truth: pd.DataFrame


def simulate_twin(seed: int) -> Twin:
    """Simulate the city.

    Parameters
    ----------
    seed
        Makes every random number; the same seed makes the same city on any machine.

    Returns
    -------
    Twin
        The equations are in `analysis.simulate.model` and `analysis.simulate.categories`, the
        constants and their reasons in `analysis.simulate.constants`.
    """
    streams = np.random.default_rng(seed).spawn(7)
    register = draw_streets(streams[0])
    baseline = draw_baseline(register, streams[1])
    nothing = np.zeros((len(register), len(MONTHS)))

    # The year before the programme decides who joins; no later month can, so none is anticipated.
    past = expect(baseline, calibrate(baseline, nothing), nothing).counts["complaints"]
    adoption = draw_adoption(past[:, MONTHS.year == 2019].sum(axis=1), streams[2])
    strength = programme_strength(adoption)

    city = calibrate(baseline, strength)
    treated, untreated = (expect(baseline, city, given) for given in (strength, nothing))
    counts = draw_counts(treated, streams[3])

    # One seed for both mixes: the same districts, with the programme and without it.
    mix_seed = int(streams[4].integers(2**32))
    mixes = {
        name: draw_mix(population_share(given, register), np.random.default_rng(mix_seed))
        for name, given in (("treated", strength), ("untreated", nothing))
    }
    districts = [by_district(counts[name], register) for name in ("complaints", "proactive_cases")]
    categories = draw_categories(districts[0], districts[1], mixes["treated"], streams[5])
    expected = {
        name: expected_targeting(
            by_district(world.counts["complaints"], register),
            by_district(world.counts["proactive_cases"], register),
            mixes[name],
            streams[6],
        )
        for name, world in (("treated", treated), ("untreated", untreated))
    }
    targeting = Targeting(expected["treated"], expected["untreated"])
    return Twin(
        register=register.assign(adoption_period=adoption),
        panel=_panel(register, adoption, counts),
        categories=categories,
        truth=true_effects(treated, untreated, targeting, register, adoption),
    )


def _panel(
    register: pd.DataFrame, adoption: pd.PeriodIndex, counts: dict[str, Integers]
) -> pd.DataFrame:
    rows = register.assign(adoption_period=adoption)
    panel = rows.loc[rows.index.repeat(len(MONTHS))].reset_index(drop=True)
    panel["period"] = np.tile(MONTHS, len(register))
    drawn = pd.DataFrame({name: values.ravel() for name, values in counts.items()})
    return validate_panel(pd.concat([panel, drawn], axis=1), name="the twin's panel")


def write_twin(study: Study, folder: Path) -> list[Path]:
    """Simulate a study's twin and write its raw files, as dirty as such files are.

    Parameters
    ----------
    study
        A simulated study with the sources ``streets`` and ``categories``; the files have the
        headers, marks and encodings that it declares.
    folder
        Where the files go.

    Returns
    -------
    list of pathlib.Path
        The files, in alphabetical order.

    Raises
    ------
    StudyError
        If the study is not simulated, or covers other months than the twin.
    """
    if not study.simulated or study.seed is None:
        problem = Problem("the study is not simulated", f"{study.name}.toml", "give it a 'seed'")
        raise StudyError("raw files cannot be simulated", [problem])
    if not study.periods.equals(MONTHS):
        what = f"the twin runs from {MONTHS[0]} to {MONTHS[-1]}, the study does not"
        problem = Problem(what, f"{study.name}.toml", "correct first_period and last_period")
        raise StudyError("raw files cannot be simulated", [problem])
    # The dirt has random numbers of its own, so other dirt leaves the city as it is.
    dirt = np.random.default_rng([study.seed, 1])
    twin = simulate_twin(study.seed)
    files = report_files(twin.panel, twin.categories, twin.register, twin.truth, study, dirt)
    for name, content in sorted(files.items()):
        write_atomically(folder / name, content)
    return [folder / name for name in sorted(files)]
