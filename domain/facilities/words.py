"""The words of facilities (what stands in a compound) and devices (what senses it)."""

from domain.words import Word


class FacilityKind(Word):
    """Kind of a facility."""

    LIFT = "LIFT", "电梯", "A passenger lift."
    PUMP = "PUMP", "水泵", "A water or fire pump."
    TANK = "TANK", "水箱", "A water tank."
    HYDRANT = "HYDRANT", "消火栓", "A fire hydrant or its pipe network."
    EXTINGUISHER = "EXTINGUISHER", "灭火器", "A portable extinguisher."
    FIRE_PANEL = "FIRE_PANEL", "消防控制设备", "A fire alarm panel or control room."
    DISTRIBUTION_BOX = "DISTRIBUTION_BOX", "配电箱", "An electrical distribution box."
    GAS_LINE = "GAS_LINE", "燃气管道", "A gas riser or regulator."
    CAMERA = "CAMERA", "摄像头", "A camera; a facility with a state, never a source of images."
    GATE = "GATE", "门禁", "A pedestrian gate."
    BARRIER = "BARRIER", "道闸", "A vehicle barrier."
    LAMP = "LAMP", "路灯", "A street or garage lamp."
    BENCH = "BENCH", "座椅", "A bench or pergola."
    FOUNTAIN = "FOUNTAIN", "喷泉", "A fountain."
    GUARD_BOX = "GUARD_BOX", "岗亭", "A guard box."
    DRYING_AREA = "DRYING_AREA", "晾晒区", "A drying area."
    CHARGING_SHED = "CHARGING_SHED", "充电棚", "An e-bike charging shed."
    MANHOLE = "MANHOLE", "井盖", "A manhole and its cover."
    FIRE_LANE = "FIRE_LANE", "消防通道", "A fire lane."
    GARAGE = "GARAGE", "车库", "A garage."
    PARKING_AREA = "PARKING_AREA", "停车区", "Parking bays in the open; those of a garage belong to the garage."
    WASTE_POINT = "WASTE_POINT", "垃圾投放点", "Where waste is brought: its bins."


class FacilityStatus(Word):
    """Whether a facility can be used."""

    IN_SERVICE = "IN_SERVICE", "正常", "Works."
    DEGRADED = "DEGRADED", "带病运行", "Works with limits."
    OUT_OF_SERVICE = "OUT_OF_SERVICE", "停用", "Does not work."
    UNDER_MAINTENANCE = "UNDER_MAINTENANCE", "维保中", "Stopped for maintenance."
    RETIRED = "RETIRED", "报废", "Taken out for good."


class ZoneKind(Word):
    """Kind of a part of a compound that cameras are to cover."""

    GROUND = "GROUND", "地面", "Ground between the buildings."
    GARAGE = "GARAGE", "车库", "A garage, or a storey of it."
    LOBBY = "LOBBY", "大堂", "A lobby."
    LIFT_CAR = "LIFT_CAR", "轿厢", "The car of a lift."
    ENTRANCE = "ENTRANCE", "出入口", "An entrance."
    PERIMETER = "PERIMETER", "周界", "The edge of the compound."
    ROOF = "ROOF", "楼顶", "A roof, looked up at for things that fall."
    OTHER = "OTHER", "其他", "Another place."


class DeviceKind(Word):
    """Kind of a sensing device."""

    SMOKE = "SMOKE", "烟感", "A smoke detector."
    GAS = "GAS", "燃气探测器", "A combustible gas detector."
    HYDRANT_PRESSURE = "HYDRANT_PRESSURE", "消火栓压力", "Pressure and tilt of a hydrant."
    PIPE_PRESSURE = "PIPE_PRESSURE", "管网压力", "Pressure of a fire pipe network."
    RESIDUAL_CURRENT = "RESIDUAL_CURRENT", "剩余电流", "Residual current of a circuit."
    CABLE_TEMPERATURE = "CABLE_TEMPERATURE", "线缆温度", "Temperature of a cable."
    TANK_LEVEL = "TANK_LEVEL", "水箱液位", "Water level of a tank."
    LIFT_SENSOR = "LIFT_SENSOR", "电梯传感器", "State of a lift."
    CAMERA_STATE = "CAMERA_STATE", "摄像头状态", "Whether a camera is online; never its images."
    GATE_STATE = "GATE_STATE", "门禁状态", "Whether a pedestrian gate is online and how long it stands open."
    CHARGING_SOCKET = "CHARGING_SOCKET", "充电插座", "An e-bike charging socket."
    GATEWAY = "GATEWAY", "网关", "A gateway through which other devices are heard."
    MANHOLE_SENSOR = "MANHOLE_SENSOR", "井盖传感器", "Tilt and level of a manhole."
    PUMP_STATE = "PUMP_STATE", "水泵状态", "Whether a pump runs, and its faults."
    POWER_STATE = "POWER_STATE", "供电状态", "Whether the mains supply is there."
    BARRIER_STATE = "BARRIER_STATE", "道闸状态", "Whether a vehicle barrier is online, stuck, and how long it stands open."
    BAY_COUNTER = "BAY_COUNTER", "车位计数", "How full a garage or parking area is; never a single bay."
    LANE_CAMERA = "LANE_CAMERA", "消防通道监测", "Whether a fire lane is blocked; never images or plates."
    STAIRWELL_CAMERA = "STAIRWELL_CAMERA", "楼道监测", "Whether an e-bike stands in a stairwell; never images."
    BIN_SENSOR = "BIN_SENSOR", "垃圾桶满溢监测", "How full a waste bin is."
    WATER_QUALITY = "WATER_QUALITY", "水质监测", "Chlorine and turbidity of the water of a tank."
