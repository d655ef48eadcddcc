import { SimpleGrid, Textarea, TextInput } from "@mantine/core";

import { DecimalInput } from "@/shared/ui/decimal-input";

/* Fields that every draft of a priced document has. */

type Terms = { currency: string; exchange_rate: string };

/** The currency and, where it is another than ours, its rate. */
export function CurrencyFields({
  of,
  label,
  hint,
  errorOf,
  onChange,
}: {
  of: Terms;
  label: (field: keyof Terms) => string;
  /** Under the rate: how much of which is meant. */
  hint?: string;
  errorOf: (field: keyof Terms) => string | undefined;
  onChange: (values: Partial<Terms>) => void;
}) {
  return (
    <>
      <TextInput
        label={label("currency")}
        dir="ltr"
        maxLength={3}
        value={of.currency}
        error={errorOf("currency")}
        onChange={(event) => {
          const currency = event.currentTarget.value.toUpperCase();
          onChange(currency === "SAR" ? { currency, exchange_rate: "1" } : { currency });
        }}
      />
      {of.currency !== "SAR" && (
        <DecimalInput
          label={label("exchange_rate")}
          description={hint}
          inputWrapperOrder={["label", "input", "description", "error"]}
          value={of.exchange_rate}
          error={errorOf("exchange_rate")}
          onChange={(exchange_rate) => {
            onChange({ exchange_rate });
          }}
        />
      )}
    </>
  );
}

const languages = { notes_en: "ltr", notes_ar: "rtl" } as const;
type Notes = Record<keyof typeof languages, string>;

/** What is printed on the document, in either language. */
export function NotesFields({
  of,
  label,
  onChange,
}: {
  of: Notes;
  label: (field: keyof Notes) => string;
  onChange: (values: Partial<Notes>) => void;
}) {
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
      {(["notes_en", "notes_ar"] as const).map((field) => (
        <Textarea
          key={field}
          label={label(field)}
          dir={languages[field]}
          autosize
          minRows={2}
          maxLength={2000}
          value={of[field]}
          onChange={(event) => {
            onChange({ [field]: event.currentTarget.value });
          }}
        />
      ))}
    </SimpleGrid>
  );
}
