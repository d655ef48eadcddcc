import { TextInput } from "@mantine/core";
import { IconBarcode } from "@tabler/icons-react";
import { type Ref, useState } from "react";

import { toWestern } from "@/shared/format/digits";

/*
 * Where a scanner types: a code, then Enter. The field empties itself and stays ready for the next
 * one; a code typed with an Arabic keyboard is read the same.
 */

type Props = {
  label: string;
  placeholder?: string;
  onScan: (code: string) => void;
  size?: "sm" | "lg";
  disabled?: boolean;
  /** Keeps the screen keyboard of a phone away; a hardware scanner types all the same. */
  quiet?: boolean;
  hiddenLabel?: boolean;
  autoFocus?: boolean;
  ref?: Ref<HTMLInputElement>;
};

export function ScanField({ onScan, quiet, hiddenLabel, label, autoFocus, ...rest }: Props) {
  const [code, setCode] = useState("");
  return (
    <TextInput
      {...rest}
      {...(hiddenLabel ? { "aria-label": label } : { label })}
      {...(quiet && { inputMode: "none" })}
      {...(autoFocus && { "data-autofocus": true })}
      type="text"
      autoComplete="off"
      autoCorrect="off"
      spellCheck={false}
      enterKeyHint="done"
      leftSection={<IconBarcode size={rest.size === "lg" ? 24 : 18} aria-hidden />}
      value={code}
      onChange={(event) => {
        setCode(event.currentTarget.value);
      }}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
        event.preventDefault();
        const read = toWestern(code).trim();
        setCode("");
        if (read) onScan(read);
      }}
    />
  );
}
