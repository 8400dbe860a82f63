"""Mutations on warm stations: keeping them, their stock, and what is offered and counted there."""

from . import keeping, serving, stock

#: All of them, in the order of the schema.
STATIONS = [
    keeping.station_open,
    keeping.station_hand_over,
    keeping.station_set_hours,
    keeping.station_set_police_point,
    keeping.station_end,
    keeping.station_close,
    keeping.station_reopen,
    keeping.station_furnish,
    keeping.station_equipment_report,
    keeping.station_equipment_remove,
    stock.station_item_add,
    stock.station_item_restock,
    stock.station_item_give,
    stock.station_item_count,
    stock.station_item_set_minimum,
    stock.station_item_remove,
    stock.station_item_lend,
    stock.station_loan_return,
    stock.station_loan_write_off,
    serving.station_service_offer,
    serving.station_service_end,
    serving.station_point_open,
    serving.station_point_end,
    serving.station_visits_add,
    serving.station_visits_set,
]
