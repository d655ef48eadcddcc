import { TextInput, type TextInputProps } from "@mantine/core";
import { IconCalendar } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { parseDay } from "@/shared/format/date";
import { useFormat } from "@/shared/format/use-format";

type Props = Omit<TextInputProps, "value" | "onChange"> & {
  value: string | null;
  onChange: (day: string | null) => void;
};

/** A day typed the way people say it: today, +7, 15/3, 20/9/1447. */
export function DateInput({ value, onChange, error, ...rest }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [typed, setTyped] = useState<string | null>(null);
  const [unread, setUnread] = useState(false);

  function settle() {
    if (typed === null) return;
    const empty = typed.trim() === "";
    const day = empty ? null : parseDay(typed, new Date());
    if (!empty && day === null) {
      setUnread(true);
      return;
    }
    setUnread(false);
    setTyped(null);
    if (day !== value) onChange(day);
  }

  return (
    <TextInput
      {...rest}
      value={typed ?? (value ? format.day(value) : "")}
      placeholder={rest.placeholder ?? t("date.placeholder")}
      leftSection={<IconCalendar size={16} aria-hidden />}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        setUnread(false);
      }}
      onFocus={(event) => {
        event.currentTarget.select();
      }}
      onBlur={settle}
      onKeyDown={(event) => {
        if (event.key === "Enter") settle();
      }}
      error={unread ? t("date.unread") : error}
    />
  );
}
