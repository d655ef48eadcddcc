"""What the demo calls things, places and people, in both languages. All of it is invented."""

from decimal import Decimal
from typing import NamedTuple


class Name(NamedTuple):
    en: str
    ar: str


class Family(NamedTuple):
    """Products that are alike: each is one of the family in one of its sizes, by one brand."""

    key: str
    name: Name
    category: int
    #: What one piece of the smallest size costs us, in riyals.
    cost: Decimal
    sizes: tuple[Name, ...]
    #: A further unit: its code, and how many pieces are in it.
    pack: tuple[str, int] = ("carton", 12)
    expires_after_days: int | None = None


#: The groups at the top, and the categories below each.
CATEGORIES: tuple[tuple[Name, tuple[Name, ...]], ...] = (
    (
        Name("Lighting and electrical", "الإضاءة والكهرباء"),
        (
            Name("Lamps", "المصابيح"),
            Name("Cables", "الكابلات"),
            Name("Switches and sockets", "المفاتيح والمقابس"),
        ),
    ),
    (
        Name("Tools and hardware", "العدد والأدوات"),
        (
            Name("Hand tools", "العدد اليدوية"),
            Name("Power tools", "العدد الكهربائية"),
            Name("Fasteners", "مسامير التثبيت"),
        ),
    ),
    (
        Name("Office", "المكتب"),
        (
            Name("Paper", "الورق"),
            Name("Stationery", "القرطاسية"),
            Name("Furniture", "الأثاث المكتبي"),
        ),
    ),
    (
        Name("Food and drinks", "الأغذية والمشروبات"),
        (
            Name("Coffee and tea", "القهوة والشاي"),
            Name("Dates and sweets", "التمور والحلويات"),
            Name("Water and juice", "المياه والعصائر"),
        ),
    ),
    (
        Name("Cleaning", "التنظيف"),
        (Name("Detergents", "المنظفات"), Name("Paper products", "المنتجات الورقية")),
    ),
)

_W = (Name("9 W", "9 واط"), Name("12 W", "12 واط"), Name("18 W", "18 واط"), Name("24 W", "24 واط"))
_METRES = (Name("10 m", "10 م"), Name("25 m", "25 م"), Name("50 m", "50 م"), Name("100 m", "100 م"))
_GRAMS = (Name("250 g", "250 غ"), Name("500 g", "500 غ"), Name("1 kg", "1 كغ"))
_LITRES = (Name("1 l", "1 لتر"), Name("2 l", "2 لتر"), Name("5 l", "5 لتر"))
_PIECES = (
    Name("pack of 10", "عبوة 10"),
    Name("pack of 50", "عبوة 50"),
    Name("pack of 100", "عبوة 100"),
)
_MM = (Name("4 mm", "4 مم"), Name("6 mm", "6 مم"), Name("8 mm", "8 مم"), Name("10 mm", "10 مم"))
_SIZES = (Name("small", "صغير"), Name("medium", "وسط"), Name("large", "كبير"))
_COLOURS = (Name("black", "أسود"), Name("white", "أبيض"), Name("blue", "أزرق"), Name("red", "أحمر"))


def _family(
    key: str, en: str, ar: str, category: int, cost: str, sizes: tuple[Name, ...], **more: object
) -> Family:
    return Family(key, Name(en, ar), category, Decimal(cost), sizes, **more)  # type: ignore[arg-type]


