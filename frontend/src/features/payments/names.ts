/** The party's name as it was when the payment was made. */
export const named = (of: { party_name_en?: string | null; party_name_ar?: string | null }) => ({
  name_en: of.party_name_en ?? "",
  name_ar: of.party_name_ar ?? "",
});

export const accountNamed = (of: { account_name_en: string; account_name_ar: string }) => ({
  name_en: of.account_name_en,
  name_ar: of.account_name_ar,
});

export const methods = ["bank_transfer", "cash", "card", "cheque", "direct_debit"] as const;
