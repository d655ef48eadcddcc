import { Select, type SelectProps } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";

import { useName } from "@/shared/i18n/names";
import { type Filter } from "@/shared/ui/data-table/types";
import { RecordSelect } from "@/shared/ui/record-select";

import {
  findPlaces,
  findSuppliers,
  type Place,
  place,
  supplier,
  type Supplier,
  warehouses,
} from "./places";
import { findGoods, product, type Product } from "./queries";

/* Choosing a warehouse, a place, a supplier or a product, in forms and in filters of lists. */

type Named = { code: string; name_en: string; name_ar: string };

/** "RUH Riyadh": how a place is called where there is room for both. */
export function usePlaceName() {
  const name = useName();
  return useCallback(
    (of: Named) => {
      const said = name(of);
      return said && said !== of.code ? `${of.code} ${said}` : of.code;
    },
    [name],
  );
}

export function useWarehouses() {
  const { data } = useQuery(warehouses());
  const said = usePlaceName();
  return useMemo(() => {
    const all = data?.items ?? [];
    return {
      all,
      loaded: data !== undefined,
      /** The only one there is: nobody needs to choose. */
      only: all.length === 1 ? all[0] : undefined,
      nameOf: (id: string) => {
        const found = all.find((one) => one.id === id);
        return found ? said(found) : "…";
      },
      codeOf: (id: string) => all.find((one) => one.id === id)?.code ?? "…",
    };
  }, [data, said]);
}

type ChoiceProps = Omit<SelectProps, "data" | "value" | "onChange"> & {
  value: string | null;
};

export function WarehouseSelect({
  onChange,
  ...rest
}: ChoiceProps & { onChange: (id: string | null) => void }) {
  const said = usePlaceName();
  const { all } = useWarehouses();
  return (
    <Select
      searchable={all.length > 8}
      {...rest}
      data={all.map((one) => ({ value: one.id, label: said(one) }))}
      onChange={(id) => {
        onChange(id);
      }}
    />
  );
}

/** A zone or a bin of a warehouse; empty means the warehouse itself, or wherever goods are. */
export function PlaceSelect({
  warehouseId,
  value,
  onChange,
  ...rest
}: ChoiceProps & { warehouseId: string | null; onChange: (id: string | null) => void }) {
  const said = usePlaceName();
  const { data } = useQuery({ ...place(value ?? ""), enabled: !!value });
  return (
    <RecordSelect<Place>
      clearable
      {...rest}
      value={value}
      chosen={data && said(data)}
      find={(text) => findPlaces(warehouseId, text)}
      rowLabel={said}
      onChange={(id) => {
        onChange(id);
      }}
    />
  );
}

export function SupplierSelect({
  value,
  onChange,
  ...rest
}: ChoiceProps & { onChange: (id: string | null, row: Supplier | null) => void }) {
  const name = useName();
  const { data } = useQuery({ ...supplier(value ?? ""), enabled: !!value });
  return (
    <RecordSelect
      {...rest}
      value={value}
      chosen={data && name(data)}
      find={findSuppliers}
      rowLabel={name}
      onChange={onChange}
    />
  );
}

export function GoodsSelect({
  value,
  onChange,
  ...rest
}: ChoiceProps & { onChange: (id: string | null, row: Product | null) => void }) {
  const name = useName();
  const { data } = useQuery({ ...product(value ?? ""), enabled: !!value });
  return (
    <RecordSelect
      {...rest}
      value={value}
      chosen={data && `${data.sku} ${name(data)}`}
      find={findGoods}
      rowLabel={(row) => `${row.sku} ${name(row)}`}
      onChange={onChange}
    />
  );
}

/** The filter of a list by warehouse. */
export function useWarehouseFilter(label: string, id = "warehouse_id"): Filter {
  const { all } = useWarehouses();
  const said = usePlaceName();
  return useMemo(
    () => ({
      id,
      type: "select",
      label,
      options: all.map((one) => ({ value: one.id, label: said(one) })),
    }),
    [id, label, all, said],
  );
}

type CustomFilter = Extract<Filter, { type: "custom" }>;

export const goodsFilter = (label: string, id = "product_id"): CustomFilter => ({
  id,
  type: "custom",
  label,
  said: (value) => <GoodsName id={value} />,
  editor: (value, onChange) => (
    <GoodsSelect
      w={280}
      data-autofocus
      aria-label={label}
      comboboxProps={{ withinPortal: false }}
      value={value ?? null}
      onChange={(next) => {
        onChange(next ?? undefined);
      }}
    />
  ),
});

export const supplierFilter = (label: string, id = "supplier_id"): CustomFilter => ({
  id,
  type: "custom",
  label,
  said: (value) => <SupplierName id={value} />,
  editor: (value, onChange) => (
    <SupplierSelect
      w={280}
      data-autofocus
      aria-label={label}
      comboboxProps={{ withinPortal: false }}
      value={value ?? null}
      onChange={(next) => {
        onChange(next ?? undefined);
      }}
    />
  ),
});

export const placeFilter = (label: string, id = "location_id"): CustomFilter => ({
  id,
  type: "custom",
  label,
  said: (value) => <PlaceName id={value} />,
  editor: (value, onChange) => (
    <PlaceSelect
      w={280}
      data-autofocus
      aria-label={label}
      comboboxProps={{ withinPortal: false }}
      warehouseId={null}
      value={value ?? null}
      onChange={(next) => {
        onChange(next ?? undefined);
      }}
    />
  ),
});

function GoodsName({ id }: { id: string }) {
  const { data } = useQuery(product(id));
  return data ? <bdi>{data.sku}</bdi> : "…";
}

export function SupplierName({ id }: { id: string }) {
  const name = useName();
  const { data } = useQuery(supplier(id));
  return data ? <bdi>{name(data)}</bdi> : "…";
}

function PlaceName({ id }: { id: string }) {
  const { data } = useQuery(place(id));
  return data ? <bdi>{data.code}</bdi> : "…";
}