FAMILIES = (
    _family("BULB", "LED bulb", "مصباح ليد", 0, "6.40", _W, pack=("carton", 50)),
    _family("PANEL", "LED panel", "لوحة إضاءة ليد", 0, "38.00", _W, pack=("carton", 10)),
    _family("DESK", "Desk lamp", "مصباح مكتب", 0, "54.00", _COLOURS, pack=("carton", 6)),
    _family("FLOOD", "Floodlight", "كشاف إضاءة", 0, "72.00", _W, pack=("carton", 8)),
    _family("CABLE", "Copper cable", "كابل نحاس", 1, "31.00", _METRES, pack=("carton", 5)),
    _family("EXT", "Extension lead", "وصلة كهرباء", 1, "17.50", _METRES, pack=("carton", 20)),
    _family("NET", "Network cable", "كابل شبكة", 1, "22.00", _METRES, pack=("carton", 10)),
    _family("SWITCH", "Light switch", "مفتاح إنارة", 2, "5.20", _COLOURS, pack=("carton", 60)),
    _family("SOCKET", "Wall socket", "مقبس جداري", 2, "7.80", _COLOURS, pack=("carton", 60)),
    _family("HAMMER", "Hammer", "مطرقة", 3, "21.00", _SIZES, pack=("carton", 12)),
    _family("PLIERS", "Pliers", "كماشة", 3, "18.00", _SIZES, pack=("carton", 12)),
    _family("DRIVER", "Screwdriver set", "طقم مفكات", 3, "26.00", _SIZES, pack=("carton", 12)),
    _family("DRILL", "Power drill", "مثقاب كهربائي", 4, "145.00", _SIZES, pack=("carton", 4)),
    _family("GRIND", "Angle grinder", "صاروخ جلخ", 4, "128.00", _SIZES, pack=("carton", 4)),
    _family("SCREW", "Screws", "براغي", 5, "4.10", _MM, pack=("carton", 100)),
    _family("ANCHOR", "Wall anchors", "خوابير جدارية", 5, "3.60", _MM, pack=("carton", 100)),
    _family("A4", "Copy paper A4", "ورق تصوير A4", 6, "11.20", _GRAMS, pack=("carton", 5)),
    _family("ENVEL", "Envelopes", "ظروف", 6, "6.90", _PIECES, pack=("carton", 20)),
    _family("PEN", "Ballpoint pens", "أقلام حبر جاف", 7, "8.40", _COLOURS, pack=("carton", 24)),
    _family("NOTE", "Notebook", "دفتر ملاحظات", 7, "5.70", _SIZES, pack=("carton", 40)),
    _family("FILE", "Lever arch file", "ملف حفظ", 7, "7.30", _COLOURS, pack=("carton", 20)),
    _family("CHAIR", "Office chair", "كرسي مكتب", 8, "260.00", _COLOURS, pack=("carton", 1)),
    _family("SHELF", "Steel shelf", "رف معدني", 8, "185.00", _SIZES, pack=("carton", 1)),
    _family("COFFEE", "Arabic coffee", "قهوة عربية", 9, "18.50", _GRAMS, expires_after_days=540),
    _family("TEA", "Black tea", "شاي أسود", 9, "9.80", _GRAMS, expires_after_days=720),
    _family("DATES", "Sukkari dates", "تمر سكري", 10, "16.00", _GRAMS, expires_after_days=420),
    _family("MAAMUL", "Maamoul", "معمول", 10, "12.50", _GRAMS, expires_after_days=400),
    _family("JUICE", "Orange juice", "عصير برتقال", 11, "4.60", _LITRES, expires_after_days=380),
    _family("SOAP", "Liquid soap", "صابون سائل", 12, "7.90", _LITRES),
    _family("BLEACH", "Disinfectant", "مطهر", 12, "6.30", _LITRES),
    _family("FLOOR", "Floor cleaner", "منظف أرضيات", 12, "8.10", _LITRES),
    _family("TISSUE", "Tissues", "مناديل ورقية", 13, "9.40", _PIECES, pack=("carton", 10)),
    _family("TOWEL", "Paper towels", "مناشف ورقية", 13, "12.80", _PIECES, pack=("carton", 10)),
)

BRANDS = (
    Name("Najma", "نجمة"),
    Name("Wahat", "واحات"),
    Name("Sahm", "سهم"),
    Name("Tuwaiq", "طويق"),
    Name("Marjan", "مرجان"),
)


class City(NamedTuple):
    code: str
    name: Name
    postal: str
    #: How many of a hundred customers live there.
    weight: int


CITIES = (
    City("RUH", Name("Riyadh", "الرياض"), "12", 36),
    City("JED", Name("Jeddah", "جدة"), "23", 24),
    City("DMM", Name("Dammam", "الدمام"), "32", 16),
    City("MED", Name("Madinah", "المدينة المنورة"), "42", 8),
    City("ABH", Name("Abha", "أبها"), "62", 8),
    City("BUR", Name("Buraydah", "بريدة"), "52", 8),
)

