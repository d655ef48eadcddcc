import { CloseButton, Kbd, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { type Ref, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

type Props = {
  value: string;
  label: string;
  onSearch: (text: string) => void;
  inputRef: Ref<HTMLInputElement>;
};

/** Answers 150 ms after the last key; the request before it is cancelled with its query. */
export function SearchBox({ value, label, onSearch, inputRef }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string | null>(null);
  const search = useRef(onSearch);
  useEffect(() => {
    search.current = onSearch;
  });
  useEffect(() => {
    if (typed === null) return;
    const timer = setTimeout(() => {
      search.current(typed.trim());
      setTyped((now) => (now === typed && typed === typed.trim() ? null : now));
    }, 150);
    return () => {
      clearTimeout(timer);
    };
  }, [typed]);
  const shown = typed ?? value;
  return (
    <TextInput
      ref={inputRef}
      type="search"
      w="100%"
      maw={360}
      aria-label={label}
      placeholder={label}
      value={shown}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={
        shown ? (
          <CloseButton
            size={24}
            aria-label={t("list.clearSearch")}
            onClick={() => {
              setTyped(null);
              onSearch("");
            }}
          />
        ) : (
          <Kbd size="xs" visibleFrom="md" aria-hidden>
            /
          </Kbd>
        )
      }
      onChange={(event) => {
        setTyped(event.currentTarget.value);
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") event.currentTarget.blur();
      }}
    />
  );
}
