"""What goods refuse, wherever they are moved or set aside."""

from alawael.core.errors import Forbidden, Refusal, Text


class NotEnoughStock(Refusal):
    code = "not_enough_stock"
    title = Text("Not enough in stock", "المخزون غير كافٍ")
    message = Text(
        "Only {free} of {sku} are free in {location}; {wanted} are needed. "
        "Lower the quantity, or bring goods in first.",
        "المتاح من {sku} في {location} هو {free} والمطلوب {wanted}. "
        "قلّل الكمية أو أدخل البضاعة أولًا.",
    )


class NotGoods(Refusal):
    code = "not_goods"
    message = Text(
        "{sku} is a service; services are not kept in stock. Take the line out.",
        "الصنف {sku} خدمة، والخدمات لا تُخزَّن. احذف السطر.",
    )


class StockFrozen(Refusal):
    code = "stock_frozen"
    message = Text(
        "Stock is frozen up to {day}. Choose a later date, or ask who may back-date.",
        "المخزون مجمّد حتى {day}. اختر تاريخًا لاحقًا أو راجع من يملك صلاحية التأريخ السابق.",
    )


class StockDateInFuture(Refusal):
    code = "stock_date_in_future"
    message = Text(
        "Goods cannot be moved on {day}, which has not come yet. Choose today or earlier.",
        "لا يمكن تحريك البضاعة بتاريخ {day} لأنه لم يأتِ بعد. اختر اليوم أو تاريخًا سابقًا.",
    )


class PlaceClosed(Refusal):
    code = "location_inactive"
    message = Text(
        "{location} is no longer in use. Choose another place.",
        "الموقع {location} لم يعد مستخدمًا. اختر موقعًا آخر.",
    )


class LotRequired(Refusal):
    code = "lot_required"
    message = Text(
        "{sku} is kept by lot or serial number. Say which one.",
        "الصنف {sku} يُتابع بالتشغيلة أو الرقم التسلسلي. حدّد أيًّا منها.",
    )


class LotNotKept(Refusal):
    code = "lot_not_kept"
    message = Text(
        "{sku} does not carry {lot}. Choose a lot of this product, or none when it has no lots.",
        "{lot} ليست للصنف {sku}. اختر تشغيلة من هذا الصنف، أو لا تختر إن لم تكن له تشغيلات.",
    )


class LotExpired(Refusal):
    code = "lot_expired"
    message = Text(
        "Lot {lot} of {sku} expired on {day} and cannot go to a customer. Choose another lot.",
        "انتهت صلاحية التشغيلة {lot} من {sku} في {day} ولا تُسلَّم لعميل. اختر تشغيلة أخرى.",
    )


class SerialIsOnePiece(Refusal):
    code = "serial_is_one_piece"
    message = Text(
        "Serial number {lot} of {sku} is one piece; {wanted} were entered. "
        "Enter one line for each piece.",
        "الرقم التسلسلي {lot} للصنف {sku} قطعة واحدة والمدخل {wanted}. أدخل سطرًا لكل قطعة.",
    )


class SerialOnHand(Refusal):
    code = "serial_on_hand"
    message = Text(
        "Serial number {lot} of {sku} is in stock already. Check the number on the piece.",
        "الرقم التسلسلي {lot} للصنف {sku} موجود في المخزون. تحقق من الرقم على القطعة.",
    )


class ReservationMismatch(Refusal):
    code = "reservation_mismatch"
    message = Text(
        "What was set aside of {sku} does not cover this: another place, another lot or too "
        "little. Reserve again.",
        "المحجوز من {sku} لا يغطي هذه الحركة: موقع آخر أو تشغيلة أخرى أو كمية أقل. أعد الحجز.",
    )


class MoveReversed(Refusal):
    code = "move_already_reversed"
    message = Text(
        "These goods were moved back before. Load the document again.",
        "سبق إرجاع هذه البضاعة. أعد تحميل المستند.",
    )


class NotYourWarehouse(Forbidden):
    code = "not_your_warehouse"
    message = Text(
        "Your roles limit you to your own warehouses, and this is for somebody at {warehouse}.",
        "أدوارك تقصرك على مستودعاتك، وهذا الإجراء لمن يعمل في {warehouse}.",
    )
