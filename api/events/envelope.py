"""What an event must look like: the CloudEvents 1.0 envelope and the data of each event type, as strict models.

The checks are our own: the CloudEvents SDK makes up what is missing.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from domain.events import (
    DEVICE_READING,
    DEVICE_STATE,
    FACILITY_MAINTENANCE,
    FACILITY_STATUS,
    METRICS,
    ROUND_SCAN,
    MaintenanceAction,
)
from domain.facilities import FacilityStatus
from domain.rounds import ITEMS_MAX, RoundAnswer

#: CloudEvents forbids control characters and noncharacters in attributes.
_PRINTABLE = r"^[^\x00-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]*$"
_URI_REFERENCE = r"^(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$"
_RFC3339 = r"^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$"

_STRICT = ConfigDict(strict=True, extra="forbid", frozen=True)


class ReadingData(BaseModel):
    """What a device measured, by metric. Only metrics that were measured are given."""

    model_config = _STRICT

    readings: Annotated[
        dict[str, Any],  # each value is judged by domain.events.reading_faults
        WithJsonSchema(
            {
                "type": "object",
                "minProperties": 1,
                "additionalProperties": False,
                "properties": {
                    metric.name: {
                        "title": metric.zh,
                        "description": metric.meaning + (f" Unit: {metric.unit}." if metric.unit else ""),
                    }
                    | (
                        {"type": "boolean"}
                        if metric.boolean
                        else {"type": "number", "minimum": metric.low, "maximum": metric.high}
                    )
                    for metric in METRICS.values()
                },
            }
        ),
    ]


Note = Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$", description="A remark for people; no personal data.")]


class DeviceStateData(BaseModel):
    """Whether a device can be reached."""

    model_config = _STRICT

    online: bool
    note: Note | None = None


class FacilityStatusData(BaseModel):
    """A facility's new status."""

    model_config = _STRICT

    status: Annotated[FacilityStatus, Field(strict=False)]
    note: Note | None = None


class FacilityMaintenanceData(BaseModel):
    """Maintenance of a facility has begun or ended."""

    model_config = _STRICT

    action: Annotated[MaintenanceAction, Field(strict=False)]
    note: Note | None = None


class Answer(BaseModel):
    """What is so of one item of the point's checklist."""

    model_config = _STRICT

    item: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[^\x00]*$", description="The item's code.")]
    answer: Annotated[RoundAnswer, Field(strict=False)]
    note: Annotated[Note, Field(description="What is wrong; needed with NOT_OK; no personal data.")] = ""


class RoundScanData(BaseModel):
    """What was answered where a point was scanned. Nobody is named, and no place is told."""

    model_config = _STRICT

    answers: Annotated[list[Answer], Field(max_length=ITEMS_MAX, description="The point's whole checklist.")] = []


class _Attributes(BaseModel):
    model_config = ConfigDict(strict=True, extra="allow", frozen=True)

    specversion: Literal["1.0"]
    id: Annotated[str, Field(min_length=1, max_length=200, pattern=_PRINTABLE, description="Unique within the source.")]
    source: Annotated[
        str,
        Field(
            min_length=1,
            max_length=300,
            pattern=_URI_REFERENCE,
            description="What sends the event: a URI-reference of the sender's choice.",
            json_schema_extra={"format": "uri-reference"},
        ),
    ]
    type: Annotated[str, Field(min_length=1, max_length=100, pattern=_PRINTABLE)]
    time: (
        Annotated[
            str,
            Field(
                max_length=64,
                pattern=_RFC3339,
                description="When it happened, with an offset; when it was received, if it is left out.",
                json_schema_extra={"format": "date-time"},
            ),
        ]
        | None
    ) = None
    datacontenttype: Annotated[str, Field(max_length=100, description="application/json")] | None = None
    dataschema: Annotated[str, Field(max_length=300, pattern=_URI_REFERENCE)] | None = None


_Subject = Annotated[str, Field(min_length=1, max_length=100, pattern=_PRINTABLE)]
_DeviceCode = Annotated[_Subject, Field(description="The device's code.")]
_FacilityCode = Annotated[_Subject, Field(description="The facility's code.")]


_PointCode = Annotated[_Subject, Field(description="What the point's QR code holds.")]


class Envelope(_Attributes):
    """Any CloudEvents 1.0 event. Extension attributes are checked and not kept."""

    subject: _Subject | None = None
    data: Any = None
    data_base64: str | None = None


class DeviceReading(_Attributes):
    """设备读数: a device measured something."""

    type: Literal["steward.device.reading.v1"]
    subject: _DeviceCode
    data: ReadingData


class DeviceState(_Attributes):
    """设备状态: a device went on or off line."""

    type: Literal["steward.device.state.v1"]
    subject: _DeviceCode
    data: DeviceStateData


class FacilityStatusChanged(_Attributes):
    """设施状态: a facility's status changed."""

    type: Literal["steward.facility.status.v1"]
    subject: _FacilityCode
    data: FacilityStatusData


class FacilityMaintenance(_Attributes):
    """设施维保: maintenance of a facility began or ended."""

    type: Literal["steward.facility.maintenance.v1"]
    subject: _FacilityCode
    data: FacilityMaintenanceData


class RoundScanned(_Attributes):
    """巡查扫描: a point of a round was scanned."""

    type: Literal["steward.round.scan.v1"]
    subject: _PointCode
    data: RoundScanData


#: The whole event of each type, for its JSON Schema.
EVENTS: dict[str, type[BaseModel]] = {
    DEVICE_READING: DeviceReading,
    DEVICE_STATE: DeviceState,
    FACILITY_STATUS: FacilityStatusChanged,
    FACILITY_MAINTENANCE: FacilityMaintenance,
    ROUND_SCAN: RoundScanned,
}
#: The data of each type, checked after the envelope.
DATA: dict[str, type[BaseModel]] = {
    DEVICE_READING: ReadingData,
    DEVICE_STATE: DeviceStateData,
    FACILITY_STATUS: FacilityStatusData,
    FACILITY_MAINTENANCE: FacilityMaintenanceData,
    ROUND_SCAN: RoundScanData,
}
