import { useTranslation } from "react-i18next";

import { findPlaces } from "@/shared/goods/places";
import { useName } from "@/shared/i18n/names";
import { PickCell, PickOption } from "@/shared/ui/pick-cell";

/** A place on a line, and text that is not yet one. */
export type PlaceValue = { id: string | null; code: string; typed: string | null };
export const noPlace: PlaceValue = { id: null, code: "", typed: null };

type Props = {
  label: string;
  warehouseId: string | null;
  value: PlaceValue;
  placeholder?: string;
  invalid?: boolean;
  onChange: (value: PlaceValue) => void;
};

/** A cell for a zone or a bin. */
export function PlaceCell({ label, warehouseId, value, placeholder, invalid, onChange }: Props) {
  const { t } = useTranslation("stock");
  const name = useName();
  return (
    <PickCell
      label={label}
      chosen={value.code}
      typed={value.typed}
      placeholder={placeholder ?? t("field.anyWhere")}
      invalid={invalid ?? (value.typed !== null && value.typed !== "")}
      find={(text) => findPlaces(warehouseId, text)}
      option={(place) => <PickOption name={name(place)} code={place.code} />}
      onType={(typed) => {
        onChange({ ...value, typed });
      }}
      onPick={(place) => {
        onChange({ id: place.id, code: place.code, typed: null });
      }}
      onLeave={(text) => {
        if (text === "") onChange(noPlace);
        else if (text === value.code) onChange({ ...value, typed: null });
      }}
    />
  );
}
