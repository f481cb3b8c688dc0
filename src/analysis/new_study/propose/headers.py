"""The headers under which cities publish the columns of the ticket contract.

Both Chinese hotlines (12345) and North American ones (311) are here: Boston's four vintages, New
York, Chicago, San Francisco, Kansas City, Baltimore and Pingshan, Shenzhen. Upper and lower case,
blanks, brackets and signs do not count.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["HEADERS", "NAMES", "NEEDS", "PARTS", "PERSONAL", "REVERSED", "TYPES", "plain"]


def plain(header: str) -> str:
    """Write a header so that spellings that mean the same are the same.

    Examples
    --------
    >>> plain("街道（乡镇）"), plain("Created Date") == plain("created_date")
    ('街道乡镇', True)
    """
    folded = unicodedata.normalize("NFKC", header).casefold()
    return "".join(sign for sign in folded if sign.isalnum())


def _plain_all(table: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {
        column: tuple(dict.fromkeys(plain(name) for name in re.split(r"\s*,\s*", names.strip())))
        for column, names in table.items()
    }


# Of several that a file has, the first is taken.
HEADERS = _plain_all(
    {
        "id": "工单编号, 工单号, 工单ID, 诉求编号, 案件编号, 受理编号, 事件编号, 诉求工单编号,"
        "工单流水号, 流水号, 任务编号, 单号, 编号, case_enquiry_id, case_id, unique_key,"
        "sr_number, service_request_id, service_request_number, ServiceRequestNum, SRRecordID,"
        "CaseID, reported_issue, REPORT_NUM, REC_ID, ticket_id, request_id, case_number,"
        "ticket_number, id",
        "opened": "受理时间, 来电时间, 登记时间, 创建时间, 诉求时间, 反映时间, 提交时间,"
        "立案时间, 上报时间, 工单创建时间, 工单生成时间, 建单时间, 受理日期, 来电日期, 诉求日期,"
        "open_dt, open_date, created_date, requested_datetime, open_date_time, creation_date,"
        "create_time, opened, opened_at, created_at, reported_date, date_opened, date_created",
        "updated": "更新时间, 修改时间, 最后更新时间, 更新日期, updated_datetime,"
        "last_modified_date, last_updated, updated, updated_at, resolution_action_updated_date,"
        "StatusDate",
        "dispatched": "派单时间, 派发时间, 转派时间, 交办时间, 分派时间, 派遣时间, 转办时间,"
        "下派时间, 派单日期, dispatched, dispatch_date, assigned_date, dispatched_at",
        "closed": "办结时间, 结案时间, 完成时间, 实际办结时间, 办理完成时间, 处理完成时间,"
        "关闭时间, 办结日期, 结案日期, closed_dt, close_date, closed_date, closed,"
        "resolved_date, closed_at, date_closed, resolution_date",
        "due": "办理时限, 应办结时间, 要求办结时间, 截止时间, 到期时间, 办理期限, 处理时限,"
        "限办时间, 办结时限, 截止日期, target_dt, sla_target_dt, target_close_date, due_date,"
        "expected_datetime, due, deadline",
        "on_time": "是否按时, 是否按期, 是否按时办结, 是否按期办结, 按时办结, 按期办结,"
        "是否超期, 是否超时, 是否逾期, OnTime_Status, ontime, on_time, EXCEEDED EST TIMEFRAME,"
        "overdue",
        "district": "区, 所属区, 区县, 所属区县, 所在区, 区（县）, 区名称, 行政区, 辖区,"
        "所属辖区, 行政区划, DISTRICT_NAME, district, borough, supervisor_district,"
        "council_district",
        "street": "街道（乡镇）, 街道乡镇, 街乡镇, 街镇, 镇街, 所属街道, 所属街镇,"
        "所属街道（乡镇）, 属地街道, 街道办事处, 街道, 乡镇, 承办街道, neighborhood,"
        "neighbourhood, analysis_neighborhood, neighborhoods_sffind_boundaries, community_area,"
        "community_board, STREET_NAME, ward",
        "channel": "诉求来源, 工单来源, 来源渠道, 受理渠道, 诉求渠道, 来电渠道, 案件来源,"
        "受理方式, 来源, 渠道, EVENT_SRC_NAME, source_category, source, report_source, origin,"
        "open_data_channel_type, MethodReceived, channel, extended_attributes.channel",
        "caller": "来电号码, 来电电话, 主叫号码, 诉求人电话, 联系电话, 手机号码, 手机号,"
        "电话号码, 电话, 来电标识, 市民ID, 诉求人ID, caller_id, caller, caller_phone,"
        "phone_number, phone",
        "status": "办理状态, 工单状态, 处理状态, 案件状态, 当前状态, 状态, case_status, status,"
        "status_description, current_status, SRStatus",
        "responded": "是否响应, 响应情况, 是否联系, 是否先行联系, 是否联系诉求人, responded,"
        "contacted",
        "resolved": "是否解决, 解决情况, 是否已解决, 诉求是否解决, resolved, is_resolved",
        "satisfied": "是否满意, 满意情况, 满意度, 满意度评价, 市民满意度, 回访满意度, 评价结果,"
        "satisfied, satisfaction, satisfaction_score, satisfaction_response,"
        "overall_satisfaction",
        "duplicate_of": "重复工单编号, 重复工单, 原工单编号, 关联工单编号, 关联工单,"
        "duplicate_of, parent_sr_number, parent_id, duplicate_case_id",
    }
)  # fmt: skip

# Headers of categories, from the coarsest level to the finest. A city's own first three that a
# file has become category_1, category_2 and category_3.
TYPES = _plain_all(
    {
        "type_1": "一级分类, 一级类别, 一级, 诉求一级分类, 问题一级分类, 大类, 问题大类,"
        "事件大类, subject, EVENT_TYPE_NAME",
        "type_2": "二级分类, 二级类别, 二级, 诉求二级分类, 问题二级分类, 小类, 问题小类,"
        "诉求类别, 问题分类, 问题类别, 诉求分类, 诉求类型, 事件类型, 类别, MAIN_TYPE_NAME,"
        "reason, category",
        "type_3": "三级分类, 三级类别, 三级, 诉求三级分类, 问题三级分类, 细类, 子类,"
        "SUB_TYPE_NAME, type, complaint_type, Problem (formerly Complaint Type), sr_type,"
        "service_name, request_type, issue_type, case_topic",
        "type_4": "四级分类, descriptor, Problem Detail (formerly Descriptor), service_subtype,"
        "issue_sub_type, detail",
    }
)  # fmt: skip

# A header that means this column only beside another: elsewhere a STREET_NAME is of a road.
NEEDS = {plain("STREET_NAME"): plain("DISTRICT_NAME")}

# On-time marks in which yes means late.
REVERSED = {plain(name) for name in ("是否超期", "是否超时", "是否逾期", "overdue")} | {
    plain("EXCEEDED EST TIMEFRAME")
}

# If no header above fits: what stands in a header that may well mean the column.
PARTS = _plain_all(
    {
        "id": "工单编号, 工单号, 编号, case_id, ticket_id, request_id, case_no, 流水号",
        "opened": "受理时间, 来电时间, 登记时间, 创建时间, open_d, created, opened, requested",
        "closed": "办结时间, 结案时间, 完成时间, closed_d, close_d, closed",
        "dispatched": "派单时间, 派发时间, 交办时间",
        "due": "时限, 截止, due_date, target_d, deadline",
        "district": "所属区, 区县, 行政区, district, borough",
        "street": "街道, 乡镇, 街镇, neighborhood, neighbourhood",
        "channel": "来源, 渠道, channel",
        "status": "状态, status",
        "responded": "响应",
        "resolved": "是否解决, 解决情况",
        "satisfied": "满意, satisf",
        "type_1": "一级分类, 大类",
        "type_2": "二级分类, 类别, 分类, category",
        "type_3": "三级分类, 小类, request_type, complaint_type, issue_type",
    }
)

# Columns of people's names: never kept, and taken out of texts if these are kept.
NAMES = set(
    _plain_all(
        {
            "names": "姓名, 来电人, 来电人姓名, 诉求人, 诉求人姓名, 联系人, 联系人姓名, 市民姓名,"
            "反映人, 反映人姓名, 投诉人, 投诉人姓名, 申请人, 当事人, caller_name, contact_name,"
            "customer_name, full_name, first_name, last_name, name, requester, requester_name",
        }
    )["names"]
)

# What stands in headers of columns that may tell who someone is, or where they live.
PERSONAL = re.compile(
    r"姓名|来电人|诉求人|联系人|身份证|证件|手机|电话|号码|地址|住址|位置|车牌|邮箱|微信|内容|描述|备注|经度|纬度"
    r"|坐标|结果说明|name$|phone|mobile|mail|address|location|latitude|longitude|^lat|^lon|^lng|geom"
    r"|point|coordinate|property|parcel|zip|birth|passport|descri|comment|notes|text|media|photo|url"
    r"|intersection|crossstreet|^street|bbl$|closurereason|resolutiondesc|additional"
)
