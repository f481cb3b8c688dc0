"""Every constant of the twin, with its reason and its source.

"Published" means that the figure stands, with its address, in ``data/raw/published``; a test holds
the two together. "Assumption" means that no source was found and that the twin needs a value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

__all__ = [
    "ADOPTION_SLOPE",
    "BUILD_UP_MONTHS",
    "CALLED_BACK",
    "CATEGORY_WEIGHTS",
    "COHORTS",
    "DISTRICTS",
    "EFFECTS",
    "EPIDEMIC_CATEGORY",
    "EPIDEMIC_FACTOR",
    "HABIT_WEIGHTS",
    "MONTHS",
    "PERSISTENCE",
    "PROACTIVE_RATIO",
    "RATE_PATHS",
    "REPEAT_SHARE",
    "REPORTING_PROPENSITY",
    "SEASON",
    "SPREAD",
    "SURGE_2022",
    "TARGETING_BASE",
    "TARGETING_EFFECT",
    "TOPICS",
    "TOPIC_FALL",
    "TOPIC_PUSH",
    "YEARLY_ACCEPTED",
    "YEARLY_COMPLAINTS",
    "Cohort",
    "District",
    "PublishedVolume",
]

MONTHS: Final = pd.period_range("2019-01", "2025-12", freq="M")

# ---------------------------------------------------------------- volumes of the whole city

# Accepted calls, in ten thousand. 2019, 2020, 2023 and 2025 are published. 2021: the 3,134 of
# 2019-01 to 2021-11 less 2019 and 2020 leave 1,333.7 for eleven months, here carried on to twelve.
# 2022: the 14,100 to 2024-06 less everything else; it is the year of the pandemic. 2024: about,
# from the 1,764 to September and the 6.5 a day of December.
YEARLY_ACCEPTED: Final = {
    2019: 696.36,
    2020: 1103.94,
    2021: 1455.0,
    2022: 7582.0,
    2023: 2143.0,
    2024: 2400.0,
    2025: 2500.0,
}

# Demands that were dispatched, in ten thousand. 2019 and 2020 are published (for 2020 another page
# has 304 demands "handled"); 2021 is what the published 1,301 of 2019-01 to 2021-11 leaves, carried
# on to twelve months. 2022 to 2025: assumption, since the city published no total; the level is
# bounded by the districts that did publish theirs.
YEARLY_COMPLAINTS: Final = {
    2019: 251.97,
    2020: 450.0,
    2021: 653.0,
    2022: 850.0,
    2023: 740.0,
    2024: 690.0,
    2025: 650.0,
}

# Assumption: summer (noise, property, rain) and November (the first month of heating) are busy,
# the month of the Spring Festival is quiet. January first.
SEASON: Final = (0.95, 0.82, 0.98, 1.0, 1.03, 1.06, 1.09, 1.07, 1.0, 0.97, 1.07, 0.96)

# Assumption: consultations of 2022, relative to an even year. Spring and the end of the year were
# the two waves of the pandemic in the city.
SURGE_2022: Final = (0.25, 0.25, 0.45, 0.9, 1.7, 1.2, 0.6, 0.6, 0.7, 1.0, 2.2, 2.15)

# Assumption, year by year: cases opened by staff for one complaint. The one published pair
# (Dongcheng in 2022: 62.4 grid cases to 27 demands, in ten thousand) counts minor street-order
# items too; the twin's files list only cases that a resident could have complained about.
PROACTIVE_RATIO: Final = {
    2019: 0.10,
    2020: 0.12,
    2021: 0.16,
    2022: 0.18,
    2023: 0.22,
    2024: 0.25,
    2025: 0.27,
}

# Assumption, year by year: the share of problems that is reported. It grows because 64 hotlines
# were merged into one and because calls can be made online.
REPORTING_PROPENSITY: Final = {
    2019: 0.20,
    2020: 0.28,
    2021: 0.36,
    2022: 0.42,
    2023: 0.43,
    2024: 0.44,
    2025: 0.45,
}

# ---------------------------------------------------------------- rates of the whole city

# Published points of the path; between them the path is straight on the logit scale. The response
# rate was "always 100%" to 2019-10; later points are an assumption between the 98.01 of the
# Economic-Technological Development Area in 2022 and the 99.28 to 100 of Dongcheng in 2022-2024.
RATE_PATHS: Final = {
    "responded": {
        "2019-11": 0.985,
        "2020-12": 0.985,
        "2022-06": 0.991,
        "2024-06": 0.998,
        "2025-12": 0.999,
    },
    "resolved": {
        "2019-01": 0.5309,
        "2019-10": 0.7436,
        "2021-11": 0.89,
        "2024-06": 0.965,
        "2025-12": 0.973,
    },
    "satisfied": {
        "2019-01": 0.6461,
        "2019-10": 0.8539,
        "2019-12": 0.8726,
        "2021-11": 0.92,
        "2024-06": 0.969,
        "2025-12": 0.977,
    },
}

# Assumption: the share of complaints about a matter that was complained about before.
REPEAT_SHARE: Final = {"2019-01": 0.19, "2021-12": 0.15, "2025-12": 0.10}

# Assumption: the share of complaints whose resident is reached by the call-back, by whether the
# matter was solved. Those still waiting pick up more readily, so published rates are a little
# lower than the rates among all complaints.
CALLED_BACK: Final = {"solved": 0.44, "unsolved": 0.52}

# ---------------------------------------------------------------- districts


@dataclass(frozen=True, slots=True)
class PublishedVolume:
    """Cases that a district published for some months (inclusive)."""

    first: str
    last: str
    cases: float


@dataclass(frozen=True, slots=True)
class District:
    """A district: its census population, its streets and towns, and its published volume."""

    name: str
    population: int
    streets: int
    towns: int
    published: PublishedVolume | None = None

    @property
    def short(self) -> str:
        """The name without the word for district."""
        return self.name.removesuffix("区")


# Population: census of 2020, published. Numbers of streets and towns: the administrative division
# since 2021, whose total of 343 is published. Volumes: published; Daxing's are calls accepted, so
# its demands were fewer still, and Huairou's run to 3 April.
DISTRICTS: Final = (
    District("东城区", 708_829, 17, 0, PublishedVolume("2024-01", "2024-12", 335_000)),
    District("西城区", 1_106_214, 15, 0, PublishedVolume("2024-01", "2024-12", 271_400)),
    District("朝阳区", 3_452_460, 24, 19, PublishedVolume("2021-10", "2022-09", 1_007_000)),
    District("丰台区", 2_019_764, 24, 2),
    District("石景山区", 567_851, 9, 0, PublishedVolume("2025-01", "2025-10", 152_200)),
    District("海淀区", 3_133_469, 22, 7),
    District("门头沟区", 392_606, 4, 9),
    District("房山区", 1_312_778, 8, 20),
    District("通州区", 1_840_295, 11, 11),
    District("顺义区", 1_324_044, 6, 19, PublishedVolume("2025-01", "2025-06", 181_100)),
    District("昌平区", 2_269_487, 8, 14),
    District("大兴区", 1_993_591, 8, 14, PublishedVolume("2019-01", "2019-06", 57_660)),
    District("怀柔区", 441_040, 2, 14, PublishedVolume("2019-01", "2019-03", 8_111)),
    District("平谷区", 457_313, 2, 16),
    District("密云区", 527_683, 2, 18),
    District("延庆区", 345_671, 3, 15),
)

# ---------------------------------------------------------------- the programme


@dataclass(frozen=True, slots=True)
class Cohort:
    """Streets that come under the programme in the same month.

    Attributes
    ----------
    start
        The first month under the programme.
    streets
        How many they are.
    strength
        Multiple of the full effect that they reach.
    """

    start: str
    streets: int
    strength: float


# Assumption. Eighteen months before the first cohort give it a past; 97 of 343 streets (28%) never
# join. Early cohorts reach more, because the neediest were chosen with the most support: a static
# two-way fixed effects regression, which also compares late joiners with early ones whose effect
# still grows, is then biased towards zero.
COHORTS: Final = (
    Cohort("2020-07", 34, 1.5),
    Cohort("2021-03", 48, 1.25),
    Cohort("2021-10", 52, 1.0),
    Cohort("2022-07", 44, 0.85),
    Cohort("2023-04", 38, 0.65),
    Cohort("2024-01", 30, 0.5),
)

# Assumption: how strongly the log of past volume, in standard deviations, raises the odds of being
# chosen next. Streets were in fact listed by the volume of their complaints (2019, published).
ADOPTION_SLOPE: Final = 0.9

# Assumption: after this many months the effect has reached 1 - 1/e = 63% of its full size.
BUILD_UP_MONTHS: Final = 10.0

# Assumption: full effects of a cohort of strength 1, in log points for means of counts and in
# logits for shares. Prevention lowers need; an answered line is used more, which raises reporting.
EFFECTS: Final = {
    "need": -0.22,
    "reporting": 0.07,
    "consultations": 0.03,
    "proactive_cases": 0.40,
    "responded": 0.15,
    "resolved": 0.35,
    "satisfied": 0.30,
    "repeat_complaints": -0.20,
}

# ---------------------------------------------------------------- differences and shocks

# Assumption: standard deviations, in log points (counts) or logits (shares): `street` fixed
# differences between streets, `shock` their monthly shocks, `district` the monthly shocks that all
# streets of a district share. `volume` moves need, consultations and proactive cases alike, so a
# busy street is not one in which the mix of cases follows another path.
SPREAD: Final = {
    "population": {"street": 0.45, "shock": 0.0, "district": 0.0},
    "volume": {"street": 0.35, "shock": 0.08, "district": 0.04},
    "consultations": {"street": 0.20, "shock": 0.04, "district": 0.02},
    "proactive_cases": {"street": 0.25, "shock": 0.08, "district": 0.03},
    "responded": {"street": 0.30, "shock": 0.15, "district": 0.05},
    "resolved": {"street": 0.25, "shock": 0.12, "district": 0.05},
    "satisfied": {"street": 0.25, "shock": 0.12, "district": 0.05},
    "repeat_complaints": {"street": 0.20, "shock": 0.08, "district": 0.03},
}

# Assumption: correlation of a shock with that of the month before.
PERSISTENCE: Final = 0.6

# ---------------------------------------------------------------- categories

# The ten categories with most cases in 2020, in ten thousand (published), and two for the rest
# (assumption).
CATEGORY_WEIGHTS: Final = {
    "疫情防控": 107.7,
    "市场管理": 98.0,
    "公共服务": 64.8,
    "住房": 61.2,
    "医疗卫生": 59.8,
    "城乡建设": 54.8,
    "交通管理": 47.2,
    "社会秩序": 46.5,
    "劳动和社会保障": 35.7,
    "教育": 35.1,
    "市容环卫": 45.0,
    "其他": 40.0,
}
EPIDEMIC_CATEGORY: Final = "疫情防控"

# Assumption: the epidemic category relative to 2020; before and after there was next to nothing.
EPIDEMIC_FACTOR: Final = {
    2019: 0.02,
    2020: 1.0,
    2021: 0.6,
    2022: 1.8,
    2023: 0.15,
    2024: 0.02,
    2025: 0.02,
}

# Assumption: where staff look when nobody complained: the order of streets and markets.
HABIT_WEIGHTS: Final = {
    "疫情防控": 2.0,
    "市场管理": 20.0,
    "公共服务": 6.0,
    "住房": 3.0,
    "医疗卫生": 1.0,
    "城乡建设": 14.0,
    "交通管理": 16.0,
    "社会秩序": 12.0,
    "劳动和社会保障": 1.0,
    "教育": 1.0,
    "市容环卫": 40.0,
    "其他": 4.0,
}

# Categories of the yearly lists of monthly topics (每月一题) that news of them names (published).
TOPICS: Final = {
    2021: ("住房", "市场管理", "教育", "劳动和社会保障", "城乡建设"),
    2022: ("住房", "城乡建设", "交通管理"),
    2023: ("住房", "公共服务", "城乡建设"),
    2024: ("医疗卫生",),
    2025: ("住房", "公共服务", "交通管理", "劳动和社会保障", "医疗卫生"),
}

# Assumption: over the year of its topic a category's complaints fall, city-wide, by this many log
# points, and staff look there this many log points more.
TOPIC_FALL: Final = -0.10
TOPIC_PUSH: Final = 0.50

# Assumption: the weight of last quarter's complaints, against habit, in where staff look: at the
# beginning, at the end, and what a fully built-up programme of strength 1 adds.
TARGETING_BASE: Final = (0.25, 0.40)
TARGETING_EFFECT: Final = 0.30
