import { ActionIcon, Button, VisuallyHidden } from "@mantine/core";
import { IconArrowBackUp, IconPlus, IconTrash } from "@tabler/icons-react";
import {
  type ClipboardEvent,
  type CSSProperties,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";

import { placesIn, roomFor } from "@/shared/format/align";
import { parseDecimal } from "@/shared/format/number";

import classes from "./line-editor.module.css";

export type LineField<Line> = {
  id: keyof Line & string;
  label: string;
  width?: number;
  align?: "end";
  /** Numbers are read in either digit script and grouped only for reading. */
  kind?: "text" | "number";
  readOnly?: boolean;
  /** On a phone, where a line is a card: the whole width instead of half of it. */
  wide?: boolean;
  /** A cell of its own (a product picker); it must hold one focusable element. */
  render?: (line: Line, change: (values: Partial<Line>) => void, index: number) => ReactNode;
};

type Props<Line> = {
  label: string;
  fields: LineField<Line>[];
  lines: Line[];
  onChange: (lines: Line[]) => void;
  newLine: () => Line;
  lineKey: (line: Line) => string;
  /** The server's sentence for a cell: "lines.0.quantity" → errorAt(0, "quantity"). */
  errorAt?: (index: number, field: string) => string | undefined;
  readOnly?: boolean;
  footer?: ReactNode;
};

/**
 * A document's lines: arrows move, Enter goes down and adds a line, a block pasted from a sheet fills
 * cells, a removed line can be brought back. Numbers of a column share their decimal mark. On a
 * phone each line is a card.
 */
export function LineEditor<Line extends object>(props: Props<Line>) {
  const { t } = useTranslation();
  const { fields, lines, onChange, newLine, readOnly = false } = props;
  const table = useRef<HTMLTableElement>(null);
  const goTo = useRef<[number, number] | null>(null);
  const [removed, setRemoved] = useState<{ line: Line; index: number; key: string }[]>([]);
  const last = removed.findLast((one) => !lines.some((line) => props.lineKey(line) === one.key));

  const focus = (row: number, column: number) => {
    const cell = table.current?.querySelector(`[data-cell="${row}:${column}"]`);
    const target = cell?.querySelector<HTMLElement>("input,button,select,textarea");
    target?.focus();
    if (target instanceof HTMLInputElement) target.select();
    return !!target;
  };
  useEffect(() => {
    if (goTo.current && focus(...goTo.current)) goTo.current = null;
  });

  const change = (index: number, values: Partial<Line>) => {
    onChange(lines.map((line, at) => (at === index ? { ...line, ...values } : line)));
  };
  const add = (column = 0) => {
    goTo.current = [lines.length, column];
    onChange([...lines, newLine()]);
  };
  const remove = (index: number) => {
    const line = lines[index];
    if (line) setRemoved((before) => [...before, { line, index, key: props.lineKey(line) }]);
    goTo.current = [Math.max(0, index - 1), 0];
    onChange(lines.filter((_, at) => at !== index));
  };
  const bringBack = () => {
    if (!last) return;
    setRemoved((before) => before.filter((one) => one !== last));
    goTo.current = [last.index, 0];
    onChange(lines.toSpliced(last.index, 0, last.line));
  };
  const places = new Map(
    fields
      .filter((field) => field.kind === "number")
      .map((field) => [
        field.id,
        placesIn(
          lines.map((line) =>
            typeof line[field.id] === "string" ? (line[field.id] as string) : "",
          ),
        ),
      ]),
  );

  const onKey = (event: KeyboardEvent, row: number, column: number) => {
    if (event.defaultPrevented || event.nativeEvent.isComposing) return;
    const rtl = document.documentElement.dir === "rtl";
    const input = event.target instanceof HTMLInputElement ? event.target : null;
    const atStart =
      !input || (input.selectionStart === 0 && input.selectionEnd === input.selectionStart);
    const atEnd = !input || input.selectionStart === input.value.length;
    const whole =
      !!input && input.selectionStart === 0 && input.selectionEnd === input.value.length;
    const sideways = (by: number) => focus(row, column + by);
    const forward = rtl ? "ArrowLeft" : "ArrowRight";
    const back = rtl ? "ArrowRight" : "ArrowLeft";
    let moved = false;
    if (event.key === "ArrowDown") moved = focus(row + 1, column);
    else if (event.key === "ArrowUp") moved = focus(row - 1, column);
    else if (event.key === forward && (atEnd || whole)) moved = sideways(1);
    else if (event.key === back && (atStart || whole)) moved = sideways(-1);
    else if (event.key === "Enter" && !event.shiftKey && !readOnly) {
      moved = true;
      if (row === lines.length - 1) add();
      else focus(row + 1, column);
    } else if (event.key === "Backspace" && (event.ctrlKey || event.metaKey) && !readOnly) {
      moved = true;
      remove(row);
    }
    if (moved) event.preventDefault();
  };

  const onPaste = (event: ClipboardEvent, row: number, column: number) => {
    const block = readBlock(event.clipboardData.getData("text/plain"));
    if (readOnly || (block.length === 1 && block[0]?.length === 1)) return;
    event.preventDefault();
    const next = [...lines];
    block.forEach((cells, down) => {
      const line: Partial<Record<string, unknown>> = {};
      cells.forEach((text, across) => {
        const field = fields[column + across];
        if (!field || field.readOnly) return;
        line[field.id] = field.kind === "number" ? (parseDecimal(text) ?? text) : text;
      });
      next[row + down] = { ...(next[row + down] ?? newLine()), ...line };
    });
    goTo.current = [row + block.length - 1, column];
    onChange(next);
  };

  return (
    <div className={classes.frame}>
      <table ref={table} className={classes.table} aria-label={props.label}>
        <thead>
          <tr>
            <th className={classes.number}>#</th>
            {fields.map((field) => (
              <th
                key={field.id}
                scope="col"
                style={{ width: field.width }}
                data-align={field.align}
              >
                {field.label}
              </th>
            ))}
            {!readOnly && (
              <th className={classes.number}>
                <VisuallyHidden>{t("lines.remove")}</VisuallyHidden>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {lines.map((line, row) => (
            <tr key={props.lineKey(line)}>
              <td className={classes.number}>{row + 1}</td>
              {fields.map((field, column) => {
                const error = props.errorAt?.(row, field.id);
                const value = line[field.id];
                return (
                  <td
                    key={field.id}
                    data-cell={`${row}:${column}`}
                    data-align={field.align}
                    data-label={field.label}
                    data-wide={column === 0 || field.wide ? true : undefined}
                    onKeyDown={(event) => {
                      onKey(event, row, column);
                    }}
                    onPaste={(event) => {
                      onPaste(event, row, column);
                    }}
                  >
                    {field.render ? (
                      field.render(
                        line,
                        (values) => {
                          change(row, values);
                        },
                        row,
                      )
                    ) : (
                      <input
                        className={classes.input}
                        aria-label={t("lines.cell", { field: field.label, row: row + 1 })}
                        aria-invalid={error || unread(field, value) ? true : undefined}
                        dir={field.kind === "number" ? "ltr" : "auto"}
                        inputMode={field.kind === "number" ? "decimal" : undefined}
                        style={
                          roomFor(
                            typeof value === "string" ? value : "",
                            places.get(field.id) ?? 0,
                          ) as CSSProperties
                        }
                        readOnly={readOnly || field.readOnly}
                        value={typeof value === "string" ? value : ""}
                        onChange={(event) => {
                          change(row, { [field.id]: event.currentTarget.value } as Partial<Line>);
                        }}
                        onBlur={(event) => {
                          const text = event.currentTarget.value;
                          const read = field.kind === "number" ? parseDecimal(text) : null;
                          if (read !== null && read !== text)
                            change(row, { [field.id]: read } as Partial<Line>);
                        }}
                      />
                    )}
                    {error && (
                      <div className={classes.error} role="alert">
                        {error}
                      </div>
                    )}
                  </td>
                );
              })}
              {!readOnly && (
                <td className={classes.number}>
                  <ActionIcon
                    size={28}
                    aria-label={t("lines.removeRow", { row: row + 1 })}
                    onClick={() => {
                      remove(row);
                    }}
                  >
                    <IconTrash size={16} />
                  </ActionIcon>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      <div className={classes.foot}>
        {!readOnly && (
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconPlus size={16} />}
            onClick={() => {
              add();
            }}
          >
            {t("lines.add")}
          </Button>
        )}
        {!readOnly && last && (
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            leftSection={<IconArrowBackUp size={16} className="aw-flip" />}
            onClick={bringBack}
          >
            {t("lines.bringBack")}
          </Button>
        )}
        {props.footer}
      </div>
    </div>
  );
}

/** Text where a number belongs. */
const unread = (field: { kind?: "text" | "number" }, value: unknown) =>
  field.kind === "number" &&
  typeof value === "string" &&
  value.trim() !== "" &&
  parseDecimal(value) === null;

/** A block copied from a sheet: tabs between cells, line ends between rows, one empty line at the end. */
export function readBlock(text: string): string[][] {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/\n$/, "")
    .split("\n")
    .map((row) => row.split("\t").map((cell) => cell.trim()));
}
