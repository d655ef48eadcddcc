import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { total } from "@/shared/format/decimal";
import { parseDecimal } from "@/shared/format/number";
import {
  findGoods,
  findProducts,
  isExactly,
  type Product,
  product,
  unitOf,
  units,
} from "@/shared/goods/queries";
import { useName } from "@/shared/i18n/names";
import { LineEditor, type LineField } from "@/shared/ui/line-editor";
import { PickCell, PickOption } from "@/shared/ui/pick-cell";
import { ScanField } from "@/shared/ui/scan-field";

import classes from "./goods-lines.module.css";

/*
 * Lines with goods, on top of the line editor: the product by SKU, barcode or name (a scanner's
 * Enter adds it, again adds one more), the quantity, the unit among those the product has, rows
 * pasted from a sheet, and under the product whatever the document knows about availability.
 *
 *   <GoodsLines lines={lines} onChange={setLines} newLine={emptyLine}
 *     fields={[{ id: "unit_price", label: t("price"), kind: "number", align: "end" }]}
 *     availability={(line) => <Availability …/>} />
 */

export type GoodsLine = {
  key: string;
  /** Text in the product cell that is not yet a product. */
  item: string | null;
  product_id: string | null;
  sku: string;
  name_en: string;
  name_ar: string;
  unit_id: string | null;
  quantity: string;
};

let made = 0;
// Kept drafts bring keys of an earlier visit along.
export const newLineKey = () => `${Date.now().toString(36)}-${(made += 1)}`;

export const emptyGoodsLine = (): GoodsLine => ({
  key: newLineKey(),
  item: null,
  product_id: null,
  sku: "",
  name_en: "",
  name_ar: "",
  unit_id: null,
  quantity: "",
});

/** A line nobody has begun. */
export const isBlankLine = (line: GoodsLine) => !line.item && !line.product_id;

/** Nothing is missing that a line needs. */
export const isReadyLine = (line: GoodsLine) =>
  line.item === null && line.product_id !== null && parseDecimal(line.quantity) !== null;

/** What a product brings to a line. */
export const ofProduct = (of: Product, line: GoodsLine, unit?: string): Partial<GoodsLine> => ({
  item: null,
  product_id: of.id,
  sku: of.sku,
  name_en: of.name_en,
  name_ar: of.name_ar,
  unit_id: unit ?? of.unit_id,
  quantity: line.quantity || "1",
});

type Props<Line extends GoodsLine> = {
  label: string;
  lines: Line[];
  onChange: (lines: Line[]) => void;
  newLine: () => Line;
  /** The columns after product, quantity and unit. */
  fields?: LineField<Line>[];
  /** Only what is kept in stock, or services as well. */
  goodsOnly?: boolean;
  /** Also what a document wants to change when a product is chosen: its price is asked anew. */
  onPick?: (of: Product, line: Line) => Partial<Line>;
  /** Under the product, while one types: what is free, what comes in, when. */
  availability?: (line: Line) => ReactNode;
  /** Another unit was chosen: its price is another one. */
  onUnit?: (line: Line, unitId: string) => Partial<Line>;
  errorAt?: (line: Line, index: number, field: string) => string | undefined;
  readOnly?: boolean;
  footer?: ReactNode;
  withScanner?: boolean;
};

