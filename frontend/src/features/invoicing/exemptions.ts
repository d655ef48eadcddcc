/** ZATCA's reasons why a supply is not taxed at the standard rate, by tax category. */
const exemptions = [
  { code: "VATEX-SA-32", tax: "Z", en: "Export of goods", ar: "صادرات السلع من المملكة" },
  { code: "VATEX-SA-33", tax: "Z", en: "Export of services", ar: "صادرات الخدمات من المملكة" },
  {
    code: "VATEX-SA-34-1",
    tax: "Z",
    en: "The international transport of goods",
    ar: "النقل الدولي للسلع",
  },
  {
    code: "VATEX-SA-34-2",
    tax: "Z",
    en: "International transport of passengers",
    ar: "النقل الدولي للركاب",
  },
  {
    code: "VATEX-SA-34-3",
    tax: "Z",
    en: "Services directly connected and incidental to a supply of international passenger transport",
    ar: "الخدمات المرتبطة مباشرة أو عرضيًا بتوريد النقل الدولي للركاب",
  },
  {
    code: "VATEX-SA-34-4",
    tax: "Z",
    en: "Supply of a qualifying means of transport",
    ar: "توريد وسائل النقل المؤهلة",
  },
  {
    code: "VATEX-SA-34-5",
    tax: "Z",
    en: "Any services relating to goods or passenger transportation",
    ar: "الخدمات ذات الصلة بنقل السلع أو الركاب",
  },
  {
    code: "VATEX-SA-35",
    tax: "Z",
    en: "Medicines and medical equipment",
    ar: "الأدوية والمعدات الطبية",
  },
  { code: "VATEX-SA-36", tax: "Z", en: "Qualifying metals", ar: "المعادن المؤهلة" },
  {
    code: "VATEX-SA-EDU",
    tax: "Z",
    en: "Private education to citizen",
    ar: "الخدمات التعليمية الخاصة للمواطنين",
  },
  {
    code: "VATEX-SA-HEA",
    tax: "Z",
    en: "Private healthcare to citizen",
    ar: "الخدمات الصحية الخاصة للمواطنين",
  },
  {
    code: "VATEX-SA-MLTRY",
    tax: "Z",
    en: "Supply of qualified military goods",
    ar: "توريد السلع العسكرية المؤهلة",
  },
  { code: "VATEX-SA-29", tax: "E", en: "Financial services", ar: "الخدمات المالية" },
  {
    code: "VATEX-SA-29-7",
    tax: "E",
    en: "Life insurance services",
    ar: "خدمات التأمين على الحياة",
  },
  {
    code: "VATEX-SA-30",
    tax: "E",
    en: "Real estate transactions",
    ar: "التوريدات العقارية",
  },
  {
    code: "VATEX-SA-OOS",
    tax: "O",
    en: "Not subject to VAT",
    ar: "التوريدات غير الخاضعة للضريبة",
  },
] as const;

export const exemptionsOf = (tax: string) => exemptions.filter((one) => one.tax === tax);
