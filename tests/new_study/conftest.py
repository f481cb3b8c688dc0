"""An empty compendium, and invented tickets of any shape, for tests of new studies."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from analysis.new_study.create import create_study
from analysis.new_study.propose.proposal import Proposal, Wishes
from analysis.study.load import read_study
from analysis.study.schema import Study
from analysis.workspace import Workspace

TODAY = datetime.date(2026, 1, 1)

Propose = Callable[..., tuple[Study, Proposal, str]]
WriteCsv = Callable[..., Path]

CHINESE = (
    *("工单编号", "受理时间", "派单时间", "办结时间", "办理时限", "所属区", "街道（乡镇）"),
    *("一级分类", "二级分类", "诉求来源", "来电号码", "来电人", "办理状态", "是否响应", "是否解决"),
    *("是否满意", "诉求内容", "详细地址"),
)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    root = tmp_path / "compendium"
    (root / "notebooks" / "studies").mkdir(parents=True)
    (root / "pyproject.toml").touch()
    return Workspace(root, root)


@pytest.fixture
def propose(workspace: Workspace) -> Propose:
    """Make a study of samples; return it as read back, what was proposed and the file's text."""

    def run(samples: Sequence[Path], **wishes: str) -> tuple[Study, Proposal, str]:
        given = Wishes(wishes.pop("name", "invented"), **wishes, today=TODAY)  # type: ignore[arg-type]
        proposal = create_study(workspace, samples, given, force=True)
        path = workspace.studies / f"{given.name}.toml"
        return read_study(path), proposal, path.read_text(encoding="utf-8")

    return run


@pytest.fixture
def write_csv(tmp_path: Path) -> WriteCsv:
    def write(
        name: str,
        headers: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        encoding: str = "utf-8",
        delimiter: str = ",",
    ) -> Path:
        text = io.StringIO()
        writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
        writer.writerows([headers, *rows])
        path = tmp_path / name
        path.write_bytes(text.getvalue().encode(encoding))
        return path

    return write


@pytest.fixture
def chinese_headers() -> list[str]:
    """Give the headers of `chinese_rows`."""
    return list(CHINESE)


@pytest.fixture
def chinese_rows() -> list[list[str]]:
    """300 tickets of an invented city, two years of them."""
    begin = datetime.datetime(2022, 1, 1, 8)
    rows = []
    for number in range(300):
        opened = begin + datetime.timedelta(hours=58 * number)
        area = number % 6
        asked = number % 3 == 0
        rows.append(
            [
                f"GD{20220000 + number}",
                opened.strftime("%Y-%m-%d %H:%M:%S"),
                (opened + datetime.timedelta(hours=1)).strftime("%Y-%m-%d %H:%M:%S"),
                (opened + datetime.timedelta(days=3)).strftime("%Y-%m-%d %H:%M:%S"),
                (opened + datetime.timedelta(days=7)).strftime("%Y-%m-%d %H:%M:%S"),
                ("河东区", "河西区")[area % 2],
                f"{'甲乙丙丁戊己'[area]}街道",
                ("市容环卫", "噪音", "咨询")[number % 3],
                ("垃圾", "施工", "政策")[number % 3],
                ("电话", "微信", "主动发现", "网格上报", "系统导入")[number % 5],
                f"138{number % 90:08d}",
                f"赵{'一二三四五六七八九'[number % 9]}",
                ("已办结", "办理中", "作废")[0 if number % 10 else number % 3],
                "是" if asked else "未回访",
                ("基本解决" if number % 2 else "否") if asked else "未回访",
                ("满意", "一般", "非常不满意")[number % 3 if number % 7 else 1],
                f"居民来电反映问题{number}",
                f"{'甲乙丙丁戊己'[area]}路{number}号",
            ]
        )
    return rows
