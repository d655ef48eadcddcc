/** The customer's name as it was when the document was made. */
export const named = (of: { customer_name_en: string; customer_name_ar: string }) => ({
  name_en: of.customer_name_en,
  name_ar: of.customer_name_ar,
});
