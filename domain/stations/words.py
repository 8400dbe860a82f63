"""The words of warm stations."""

from domain.words import Word


class ClosureReason(Word):
    """Why a station is closed for a time."""

    REPAIR = "REPAIR", "维修", "Something is being mended."
    CLEANING = "CLEANING", "清洁消毒", "It is being cleaned."
    HOLIDAY = "HOLIDAY", "节假日", "Nobody keeps it on these days."
    WEATHER = "WEATHER", "恶劣天气", "Flood, storm or heat make it unsafe."
    OTHER = "OTHER", "其他", "See the note."


class EquipmentKind(Word):
    """What a station is furnished with."""

    TABLE = "TABLE", "桌椅", "Tables and chairs."
    AIR_CONDITIONING = "AIR_CONDITIONING", "空调", "Cools and heats."
    WATER_DISPENSER = "WATER_DISPENSER", "饮水机", "Drinking water, hot and cold."
    MICROWAVE = "MICROWAVE", "微波炉", "Warms what people bring."
    REFRIGERATOR = "REFRIGERATOR", "冰箱", "Keeps what people bring."
    CHARGER = "CHARGER", "手机充电", "Charges telephones."
    FIRST_AID_BOX = "FIRST_AID_BOX", "急救箱", "First aid; what is in it is stock."
    DEFIBRILLATOR = "DEFIBRILLATOR", "除颤仪（AED）", "For a heart that has stopped."
    BOOKSHELF = "BOOKSHELF", "书架", "Holds the books; these are stock."
    TOILET = "TOILET", "卫生间", "May be used by everybody."
    OTHER = "OTHER", "其他", "See its name."


class EquipmentState(Word):
    """How a piece of furnishing or equipment is."""

    GOOD = "GOOD", "完好", "It can be used."
    WORN = "WORN", "待维护", "It can be used, and wants care."
    BROKEN = "BROKEN", "损坏", "It cannot be used."
    MISSING = "MISSING", "缺失", "It is not there."


class ItemKind(Word):
    """What a station keeps in stock."""

    WATER = "WATER", "饮用水", "Bottled water."
    RAINCOAT = "RAINCOAT", "雨衣", "Given away."
    FIRST_AID = "FIRST_AID", "急救药品", "What the first-aid box holds."
    HEAT_RELIEF = "HEAT_RELIEF", "防暑用品", "Against the heat."
    WARMING = "WARMING", "御寒用品", "Against the cold."
    MASK = "MASK", "口罩手套", "Masks and gloves."
    UMBRELLA = "UMBRELLA", "雨伞", "Lent."
    POWER_BANK = "POWER_BANK", "充电宝", "Lent."
    TOOL = "TOOL", "维修工具", "Pumps and spanners, lent."
    BOOK = "BOOK", "图书", "Lent; a title or a shelf, by its name."
    OTHER = "OTHER", "其他", "See its name; given away."


class MovementKind(Word):
    """Why the stock of an item changed."""

    ADDED = "ADDED", "建账", "It was there when the item was listed."
    RESTOCKED = "RESTOCKED", "补货", "More was brought."
    GIVEN = "GIVEN", "发放", "Given away."
    LENT = "LENT", "借出", "Lent to a slip."
    RETURNED = "RETURNED", "归还", "Brought back."
    COUNTED = "COUNTED", "盘点", "Counted anew; the difference."


class ServiceKind(Word):
    """What a partner offers in a station."""

    HEALTH = "HEALTH", "健康义诊", "Blood pressure, advice, vaccination."
    LEGAL = "LEGAL", "法律援助", "Wages, accidents, contracts."
    UNION = "UNION", "工会服务", "Membership, insurance, help in need."
    TRAINING = "TRAINING", "技能培训", "Courses, road safety."
    COUNSELLING = "COUNSELLING", "心理疏导", "Somebody who listens."
    REPAIR = "REPAIR", "便民维修", "Vehicles, telephones, clothes."
    HAIRCUT = "HAIRCUT", "理发", "Haircuts."
    MEALS = "MEALS", "爱心餐", "Meals for less."
    OTHER = "OTHER", "其他", "See its name."


class PointKind(Word):
    """The four kinds of service points that stations keep beyond their own doors."""

    WORKPLACE = "WORKPLACE", "工作地服务点", "Where people work: depots, loading yards, building sites."
    ENTRANCE = "ENTRANCE", "出入口服务点", "At gates, where couriers and riders wait."
    DOORSTEP = "DOORSTEP", "家门口服务点", "Near where people live."
    REST_PLACE = "REST_PLACE", "歇脚点", "A seat and water on the way: banks, shops, parks."


class Visitors(Word):
    """Whom a count of visits is of: a line of work, never a person."""

    SANITATION = "SANITATION", "环卫工人", "Sanitation workers."
    COURIER = "COURIER", "快递员", "Couriers."
    RIDER = "RIDER", "外卖骑手", "Riders."
    DRIVER = "DRIVER", "货车、网约车司机", "Drivers."
    OTHER = "OTHER", "其他", "Everybody else, or not asked."
