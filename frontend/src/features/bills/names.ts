/** The supplier's name as it was when the bill was written down. */
export const named = (of: { supplier_name_en: string; supplier_name_ar: string }) => ({
  name_en: of.supplier_name_en,
  name_ar: of.supplier_name_ar,
});
