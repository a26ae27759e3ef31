"""Records under the field names of the WHO data set, in English or Chinese.

The exports of the WHO portal and of ChiCTR name the same fields with other spellings
(``Inclusion agemin``, ``Inclusion_agemin``, ``agemin``, ``最小年龄``). A row maps each name,
lower-cased and without separators, to its values. Source: WHO Trial Registration Data Set 1.3.1
and the column names of the exports.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ingest.metadata import detect_language
from ingest.registry.criteria import split_criteria
from ingest.registry.dates import RegistryDate, read_date
from ingest.registry.fields import from_web, is_nothing
from ingest.registry.groups import read_groups, read_outcomes, read_size
from ingest.registry.record import Criterion, Eligibility, Field, Title, TrialRecord, Value
from ingest.text import squeeze

_SLOTS: dict[str, tuple[str, ...]] = {
    "id": ("trialid", "注册号"),
    "registry": ("sourceregister", "regname"),
    "secondary": (
        "secondaryid",
        "secondaryids",
        "secid",
        "utrn",
        "utn",
        "全球唯一识别码",
        "其他注册号",
        "在其它机构的注册号",
    ),
    "acronym": ("acronym", "scientificacronym", "注册题目简写", "研究课题的正式科学名称简写"),
    "public": ("publictitle", "注册题目"),
    "scientific": ("scientifictitle", "研究课题的正式科学名称"),
    "url": ("webaddress", "url", "网址"),
    "registered": ("dateregistration3", "dateregistration", "注册时间", "注册日期"),
    "updated": ("lastrefreshedon", "lastupdated", "lastupdate", "最近更新日期", "更新时间"),
    "status": ("recruitmentstatus", "征募研究对象情况", "征募观察对象情况", "招募状态"),
    "start": (
        "dateenrollement",
        "dateenrolment",
        "dateenrollment",
        "征募研究对象时间",
        "征募观察对象时间",
    ),
    "completed": ("resultsdatecompleted",),
    "size": ("targetsize", "样本量", "目标样本量"),
    "actual": ("resultsactualenrolment", "实际样本量"),
    "study_type": ("studytype", "研究类型"),
    "design": ("studydesign", "研究设计"),
    "phase": ("phase", "研究所处阶段", "研究阶段"),
    "masking": ("masking", "blinding", "盲法"),
    "allocation": ("allocation", "随机方法", "随机方法请说明由何人用什么方法产生随机序列"),
    "countries": ("countries", "country", "country2", "国家"),
    "inclusion": ("inclusioncriteria", "纳入标准", "入选标准"),
    "exclusion": ("exclusioncriteria", "排除标准"),
    "min_age": ("inclusionagemin", "agemin", "最小年龄", "年龄范围最小"),
    "max_age": ("inclusionagemax", "agemax", "最大年龄", "年龄范围最大"),
    "sex": ("inclusiongender", "gender", "性别"),
    "conditions": ("condition", "conditions", "hcfreetext", "研究疾病", "研究疾病名称", "目标疾病"),
    "keywords": ("hckeyword", "ikeyword"),
    "interventions": ("intervention", "interventions", "ifreetext", "干预措施"),
    "primary": ("primaryoutcome", "primoutcome", "主要指标", "主要结局指标"),
    "secondary_outcomes": ("secondaryoutcome", "secoutcome", "次要指标", "次要结局指标"),
    "sponsor": ("primarysponsor", "试验主办单位", "试验主办单位项目批准或申办者"),
    "collaborators": ("secondarysponsor", "secondarysponsors", "sponsorname"),
    "summary": ("briefsummary", "研究目的"),
    "results": ("resultsyesno",),
    "results_posted": ("resultsdateposted",),
    "sites": ("contactaffiliation", "affiliation", "研究实施负责单位", "研究实施负责组长单位"),
}
_TAKEN = frozenset(name for names in _SLOTS.values() for name in names)
# Names, addresses and numbers of persons answer no question about a trial.
_PERSONAL = re.compile(
    r"(contact|firstname|middlename|lastname|telephone|phone|email|address$|zip$|^city$|^country1$"
    r"|联系人|电话|传真|电子邮件|邮政编码|通讯地址)"
)
_HOUSEKEEPING = frozenset(
    ("internalnumber", "otherrecords", "bridgingflagtruefalse", "bridgedtype")
)
_LOST = re.compile(r"(?:^|[\s;:])[?？]{2,}")
_DATE_LIKE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class RowField:
    """A field under its source name."""

    name: str
    value: Value


def slot_name(name: str) -> str:
    """A field name as the slots know it: ``Date_registration3`` is ``dateregistration3``."""
    return re.sub(r"[\W_]+", "", name).lower()


def key_of(fields: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """Registry number and ISO date of the last update, for telling copies apart."""
    found = {slot_name(name): text for name, text in fields if text.strip()}
    number = next((found[name] for name in _SLOTS["id"] if name in found), "")
    updated = next((found[name] for name in _SLOTS["updated"] if name in found), "")
    return number.strip(), read_date(updated, "").iso or ""


def record_of(fields: Iterable[RowField], line: int) -> TrialRecord:
    """Read a record from its fields; ``fields`` must hold a registry number."""
    row = _Row(fields)
    number = row.first("id")
    assert number is not None
    chictr = number.text.startswith("ChiCTR")
    enrolment = read_size(row.first("size"), row.first("actual"), by_group=chictr)
    arms, interventions = read_groups(row.first("size"), row.all("interventions"), by_group=chictr)
    registry = row.first("registry")
    return TrialRecord(
        id=number,
        registry=registry.text if registry else "ChiCTR" if chictr else "WHO ICTRP",
        line=line,
        secondary_ids=row.split("secondary") if not chictr else row.all("secondary"),
        acronym=row.first("acronym"),
        titles=_titles(row),
        url=row.first("url"),
        status=row.first("status"),
        study_type=row.first("study_type"),
        phases=row.all("phase"),
        allocation=row.first("allocation"),
        design=row.first("design"),
        masking=row.all("masking"),
        conditions=row.split("conditions"),
        keywords=row.split("keywords"),
        summary=row.first("summary"),
        interventions=interventions,
        arms=arms,
        primary_outcomes=read_outcomes(row.all("primary"), by_semicolon=chictr),
        secondary_outcomes=read_outcomes(row.all("secondary_outcomes"), by_semicolon=chictr),
        enrolment=enrolment,
        registered=row.date("registered"),
        start=row.date("start"),
        completion=row.date("completed"),
        updated=row.date("updated"),
        eligibility=Eligibility(*(_criteria(row, side) for side in ("inclusion", "exclusion"))),
        min_age=row.first("min_age"),
        max_age=row.first("max_age"),
        sex=row.first("sex"),
        sponsor=row.first("sponsor"),
        collaborators=row.all("collaborators"),
        countries=row.split("countries"),
        sites=row.all("sites"),
        results=row.first("results") or row.first("results_posted"),
        other=row.other(),
        left_out=("names and addresses of contact persons",) if row.personal else (),
        warnings=_warnings(row),
    )


class _Row:
    def __init__(self, fields: Iterable[RowField]) -> None:
        self.rest: list[RowField] = []
        self.personal = False
        self.slots: dict[str, list[Value]] = {}
        for field in fields:
            value = Value(from_web(field.value.text), field.value.path)
            if is_nothing(value.text):
                continue
            name = slot_name(field.name)
            if name in _TAKEN:
                self.slots.setdefault(name, []).append(value)
            elif _PERSONAL.search(name):
                self.personal = True
            elif name not in _HOUSEKEEPING:
                self.rest.append(RowField(field.name, value))

    def all(self, slot: str) -> tuple[Value, ...]:
        """The different values of a slot, whatever name they stand under."""
        found = [value for name in _SLOTS[slot] for value in self.slots.get(name, ())]
        return tuple({value.text: value for value in reversed(found)}.values())[::-1]

    def first(self, slot: str) -> Value | None:
        """The value of the first name that has one."""
        return next(iter(self.all(slot)), None)

    def split(self, slot: str) -> tuple[Value, ...]:
        """Values that stand in one field with semicolons or line ends between them."""
        parts = (
            Value(part.strip(), value.path)
            for value in self.all(slot)
            for part in re.split(r"[;；\n]", value.text)
        )
        return tuple({part.text: part for part in parts if not is_nothing(part.text)}.values())

    def date(self, slot: str) -> RegistryDate | None:
        """The date of a slot."""
        values = self.all(slot)
        # Exports give a date as 20200307 too: the one people write is found by their questions.
        value = next((v for v in values if _DATE_LIKE.match(v.text)), next(iter(values), None))
        return read_date(value.text, value.path) if value else None

    def other(self) -> tuple[Field, ...]:
        """Fields without a slot."""
        return tuple(Field(field.name, field.value) for field in self.rest)


def _titles(row: _Row) -> tuple[Title, ...]:
    titles = [Title(value, detect_language(value.text), "public") for value in row.all("public")]
    known = {title.value.text for title in titles}
    titles.extend(
        Title(value, detect_language(value.text), "scientific")
        for value in row.all("scientific")
        if value.text not in known
    )
    return tuple(titles)


def _criteria(row: _Row, side: str) -> tuple[Criterion, ...]:
    return tuple(item for value in row.all(side) for item in split_criteria(value.text, value.path))


def _warnings(row: _Row) -> tuple[str, ...]:
    """What the export did to the data."""
    values = [value for found in row.slots.values() for value in found]
    warnings = []
    lost = sorted({value.path for value in values if _LOST.search(value.text)})
    if lost:
        warnings.append(
            f"question marks stand for characters that an export lost, in {', '.join(lost)}; "
            "compare with the registry"
        )
    for slot in ("phase", "min_age", "max_age", "size"):
        value = row.first(slot)
        if value and _DATE_LIKE.match(squeeze(value.text)):
            warnings.append(
                f"{value.path} reads {value.text!r}: a spreadsheet took it for a date; "
                "compare with the registry"
            )
    return tuple(warnings)
