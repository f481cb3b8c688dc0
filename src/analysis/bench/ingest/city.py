"""The invented city of the benchmark: its study, places, renamed streets and ways of speaking."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from pathlib import Path

from analysis.study.load import read_study
from analysis.study.schema import Study

__all__ = ["CATEGORIES", "EVENTS", "STREETS", "Event", "Street", "bench_study", "reference_files"]

DISTRICTS = (
    "东城新区", "西岭区", "南浦区", "北原区", "青塘区", "白沙区",
    "金河区", "云山区", "石桥区", "柳湖区", "高坪区", "平江区",
)  # fmt: skip
_FIRST = "东西龙清新永长安福兴和明"
_SECOND = ("岸", "泉", "桥")

# Category of the first level -> those of the second. Two of them are no complaints.
CATEGORIES: dict[str, tuple[str, ...]] = {
    "物业管理": ("物业服务", "停车收费", "电梯维修", "公共维修"),
    "市容环卫": ("垃圾清运", "占道经营", "道路保洁", "公厕管理"),
    "交通管理": ("违法停车", "公交线路", "信号灯", "道路拥堵"),
    "噪声扰民": ("施工噪声", "广场舞", "商业噪声", "邻里噪声"),
    "供热供水": ("供热不足", "停水", "水质", "管道漏水"),
    "违法建设": ("私搭乱建", "占用绿地", "破坏承重", "屋顶加建"),
    "社会保障": ("养老", "医保", "就业", "社保"),
    "市场监管": ("食品安全", "价格", "预付卡", "虚假宣传"),
    "教育医疗": ("入学", "校外培训", "看病", "疫苗"),
    "城乡建设": ("道路修补", "路灯", "井盖", "积水"),
    "咨询": ("政策咨询", "办事流程", "电话查询", "时间查询"),
    "内部事务": ("系统维护", "值班", "转接", "培训"),
}


@dataclass(frozen=True, slots=True)
class Street:
    """A street as it is today.

    Attributes
    ----------
    name, district
        As the register has them.
    population
        Residents.
    """

    name: str
    district: str
    population: int


@dataclass(frozen=True, slots=True)
class Event:
    """A street that was renamed, or joined to another.

    Attributes
    ----------
    former, name
        What it was called, and what it is called from then on.
    valid_from
        The first month of the new name.
    """

    former: str
    name: str
    valid_from: str


def _streets() -> tuple[Street, ...]:
    names = [f"{first}{second}" for first, second in product(_FIRST, _SECOND)]
    # The plain names belong to the first districts; further streets are told apart by a letter.
    made = []
    for place, district in enumerate(DISTRICTS):
        for number, name in enumerate(names[:25]):
            prefix = "" if place == 0 else district[:1]
            kind = "镇" if number % 6 == 5 else "街道"
            made.append(Street(f"{prefix}{name}{kind}", district, 30_000 + 1_700 * number))
    return tuple(made)


STREETS = _streets()

# One street was renamed twice, one took in another and kept its name.
EVENTS = (
    Event("西岭旧街道", STREETS[30].name, "2019-09"),
    Event("南浦大街街道", STREETS[55].name, "2020-04"),
    Event("北原农场", "北原新村街道", "2019-07"),
    Event("北原新村街道", STREETS[80].name, "2021-03"),
    Event("青塘渡口街道", STREETS[105].name, "2021-07"),
    Event(STREETS[105].name, STREETS[105].name, "2021-07"),
    Event("白沙矿区街道", STREETS[130].name, "2022-05"),
)


def bench_study() -> Study:
    """Read the study of the invented city.

    Examples
    --------
    >>> bench_study().title_en
    'Yunchuan'
    """
    return read_study(Path(__file__).with_name("yunchuan.toml"))


def reference_files() -> dict[str, str]:
    """Write the register of streets and the crosswalk, as text by name of file."""
    district = {street.name: street.district for street in STREETS}
    final = {event.former: event.name for event in EVENTS}
    register = ["unit,district,population"]
    register += [f"{street.name},{street.district},{street.population}" for street in STREETS]
    crosswalk = ["former_unit,unit,district,valid_from,event"]
    for event in EVENTS:
        today = event.name if event.name in district else final[event.name]
        crosswalk.append(
            f"{event.former},{event.name},{district[today]},{event.valid_from},renamed or merged"
        )
    return {
        "register.csv": "\n".join([*register, ""]),
        "crosswalk.csv": "\n".join([*crosswalk, ""]),
    }
