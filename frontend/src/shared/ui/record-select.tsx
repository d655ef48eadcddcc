import { Loader, Select, type SelectProps } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery, type UseQueryOptions } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

type Props<Row extends { id: string }> = Omit<SelectProps, "data" | "value" | "onChange"> & {
  value: string | null;
  onChange: (id: string | null, row: Row | null) => void;
  /** Asks the server for what matches; "" asks for the first few. */
  find: (
    text: string,
    // Each feature has a key of its own shape.
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
  ) => UseQueryOptions<{ items: Row[] }, Error, { items: Row[] }, any>;
  /** How the chosen one is called as long as no answer names it. */
  chosen?: string | undefined;
  rowLabel: (row: Row) => string;
};

/** Choose one record of many: the server searches while one types. */
export function RecordSelect<Row extends { id: string }>({
  value,
  onChange,
  find,
  chosen,
  rowLabel,
  ...rest
}: Props<Row>) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState(false);
  const [picked, setPicked] = useState<{ id: string; label: string } | null>(null);
  const label = (picked?.id === value ? picked.label : undefined) ?? chosen;
  const [asked] = useDebouncedValue(typed === label ? "" : typed.trim(), 150);
  const { data, isFetching } = useQuery({
    ...find(asked),
    enabled: open,
    placeholderData: keepPreviousData,
  });
  const rows = data?.items ?? [];
  const typing = open && typed.trim() !== "" && typed !== label;
  const answered = typing && asked === typed.trim() && !isFetching;
  // Who types a name and presses Enter means the first that is found, also when it is not found yet.
  const meant = useRef<string | null>(null);
  useEffect(() => {
    if (!meant.current || !answered) return;
    takeFirst(meant.current);
    meant.current = null;
  }, [answered]);
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    rest.onKeyDown?.(event);
    meant.current = null;
    if (event.key !== "Enter" || !typing || event.nativeEvent.isComposing) return;
    const list = event.currentTarget.getAttribute("aria-controls");
    if (!list || optionsOf(list).some((one) => one.hasAttribute("data-combobox-selected"))) return;
    event.preventDefault();
    if (answered) takeFirst(list);
    else meant.current = list;
  };
  const choices = rows.map((row) => ({ value: row.id, label: rowLabel(row) }));
  if (value && !choices.some((one) => one.value === value))
    choices.unshift({ value, label: label ?? "…" });
  return (
    <Select
      {...rest}
      onKeyDown={onKeyDown}
      value={value}
      data={choices}
      searchable
      searchValue={typed}
      onSearchChange={setTyped}
      // The server has found them already, also by numbers that the label does not show.
      filter={({ options }) =>
        asked === ""
          ? options
          : options.filter((one) => "value" in one && rows.some((row) => row.id === one.value))
      }
      onDropdownOpen={() => {
        setOpen(true);
      }}
      onDropdownClose={() => {
        meant.current = null;
        setOpen(false);
      }}
      onChange={(id) => {
        const row = rows.find((one) => one.id === id) ?? null;
        setPicked(row && { id: row.id, label: rowLabel(row) });
        onChange(id, row);
      }}
      rightSection={isFetching && open ? <Loader size={14} /> : undefined}
      nothingFoundMessage={isFetching ? "…" : t("list.nothingFound")}
    />
  );
}

const optionsOf = (list: string) => [
  ...(document.getElementById(list)?.querySelectorAll<HTMLElement>("[data-combobox-option]") ?? []),
];

const takeFirst = (list: string) => {
  optionsOf(list)[0]?.click();
};