export function GoodsLines<Line extends GoodsLine>(props: Props<Line>) {
  const { t } = useTranslation("documents");
  const name = useName();
  const cache = useQueryClient();
  const { lines, onChange, newLine, goodsOnly = false, readOnly = false } = props;
  const find = goodsOnly ? findGoods : findProducts;
  const [unknown, setUnknown] = useState<string | null>(null);
  /** The text a product cell was left with. */
  const [left, setLeft] = useState<Record<string, string>>({});
  const { data: allUnits } = useQuery(units());
  const unitNames = new Map(allUnits?.items.map((unit) => [unit.id, name(unit)]));

  /** The product somebody means by a code or a name, or null. */
  const lookUp = async (text: string) => {
    const found = await cache
      .query({ ...find(text), staleTime: 60_000 })
      .catch(() => ({ items: [] as Product[] }));
    const meant = found.items.find((one) => isExactly(one, text));
    if (meant) cache.setQueryData(product(meant.id).queryKey, meant);
    return meant ?? null;
  };
  const filled = (of: Product, line: Line, code = ""): Line => ({
    ...line,
    ...ofProduct(of, line, unitOf(of, code)),
    ...props.onPick?.(of, line),
  });
  // Answers arrive after more was typed: they change the lines as these are then.
  const now = useRef({ lines, onChange });
  useEffect(() => {
    now.current = { lines, onChange };
  });
  const put = (change: (lines: Line[]) => Line[]) => {
    now.current.lines = change(now.current.lines);
    now.current.onChange(now.current.lines);
  };
  const changeLine = (key: string, change: (line: Line) => Line) => {
    put((current) => current.map((line) => (line.key === key ? change(line) : line)));
  };
  const understand = async (key: string, text: string) => {
    if (text === "") {
      changeLine(key, (line) => ({ ...line, item: null }));
      return;
    }
    const meant = await lookUp(text);
    if (meant) changeLine(key, (line) => filled(meant, line, text));
  };
  const scan = async (code: string) => {
    const meant = await lookUp(code);
    setUnknown(meant ? null : code);
    if (!meant) return;
    const unit = unitOf(meant, code);
    put((current) => {
      const same = current.find((line) => line.product_id === meant.id && line.unit_id === unit);
      if (same)
        return current.map((line) =>
          line === same
            ? { ...line, quantity: total([parseDecimal(line.quantity) ?? "0", "1"]) }
            : line,
        );
      const blank = current.find(isBlankLine);
      const line = filled(meant, blank ?? newLine(), code);
      return blank ? current.map((one) => (one === blank ? line : one)) : [...current, line];
    });
  };
  /** Cells pasted from a sheet hold text where a product belongs. */
  const changeLines = (next: Line[]) => {
    const before = new Map(lines.map((line) => [line.key, line]));
    put(() => next);
    for (const line of next) {
      const was = before.get(line.key);
      const pasted = !was || was.quantity !== line.quantity;
      if (line.item && line.item !== was?.item && (pasted || next.length > lines.length))
        void understand(line.key, line.item.trim());
    }
  };

  const fields: LineField<Line>[] = [
    {
      id: "item",
      label: t("line.product"),
      render: (line, _, index) => (
        <PickCell
          label={t("lines.cell", { ns: "common", field: t("line.product"), row: index + 1 })}
          chosen={name(line)}
          typed={line.item}
          placeholder={t("line.productHint")}
          invalid={!!props.errorAt?.(line, index, "item")}
          readOnly={readOnly}
          find={find}
          option={(of) => <PickOption name={name(of)} code={of.sku} />}
          onType={(item) => {
            changeLine(line.key, (one) => ({ ...one, item }));
          }}
          onPick={(of) => {
            cache.setQueryData(product(of.id).queryKey, of);
            changeLine(line.key, (one) => filled(of, one));
          }}
          onLeave={(text) => {
            setLeft((before) => ({ ...before, [line.key]: text }));
            void understand(line.key, text);
          }}
          hint={
            line.item ? (
              <NotFound text={line.item.trim()} left={left[line.key]} find={find} />
            ) : (
              line.product_id !== null && (
                <>
                  <bdi>{line.sku}</bdi>
                  {props.availability?.(line)}
                </>
              )
            )
          }
        />
      ),
    },
    {
      id: "quantity",
      label: t("line.quantity"),
      width: 80,
      align: "end",
      kind: "number",
      readOnly,
    },
    {
      id: "unit_id",
      label: t("line.unit"),
      width: 92,
      render: (line, change, index) => (
        <UnitCell
          label={t("lines.cell", { ns: "common", field: t("line.unit"), row: index + 1 })}
          line={line}
          names={unitNames}
          readOnly={readOnly}
          onChange={(unitId) => {
            change({ unit_id: unitId, ...props.onUnit?.(line, unitId) } as Partial<Line>);
          }}
        />
      ),
    },
    ...(props.fields ?? []),
  ];

  return (
    <div className={classes.lines}>
      {!readOnly && props.withScanner !== false && (
        <div className={classes.scan}>
          <ScanField
            label={t("scan.label")}
            hiddenLabel
            placeholder={t("scan.placeholder")}
            onScan={(code) => void scan(code)}
          />
          <span role="status">{unknown && t("scan.unknown", { code: unknown })}</span>
        </div>
      )}
      <LineEditor<Line>
        label={props.label}
        fields={fields}
        lines={lines}
        onChange={changeLines}
        newLine={newLine}
        lineKey={(line) => line.key}
        errorAt={(index, field) => {
          const line = lines[index];
          return line && props.errorAt?.(line, index, field);
        }}
        readOnly={readOnly}
        footer={props.footer}
      />
    </div>
  );
}

type NotFoundProps = { text: string; left: string | undefined; find: typeof findProducts };

/** Why typed text is no product yet: nothing is called that, or several might be meant. */
function NotFound({ text, left, find }: NotFoundProps) {
  const { t } = useTranslation("documents");
  const { data } = useQuery({ ...find(text), enabled: false });
  if (!data || (data.items.length > 0 && left !== text)) return null;
  return (
    <span className={classes.unknown}>
      {data.items.length > 0 ? t("line.choose") : t("line.unknown")}
    </span>
  );
}

type UnitProps = {
  label: string;
  line: GoodsLine;
  names: Map<string, string>;
  readOnly: boolean;
  onChange: (unitId: string) => void;
};

/** The units a product has; they are asked for when somebody turns to the cell. */
function UnitCell({ label, line, names, readOnly, onChange }: UnitProps) {
  const [asked, setAsked] = useState(false);
  const { data: of } = useQuery({
    ...product(line.product_id ?? ""),
    enabled: asked && line.product_id !== null,
  });
  const own = of ? [of.unit_id, ...of.units.map((one) => one.unit_id)] : [];
  const choices = [...new Set([...(line.unit_id ? [line.unit_id] : []), ...own])];
  return (
    <select
      className={classes.select}
      aria-label={label}
      disabled={readOnly || line.product_id === null}
      value={line.unit_id ?? ""}
      onFocus={() => {
        setAsked(true);
      }}
      onPointerEnter={() => {
        setAsked(true);
      }}
      onChange={(event) => {
        onChange(event.currentTarget.value);
      }}
    >
      {line.unit_id === null && <option value="">—</option>}
      {choices.map((id) => (
        <option key={id} value={id}>
          {names.get(id) ?? "…"}
        </option>
      ))}
    </select>
  );
}
