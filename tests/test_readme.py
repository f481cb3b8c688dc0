"""What the README promises can be done as it says."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def city_panel() -> pd.DataFrame:
    """Twelve streets over two years, six of them adopting in the second; effect +0.05."""
    draw = np.random.default_rng(7)
    rows = []
    for unit in range(12):
        for month, period in enumerate(pd.period_range("2023-01", periods=24, freq="M")):
            adopted = unit < 6 and month >= 12
            surveyed = 400
            rows.append(
                {
                    "unit": f"street {unit}",
                    "district": f"district {unit % 3}",
                    "period": str(period),
                    "complaints": 500 + 10 * unit,
                    "proactive_cases": 30,
                    "surveyed": surveyed,
                    "satisfied": draw.binomial(surveyed, 0.8 + 0.05 * adopted),
                    "adoption_period": "2024-01" if unit < 6 else None,
                }
            )
    return pd.DataFrame(rows)


def test_the_example_runs_on_a_scholars_own_table(tmp_path):
    [code] = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    city_panel().to_csv(tmp_path / "my_city.csv", index=False)
    check = "\nassert abs(result.overall.value - 0.05) < 0.01, result.overall\n"
    finished = subprocess.run(
        [sys.executable, "-W", "error", "-c", code + check],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert finished.returncode == 0, finished.stderr
    assert "satisfaction_rate" in finished.stdout


def test_the_example_has_ten_lines_as_promised():
    [code] = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    assert len([line for line in code.splitlines() if line.strip()]) <= 11


@pytest.mark.parametrize(
    "link", sorted(set(re.findall(r"\]\(([^)#]+)\)", README))), ids=lambda link: link
)
def test_every_link_leads_somewhere(link):
    assert (ROOT / link).exists()


def test_every_command_is_a_verb_of_the_compendium():
    verbs = set(re.findall(r"`python3 reproduce\.py ([a-z]+)", README))
    text = subprocess.run(
        [sys.executable, "-m", "analysis.cli", "--help"], capture_output=True, text=True, check=True
    ).stdout
    assert {verb for verb in verbs if not re.search(rf"\b{verb}\b", text)} == set()