STREETS = (
    Name("King Fahd Road", "طريق الملك فهد"),
    Name("Prince Sultan Street", "شارع الأمير سلطان"),
    Name("Al Tahlia Street", "شارع التحلية"),
    Name("King Abdulaziz Road", "طريق الملك عبدالعزيز"),
    Name("Al Madinah Road", "طريق المدينة"),
    Name("Omar bin Al Khattab Street", "شارع عمر بن الخطاب"),
    Name("Airport Road", "طريق المطار"),
    Name("Al Khaleej Street", "شارع الخليج"),
)
DISTRICTS = (
    Name("Al Olaya", "العليا"),
    Name("Al Rawdah", "الروضة"),
    Name("Al Nakheel", "النخيل"),
    Name("Al Salamah", "السلامة"),
    Name("Al Faisaliyah", "الفيصلية"),
    Name("Al Yarmouk", "اليرموك"),
    Name("Al Shati", "الشاطئ"),
    Name("As Safa", "الصفا"),
)

#: First words and trades of companies.
HOUSES = (
    Name("Al Waha", "الواحة"),
    Name("Al Manar", "المنار"),
    Name("Al Noor", "النور"),
    Name("Sadaf", "صدف"),
    Name("Rawabi", "روابي"),
    Name("Al Bayan", "البيان"),
    Name("Dirah", "الديرة"),
    Name("Al Qimmah", "القمة"),
    Name("Nakheel", "نخيل"),
    Name("Al Safwa", "الصفوة"),
    Name("Jawhara", "جوهرة"),
    Name("Al Amanah", "الأمانة"),
    Name("Riyada", "ريادة"),
    Name("Al Masar", "المسار"),
    Name("Watan", "وطن"),
    Name("Al Dana", "الدانة"),
    Name("Shuruq", "شروق"),
    Name("Al Fajr", "الفجر"),
    Name("Tamayuz", "تميز"),
    Name("Al Ufuq", "الأفق"),
    Name("Sanabil", "سنابل"),
    Name("Al Jisr", "الجسر"),
    Name("Badr", "بدر"),
    Name("Al Thuraya", "الثريا"),
)
BUYING_TRADES = (
    Name("Contracting", "للمقاولات"),
    Name("Hotels", "للفنادق"),
    Name("Markets", "للأسواق"),
    Name("Schools", "للمدارس"),
    Name("Clinics", "للعيادات"),
    Name("Restaurants", "للمطاعم"),
    Name("Maintenance", "للصيانة"),
    Name("Stationery", "للقرطاسية"),
)
SELLING_TRADES = (
    Name("Factory", "للصناعة"),
    Name("Import", "للاستيراد"),
    Name("Supplies", "للتوريدات"),
)
FIRST_NAMES = (
    Name("Abdullah", "عبدالله"),
    Name("Noura", "نورة"),
    Name("Khalid", "خالد"),
    Name("Sara", "سارة"),
    Name("Fahad", "فهد"),
    Name("Reem", "ريم"),
)
FAMILY_NAMES = (
    Name("Al Harbi", "الحربي"),
    Name("Al Qahtani", "القحطاني"),
    Name("Al Ghamdi", "الغامدي"),
    Name("Al Otaibi", "العتيبي"),
    Name("Al Zahrani", "الزهراني"),
)

#: Address, name and role of the people who work there.
STAFF = (
    ("huda", Name("Huda Al Mutairi", "هدى المطيري"), "manager"),
    ("salem", Name("Salem Al Dosari", "سالم الدوسري"), "sales"),
    ("lama", Name("Lama Al Shehri", "لمى الشهري"), "purchasing"),
    ("omar", Name("Omar Al Juhani", "عمر الجهني"), "warehouse"),
    ("yasser", Name("Yasser Al Anazi", "ياسر العنزي"), "warehouse"),
    ("maha", Name("Maha Al Subaie", "مها السبيعي"), "finance"),
)
COMPANY = Name("Wadi Al Nakheel Trading Company", "شركة وادي النخيل للتجارة")
