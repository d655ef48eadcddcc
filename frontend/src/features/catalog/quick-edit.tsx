import { Menu, Popover, TextInput, VisuallyHidden } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconCheck } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/shared/api/problem";
import { grouped, parseDecimal } from "@/shared/format/number";
import { useCan } from "@/shared/session/session";
import { useProblemText } from "@/shared/ui/error-state";

import { Price } from "./price";
import { ProductStatus } from "./product-status";
import { type Product, useChangeProduct } from "./queries";
import classes from "./quick-edit.module.css";

/** On a phone a row is a card that opens; there, and without the permission, cells only show. */
function useMayEdit() {
  const phone = useMediaQuery("(max-width: 47.99em)", false, { getInitialValueInEffect: false });
  const can = useCan();
  return !phone && can("product:edit");
}

function useSentence(error: unknown, pointer: string) {
  const say = useProblemText();
  if (!error) return null;
  const problem = asProblem(error);
  return problem.errors.find((one) => one.pointer === pointer)?.message ?? say(problem);
}

/** The price in its cell: click or Enter edits, Enter saves, Escape restores. */
export function QuickPrice({ product }: { product: Product }) {
  const { t } = useTranslation("catalog");
  const mayEdit = useMayEdit();
  const change = useChangeProduct();
  const [typed, setTyped] = useState<string | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const refusal = useSentence(change.error, "/price");
  if (!mayEdit) return <Price amount={product.price} />;

  const close = (back = true) => {
    setTyped(null);
    change.reset();
    // The button is drawn again first.
    if (back) setTimeout(() => button.current?.focus());
  };
  const save = (back: boolean) => {
    if (typed === null || change.isPending) return;
    const price = parseDecimal(typed) ?? typed;
    if (price === parseDecimal(product.price)) {
      close(back);
      return;
    }
    change.mutate(
      { of: product, values: { price } },
      {
        onSuccess: () => {
          close(back);
        },
      },
    );
  };

  if (typed === null)
    return (
      <button
        ref={button}
        type="button"
        className={classes.value}
        onClick={() => {
          setTyped(grouped(product.price));
        }}
      >
        <VisuallyHidden>{t("quick.price", { sku: product.sku })}</VisuallyHidden>
        <Price amount={product.price} />
      </button>
    );
  return (
    <Popover opened={refusal !== null} position="bottom-end" withinPortal withRoles={false}>
      <Popover.Target>
        <TextInput
          autoFocus
          size="xs"
          dir="ltr"
          inputMode="decimal"
          className={classes.input ?? ""}
          aria-label={t("quick.price", { sku: product.sku })}
          value={typed}
          error={refusal !== null}
          // Read-only rather than disabled: a refusal must find the focus where it was.
          readOnly={change.isPending}
          onFocus={(event) => {
            event.currentTarget.select();
          }}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            change.reset();
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter") save(true);
            else if (event.key === "Escape") close();
            else return;
            event.preventDefault();
            event.stopPropagation();
          }}
          onBlur={() => {
            if (refusal === null) save(false);
          }}
        />
      </Popover.Target>
      <Popover.Dropdown className={classes.refusal ?? ""} role="alert">
        {refusal}
      </Popover.Dropdown>
    </Popover>
  );
}

/** The status in its cell: a menu of the two states, with the refusal in it. */
export function QuickStatus({ product }: { product: Product }) {
  const { t } = useTranslation("catalog");
  const mayEdit = useMayEdit();
  const change = useChangeProduct();
  const [opened, setOpened] = useState(false);
  const refusal = useSentence(change.error, "/is_active");
  if (!mayEdit) return <ProductStatus active={product.is_active} />;
  return (
    <Menu
      opened={opened}
      onChange={(next) => {
        setOpened(next);
        change.reset();
      }}
      position="bottom-start"
      closeOnItemClick={false}
    >
      <Menu.Target>
        <button type="button" className={classes.value}>
          <VisuallyHidden>{t("quick.status", { sku: product.sku })}</VisuallyHidden>
          <ProductStatus active={product.is_active} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {[true, false].map((active) => (
          <Menu.Item
            key={String(active)}
            disabled={change.isPending}
            rightSection={product.is_active === active && <IconCheck size={14} aria-hidden />}
            onClick={() => {
              if (product.is_active === active) setOpened(false);
              else
                change.mutate(
                  { of: product, values: { is_active: active } },
                  {
                    onSuccess: () => {
                      setOpened(false);
                    },
                  },
                );
            }}
          >
            <ProductStatus active={active} />
          </Menu.Item>
        ))}
        {refusal && (
          <div className={classes.refusal} role="alert">
            {refusal}
          </div>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
