import { TextInput, type TextInputProps } from "@mantine/core";
import { useState } from "react";

import { grouped, parseDecimal, withPlaces } from "@/shared/format/number";

type Props = Omit<TextInputProps, "value" | "onChange"> & {
  value: string;
  onChange: (value: string) => void;
  /** Fixed decimals for money; quantities keep what was typed. */
  places?: number;
};

/** A number typed in either digit script; what is not a number stays as typed, for the server to refuse. */
export function DecimalInput({ value, onChange, onBlur, places, ...rest }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  const number = parseDecimal(value);
  const settled = number === null ? value : grouped(number);
  return (
    <TextInput
      {...rest}
      dir="ltr"
      inputMode="decimal"
      className={`aw-figures ${rest.className ?? ""}`}
      value={typed ?? settled}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped(text);
        onChange(parseDecimal(text) ?? text);
      }}
      onBlur={(event) => {
        const parsed = typed === null ? null : parseDecimal(typed);
        if (parsed !== null && places !== undefined && decimals(parsed) < places) {
          onChange(withPlaces(parsed, places));
        }
        setTyped(null);
        onBlur?.(event);
      }}
    />
  );
}

const decimals = (value: string) => value.split(".")[1]?.length ?? 0;
