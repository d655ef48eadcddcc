import { type ComponentProps, type CSSProperties, useState } from "react";

import { missingPlaces, roomFor } from "@/shared/format/align";
import { grouped, parseDecimal } from "@/shared/format/number";
import { useFormat } from "@/shared/format/use-format";

import classes from "./quantity-input.module.css";

/*
 * A quantity in a table: typed in either digit script, its decimal mark in line with the others of
 * the column (`places`, from `placesIn` of all of them). What is not a number stays as typed, for
 * the server to refuse.
 */

type Props = Omit<ComponentProps<"input">, "value" | "onChange" | "size"> & {
  value: string;
  onChange: (value: string) => void;
  /** The decimals of the column. */
  places?: number;
  invalid?: boolean;
  /** A box around it, outside a line editor. */
  boxed?: boolean;
};

export function QuantityInput(props: Props) {
  const { value, onChange, places = 0, invalid = false, boxed = false, ...rest } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const number = parseDecimal(value);
  // Said once the field is left: while one types, half a number is none yet.
  const unread = typed === null && number === null && value.trim() !== "";
  return (
    <input
      {...rest}
      className={classes.input}
      data-boxed={boxed || undefined}
      dir="ltr"
      inputMode="decimal"
      autoComplete="off"
      aria-invalid={invalid || unread ? true : undefined}
      value={typed ?? (number === null ? value : grouped(number))}
      style={roomFor(typed ?? value, places) as CSSProperties}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped(text);
        onChange(parseDecimal(text) ?? text);
      }}
      onBlur={(event) => {
        setTyped(null);
        rest.onBlur?.(event);
      }}
    />
  );
}

/** A quantity to read, in line with the others of its column. */
export function AlignedQuantity({
  amount,
  places,
  unit,
}: {
  amount: string;
  places: number;
  unit?: string;
}) {
  const format = useFormat();
  const missing = missingPlaces(amount, places);
  return (
    <>
      <span className={`aw-figures aw-ltr ${classes.aligned ?? ""}`} data-missing={missing}>
        {format.quantity(amount)}
      </span>
      {unit && <small> {unit}</small>}
    </>
  );
}
