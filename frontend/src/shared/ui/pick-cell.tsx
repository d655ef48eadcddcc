import { Combobox, Loader, useCombobox } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery, type UseQueryOptions } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import classes from "./pick-cell.module.css";

type Props<Row extends { id: string }> = {
  label: string;
  /** How the chosen record is called; shown while nothing is being typed. */
  chosen: string;
  /** What is being typed or was pasted, not yet understood; null when nothing is. */
  typed: string | null;
  onType: (text: string | null) => void;
  find: (
    text: string,
    // Each feature has a key of its own shape.
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
  ) => UseQueryOptions<{ items: Row[] }, Error, { items: Row[] }, any>;
  onPick: (row: Row) => void;
  /** The cell is left with text nobody picked from. */
  onLeave: (text: string) => void;
  option: (row: Row) => ReactNode;
  /** Under the field: what else is known about the chosen record. */
  hint?: ReactNode;
  invalid?: boolean;
  placeholder?: string;
  readOnly?: boolean;
};

/** A cell of a line editor that finds records while one types. Arrows move in the list only while it is open. */
export function PickCell<Row extends { id: string }>(props: Props<Row>) {
  const { t } = useTranslation();
  const { typed, onType } = props;
  const box = useCombobox({
    onDropdownClose: () => {
      box.resetSelectedOption();
    },
  });
  const [asked] = useDebouncedValue(typed?.trim() ?? "", 150);
  const { data, isFetching } = useQuery({
    ...props.find(asked),
    enabled: box.dropdownOpened,
    placeholderData: keepPreviousData,
  });
  const input = useRef<HTMLInputElement>(null);
  const picked = useRef(false);
  // What is typed after a choice belongs into the next cell, not behind the name that was chosen.
  useEffect(() => {
    if (!picked.current || typed !== null) return;
    picked.current = false;
    const next = input.current?.closest("[data-cell]")?.nextElementSibling;
    const field = next?.querySelector<HTMLInputElement>("input:not([readonly], :disabled)");
    if (!field || input.current !== document.activeElement) return;
    field.focus();
    field.select();
  });
  const rows = data?.items ?? [];
  const answered = data?.items;
  // While one types, Enter takes the best match.
  useEffect(() => {
    if (typed && box.dropdownOpened && answered?.length) box.selectFirstOption();
    // The store is another object at each render.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [answered, typed, box.dropdownOpened]);
  const settled = asked === (typed?.trim() ?? "");
  return (
    <div>
      <Combobox
        store={box}
        position="bottom-start"
        width={360}
        onOptionSubmit={(id) => {
          const row = rows.find((one) => one.id === id);
          box.closeDropdown();
          if (!row) return;
          picked.current = true;
          props.onPick(row);
        }}
      >
        <Combobox.Target
          withKeyboardNavigation={box.dropdownOpened}
          withExpandedAttribute
          targetType="input"
        >
          <input
            ref={input}
            className={classes.input}
            aria-label={props.label}
            aria-invalid={props.invalid ? true : undefined}
            placeholder={props.placeholder}
            readOnly={props.readOnly}
            dir="auto"
            value={typed ?? props.chosen}
            onChange={(event) => {
              onType(event.currentTarget.value);
              box.openDropdown();
              box.updateSelectedOptionIndex();
            }}
            onClick={() => {
              if (!props.readOnly) box.openDropdown();
            }}
            onKeyDown={(event) => {
              if (event.key === "Escape" && typed !== null) onType(null);
              // Nothing is picked by Enter before the answer to what was typed is here.
              if (event.key === "Enter" && box.dropdownOpened && !settled) box.closeDropdown();
            }}
            onBlur={() => {
              box.closeDropdown();
              if (typed !== null) props.onLeave(typed.trim());
            }}
          />
        </Combobox.Target>
        {props.hint && <div className={classes.hint}>{props.hint}</div>}
        <Combobox.Dropdown>
          <Combobox.Options mah={260} style={{ overflowY: "auto" }}>
            {rows.map((row) => (
              <Combobox.Option value={row.id} key={row.id}>
                {props.option(row)}
              </Combobox.Option>
            ))}
            {rows.length === 0 && (
              <Combobox.Empty>
                {isFetching ? <Loader size={14} /> : t("list.nothingFound")}
              </Combobox.Empty>
            )}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
    </div>
  );
}

/** An option with its code or figure beside the name. */
export function PickOption({ name, code }: { name: ReactNode; code: ReactNode }) {
  return (
    <span className={classes.option}>
      <bdi>{name}</bdi>
      <small className="aw-ltr">{code}</small>
    </span>
  );
}
