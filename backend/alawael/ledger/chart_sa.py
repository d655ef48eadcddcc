"""The chart of accounts of a Saudi trading company, in the order of the SOCPA-endorsed statements.

Groups have four digits, accounts six. An account stands in the group of its first four digits;
a group in the one whose code has its last digit above zero taken to zero (1110 in 1100 in 1000).
"""

from dataclasses import dataclass

from alawael.ledger.models import AccountType, LedgerRole

TYPES = {
    "1": AccountType.ASSET,
    "2": AccountType.LIABILITY,
    "3": AccountType.EQUITY,
    "4": AccountType.REVENUE,
    "5": AccountType.EXPENSE,
    "6": AccountType.EXPENSE,
    "7": AccountType.EXPENSE,
}


@dataclass(frozen=True)
class ChartRow:
    code: str
    name_en: str
    name_ar: str
    role: LedgerRole | None = None
    needs_party: bool = False

    @property
    def is_group(self) -> bool:
        return len(self.code) == 4

    @property
    def type(self) -> AccountType:
        return TYPES[self.code[0]]

    @property
    def parent(self) -> str | None:
        if not self.is_group:
            return self.code[:4]
        digits = self.code.rstrip("0")[:-1]
        return digits.ljust(4, "0") if digits else None


_R = LedgerRole
CHART = (
    ChartRow("1000", "Assets", "الأصول"),
    ChartRow("1100", "Current assets", "الأصول المتداولة"),
    ChartRow("1110", "Cash and cash equivalents", "النقد وما في حكمه"),
    ChartRow("111001", "Cash on hand", "النقدية في الصندوق", _R.CASH),
    ChartRow("111002", "Petty cash", "العهد النقدية الصغيرة"),
    ChartRow("111003", "Bank, current account", "البنك، الحساب الجاري", _R.BANK),
    ChartRow("111004", "Card payments in clearing", "مدفوعات نقاط البيع تحت التسوية"),
    ChartRow("111005", "Cheques in hand", "شيكات برسم التحصيل", _R.CHEQUES_IN_HAND),
    ChartRow("1120", "Receivables", "الذمم المدينة"),
    ChartRow("112001", "Trade receivables", "ذمم مدينة تجارية", _R.AR, True),
    ChartRow("112002", "Allowance for credit losses", "مخصص الخسائر الائتمانية المتوقعة"),
    ChartRow("112003", "Employee advances", "سلف الموظفين"),
    ChartRow("112004", "Other receivables", "ذمم مدينة أخرى"),
    ChartRow("1130", "Inventories", "المخزون"),
    ChartRow("113001", "Goods for sale", "بضاعة بغرض البيع", _R.INVENTORY),
    ChartRow("113002", "Goods in transit", "بضاعة في الطريق", _R.IN_TRANSIT),
    ChartRow(
        "113003",
        "Goods delivered, not yet invoiced",
        "بضاعة مسلّمة لم تُفوتر بعد",
        _R.GOODS_DELIVERED_NOT_INVOICED,
    ),
    ChartRow("113004", "Allowance for slow-moving goods", "مخصص بضاعة بطيئة الحركة"),
    ChartRow("1140", "Advances and prepayments", "الدفعات المقدمة والمصروفات المدفوعة مقدمًا"),
    ChartRow("114001", "Advances to suppliers", "دفعات مقدمة للموردين", _R.SUPPLIER_ADVANCES, True),
    ChartRow("114002", "Prepaid rent", "إيجار مدفوع مقدمًا"),
    ChartRow("114003", "Prepaid insurance", "تأمين مدفوع مقدمًا"),
    ChartRow("114004", "Other prepaid expenses", "مصروفات أخرى مدفوعة مقدمًا"),
    ChartRow("114005", "Deposits and guarantees", "تأمينات وضمانات مستردة"),
    ChartRow("1150", "Taxes recoverable", "ضرائب قابلة للاسترداد"),
    ChartRow("115001", "Input VAT", "ضريبة القيمة المضافة على المدخلات", _R.INPUT_VAT),
    ChartRow("115002", "VAT paid at customs", "ضريبة القيمة المضافة المدفوعة في الجمارك"),
    ChartRow("1200", "Non-current assets", "الأصول غير المتداولة"),
    ChartRow("1210", "Property and equipment", "الممتلكات والمعدات"),
    ChartRow("121001", "Land", "أراضٍ"),
    ChartRow("121002", "Buildings", "مبانٍ"),
    ChartRow("121003", "Vehicles", "مركبات"),
    ChartRow("121004", "Furniture and fittings", "أثاث وتجهيزات"),
    ChartRow("121005", "Computers and devices", "أجهزة حاسب وتقنية"),
    ChartRow("121006", "Warehouse equipment", "معدات المستودعات"),
    ChartRow("1220", "Accumulated depreciation", "مجمع الاستهلاك"),
    ChartRow("122001", "Depreciation of buildings", "مجمع استهلاك المباني"),
    ChartRow("122002", "Depreciation of vehicles", "مجمع استهلاك المركبات"),
    ChartRow("122003", "Depreciation of furniture", "مجمع استهلاك الأثاث والتجهيزات"),
    ChartRow("122004", "Depreciation of computers", "مجمع استهلاك أجهزة الحاسب"),
    ChartRow("122005", "Depreciation of warehouse equipment", "مجمع استهلاك معدات المستودعات"),
    ChartRow("1230", "Intangible and other assets", "أصول غير ملموسة وأصول أخرى"),
    ChartRow("123001", "Software", "برامج حاسب"),
    ChartRow("123002", "Accumulated amortisation", "مجمع الإطفاء"),
    ChartRow("123003", "Right-of-use assets", "أصول حق الاستخدام"),
    ChartRow("2000", "Liabilities", "الالتزامات"),
    ChartRow("2100", "Current liabilities", "الالتزامات المتداولة"),
    ChartRow("2110", "Payables", "الذمم الدائنة"),
    ChartRow("211001", "Trade payables", "ذمم دائنة تجارية", _R.AP, True),
    ChartRow("211002", "Goods received, not yet invoiced", "بضاعة مستلمة لم تُفوتر بعد", _R.GRNI),
    ChartRow("211003", "Other payables", "ذمم دائنة أخرى"),
    ChartRow(
        "211004",
        "Landed cost, not yet billed",
        "تكاليف استيراد لم تُفوتر بعد",
        _R.LANDED_COST,
    ),
    ChartRow("2120", "Advances received", "دفعات مقدمة مستلمة"),
    ChartRow(
        "212001", "Advances from customers", "دفعات مقدمة من العملاء", _R.CUSTOMER_ADVANCES, True
    ),
    ChartRow("2130", "Taxes and Zakat payable", "الضرائب والزكاة المستحقة"),
    ChartRow("213001", "Output VAT", "ضريبة القيمة المضافة على المخرجات", _R.OUTPUT_VAT),
    ChartRow("213002", "VAT settlement with ZATCA", "تسوية ضريبة القيمة المضافة مع الهيئة"),
    ChartRow("213003", "Withholding tax payable", "ضريبة الاستقطاع المستحقة"),
    ChartRow("213004", "Zakat payable", "الزكاة المستحقة"),
    ChartRow("213005", "Customs duties payable", "رسوم جمركية مستحقة"),
    ChartRow("2140", "Employees and accruals", "مستحقات الموظفين والمصروفات المستحقة"),
    ChartRow("214001", "Salaries payable", "رواتب مستحقة"),
    ChartRow("214002", "Social insurance payable (GOSI)", "التأمينات الاجتماعية المستحقة"),
    ChartRow("214003", "Leave provision", "مخصص الإجازات"),
    ChartRow("214004", "Accrued expenses", "مصروفات مستحقة"),
    ChartRow("214005", "Short-term loans", "قروض قصيرة الأجل"),
    ChartRow("214006", "Lease liabilities, current", "التزامات إيجار متداولة"),
    ChartRow("2200", "Non-current liabilities", "الالتزامات غير المتداولة"),
    ChartRow("2210", "Long-term debt", "ديون طويلة الأجل"),
    ChartRow("221001", "Long-term loans", "قروض طويلة الأجل"),
    ChartRow("221002", "Lease liabilities, non-current", "التزامات إيجار غير متداولة"),
    ChartRow("2220", "End-of-service benefits", "منافع نهاية الخدمة"),
    ChartRow("222001", "End-of-service provision", "مخصص مكافأة نهاية الخدمة"),
    ChartRow("3000", "Equity", "حقوق الملكية"),
    ChartRow("3100", "Capital", "رأس المال"),
    ChartRow("310001", "Share capital", "رأس المال المدفوع"),
    ChartRow("310002", "Owner's current account", "جاري المالك"),
    ChartRow("3200", "Reserves and results", "الاحتياطيات والنتائج"),
    ChartRow("320001", "Reserves", "الاحتياطيات"),
    ChartRow("320002", "Retained earnings", "الأرباح المبقاة", _R.RETAINED_EARNINGS),
    ChartRow("320003", "Opening balances", "أرصدة افتتاحية", _R.OPENING_BALANCE),
    ChartRow("320004", "Dividends", "توزيعات الأرباح"),
    ChartRow("4000", "Revenue", "الإيرادات"),
    ChartRow("4100", "Sales", "المبيعات"),
    ChartRow("410001", "Sales of goods", "مبيعات البضائع", _R.REVENUE),
    ChartRow("410002", "Services", "إيرادات الخدمات"),
    ChartRow("410003", "Delivery charged to customers", "إيرادات التوصيل"),
    ChartRow("410004", "Sales returns", "مردودات المبيعات", _R.SALES_RETURNS),
    ChartRow("410005", "Discounts granted", "خصم مسموح به"),
    ChartRow("4200", "Other income", "إيرادات أخرى"),
    ChartRow("420001", "Sundry income", "إيرادات متنوعة"),
    ChartRow("420002", "Gain on sale of assets", "أرباح بيع أصول"),
    ChartRow("420003", "Discounts received", "خصم مكتسب"),
    ChartRow("420004", "Interest and profit from banks", "فوائد وأرباح بنكية", _R.BANK_INTEREST),
    ChartRow("5000", "Cost of sales", "تكلفة المبيعات"),
    ChartRow("5100", "Cost of goods", "تكلفة البضاعة"),
    ChartRow("510001", "Cost of goods sold", "تكلفة البضاعة المباعة", _R.COGS),
    ChartRow("510002", "Purchase price variance", "فروقات أسعار الشراء", _R.PRICE_VARIANCE),
    ChartRow("510003", "Stock adjustments", "تسويات المخزون", _R.ADJUSTMENT),
    ChartRow("510004", "Freight in", "مصاريف شحن المشتريات"),
    ChartRow("510005", "Customs duties", "رسوم جمركية"),
    ChartRow("6000", "Operating expenses", "المصروفات التشغيلية"),
    ChartRow("6100", "Selling and distribution", "مصروفات البيع والتوزيع"),
    ChartRow("610001", "Salaries, sales", "رواتب موظفي المبيعات"),
    ChartRow("610002", "Sales commissions", "عمولات البيع"),
    ChartRow("610003", "Advertising", "دعاية وإعلان"),
    ChartRow("610004", "Freight out", "مصاريف توصيل المبيعات"),
    ChartRow("610005", "Packing material", "مواد تعبئة وتغليف"),
    ChartRow("610006", "Vehicle running costs", "مصاريف تشغيل المركبات"),
    ChartRow("6200", "General and administrative", "المصروفات العمومية والإدارية"),
    ChartRow("620001", "Salaries, administration", "رواتب الإدارة"),
    ChartRow("620002", "Social insurance (GOSI)", "التأمينات الاجتماعية"),
    ChartRow("620003", "End-of-service expense", "مصروف مكافأة نهاية الخدمة"),
    ChartRow("620004", "Medical insurance", "التأمين الطبي"),
    ChartRow("620005", "Residence and visa fees", "رسوم الإقامات والتأشيرات"),
    ChartRow("620006", "Rent", "إيجارات"),
    ChartRow("620007", "Electricity and water", "كهرباء ومياه"),
    ChartRow("620008", "Telephone and internet", "هاتف وإنترنت"),
    ChartRow("620009", "Maintenance", "صيانة"),
    ChartRow("620010", "Office supplies", "قرطاسية ومستلزمات مكتبية"),
    ChartRow("620011", "Government fees", "رسوم حكومية"),
    ChartRow("620012", "Professional fees", "أتعاب مهنية واستشارية"),
    ChartRow("620013", "Insurance", "تأمين"),
    ChartRow("620014", "Travel", "سفر وتنقلات"),
    ChartRow("620015", "Depreciation and amortisation", "استهلاك وإطفاء"),
    ChartRow("620016", "Bad debts written off", "ديون معدومة", _R.WRITE_OFF),
    ChartRow("620017", "Sundry expenses", "مصروفات متنوعة"),
    ChartRow("7000", "Finance, Zakat and other", "التمويل والزكاة وأخرى"),
    ChartRow("7100", "Finance costs", "تكاليف التمويل"),
    ChartRow("710001", "Bank charges", "عمولات ومصاريف بنكية", _R.BANK_CHARGES),
    ChartRow("710002", "Finance charges on loans", "تكاليف تمويل القروض"),
    ChartRow("710003", "Exchange gains and losses", "فروقات العملة", _R.FX_GAIN_LOSS),
    ChartRow("710004", "Rounding differences", "فروقات التقريب", _R.ROUNDING),
    ChartRow("7200", "Zakat and tax", "الزكاة والضريبة"),
    ChartRow("720001", "Zakat expense", "مصروف الزكاة"),
    ChartRow("720002", "Fines and penalties", "غرامات وجزاءات"),
)
