"""Sensitivity analyses as tables of text cells."""

from __future__ import annotations

import math

import pandas as pd

from analysis.contract.measures import measure
from analysis.effects.sensitivity.bacon import Bacon
from analysis.effects.sensitivity.honest import HonestSensitivity
from analysis.effects.sensitivity.joint_specifications import JointSpecifications
from analysis.effects.units import effect_unit
from analysis.numerals import format_number
from analysis.tables.effects import format_effect, format_interval, format_p

__all__ = [
    "bacon_table",
    "bounds_table",
    "joint_specifications_table",
    "minimal_effects_table",
    "outcomes_table",
]

COMPARISONS = {
    "treated_vs_never": "adopters with units that never adopt",
    "earlier_vs_later": "early adopters with later ones, before these adopt",
    "later_vs_earlier": "later adopters with early ones, already under the programme",
}


def bacon_table(bacon: Bacon) -> pd.DataFrame:
    """Write the weight of each type of comparison and what it finds."""
    rows = [
        {
            "Comparison of": COMPARISONS[str(kind)],
            "Weight": format_number(row["weight"], ".2f"),
            "Estimate": format_effect(row["estimate"], bacon.design.scale),
        }
        for kind, row in bacon.by_type.iterrows()
    ]
    whole = format_effect(bacon.coefficient, bacon.design.scale)
    return pd.DataFrame([*rows, {"Comparison of": "all", "Weight": "1.00", "Estimate": whole}])


def bounds_table(sensitivity: HonestSensitivity, scale: str) -> pd.DataFrame:
    """Write robust intervals, and the violation at which they begin to hold zero."""
    # Bounds of a slope are in the unit of the effect, multiples have none.
    factor = effect_unit(scale).factor if sensitivity.restriction == "smoothness" else 1.0
    rows = [
        {
            "Violation": f"{factor * row['parameter']:.3g}",
            "95% interval": format_interval(row["lower"], row["upper"], scale),
            "Holds zero": "yes" if row["contains_zero"] else "no",
        }
        for row in sensitivity.bounds.to_dict("records")
    ]
    return pd.DataFrame(rows)


def joint_specifications_table(joint: JointSpecifications, scale: str) -> pd.DataFrame:
    """Write the tests of all specifications together."""
    lines = (
        ("Median estimate", format_effect(joint.median, scale), joint.median_p_value),
        ("Share significant in one sign", f"{joint.share:.0%}", joint.share_p_value),
        ("Average z", format_number(joint.average_z, ".1f"), joint.average_z_p_value),
    )
    return pd.DataFrame(
        [{"Statistic": name, "Value": value, "p": format_p(p)} for name, value, p in lines]
    )


def minimal_effects_table(effects: pd.DataFrame, scale: str) -> pd.DataFrame:
    """Write minimal detectable effects by power."""
    return pd.DataFrame(
        {
            "Power": [f"{power:.0%}" for power in effects["power"]],
            "Standard errors": [format_number(times, ".2f") for times in effects["multiplier"]],
            "Smallest effect": [format_effect(effect, scale) for effect in effects["effect"]],
        }
    )


def outcomes_table(outcomes: pd.DataFrame) -> pd.DataFrame:
    """Write the effects on all outcomes with their p-values, as they are and adjusted.

    Parameters
    ----------
    outcomes
        From `analysis.effects.sensitivity.outcomes.all_outcomes`.
    """
    rows = []
    for row in outcomes.to_dict("records"):
        scale = str(row["scale"])
        known = math.isfinite(row["standard_error"])
        rows.append(
            {
                "Outcome": measure(str(row["outcome"])).label_en,
                "Estimate": format_effect(row["value"], scale),
                "Std. error": format_effect(row["standard_error"], scale) if known else "—",
                "95% interval": format_interval(row["lower"], row["upper"], scale),
                "p": format_p(row["p_value"]),
                "p adjusted": format_p(row["adjusted"]),
            }
        )
    return pd.DataFrame(rows)
