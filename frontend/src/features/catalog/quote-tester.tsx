import { Select, SimpleGrid, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconTag } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { parseDecimal } from "@/shared/format/number";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { DateInput } from "@/shared/ui/date-input";
import { DecimalInput } from "@/shared/ui/decimal-input";
import { Section } from "@/shared/ui/document-page";
import { Refusal } from "@/shared/ui/error-state";
import { RecordSelect } from "@/shared/ui/record-select";

import { useUnits } from "./names";
import { Price } from "./price";
import classes from "./quote-tester.module.css";
import { customer, findCustomers, findProducts, type PriceList, product, quote } from "./queries";

/** Which price applies for this customer, quantity and day, and why. */
export function QuoteTester({ list }: { list: PriceList }) {
  const { t, i18n } = useTranslation("catalog");
  const name = useName();
  const can = useCan();
  const units = useUnits();
  const [productId, setProductId] = useState<string | null>(null);
  const [partyId, setPartyId] = useState(list.party_id);
  const [unitId, setUnitId] = useState<string | null>(null);
  const [quantity, setQuantity] = useState("1");
  const [on, setOn] = useState<string | null>(null);
  const chosen = useQuery({ ...product(productId ?? ""), enabled: productId !== null });
  const party = useQuery({
    ...customer(partyId ?? ""),
    enabled: partyId !== null && can("party:read"),
  });
  const [asked] = useDebouncedValue(quantity, 150);
  const known = parseDecimal(asked);
  const answer = useQuery({
    ...quote({
      product_id: productId ?? "",
      quantity: known ?? "1",
      ...(unitId && { unit_id: unitId }),
      ...(partyId && { party_id: partyId }),
      ...(on && { on }),
      currency: list.currency,
    }),
    enabled: productId !== null && known !== null,
    placeholderData: keepPreviousData,
  });
  const found = productId === null ? undefined : answer.data;
  const stockUnit = chosen.data?.unit_id;
  const unitIds = chosen.data
    ? [chosen.data.unit_id, ...chosen.data.units.map((row) => row.unit_id)]
    : [];
  return (
    <Section title={t("quote.title")} description={t("quote.text")}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
        <RecordSelect
          label={t("prices.product")}
          value={productId}
          onChange={(id) => {
            setProductId(id);
            setUnitId(null);
          }}
          find={findProducts}
          rowLabel={(row) => `${row.sku} · ${name(row)}`}
          placeholder={t("quote.chooseProduct")}
        />
        {can("party:read") && (
          <RecordSelect
            label={t("priceLists.customer")}
            value={partyId}
            onChange={setPartyId}
            find={findCustomers}
            chosen={party.data && name(party.data)}
            rowLabel={(row) => `${row.code} · ${name(row)}`}
            placeholder={t("quote.anybody")}
            clearable
          />
        )}
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing={16} mt={16}>
        <DecimalInput label={t("quote.quantity")} value={quantity} onChange={setQuantity} />
        <Select
          label={t("prices.unit")}
          data={unitIds.map((id) => ({ value: id, label: units.nameOf(id) }))}
          value={unitId ?? stockUnit ?? null}
          onChange={setUnitId}
          allowDeselect={false}
          disabled={unitIds.length < 2}
        />
        <DateInput
          label={t("quote.day")}
          value={on}
          onChange={setOn}
          placeholder={t("quote.today")}
        />
      </SimpleGrid>
      <div className={classes.answer} aria-live="polite">
        {answer.error && productId !== null ? (
          <Refusal error={answer.error} />
        ) : found ? (
          <>
            <IconTag size={20} stroke={1.6} aria-hidden />
            <div>
              <div className={classes.price}>
                <Price amount={found.price} currency={found.currency} />{" "}
                <small>{t("product.perUnit", { unit: units.nameOf(found.unit_id) })}</small>
              </div>
              <Text size="sm">
                <bdi>{i18n.language === "ar" ? found.explanation_ar : found.explanation_en}</bdi>
                {found.is_converted && ` ${t("quote.converted")}`}
                {found.price_list_id && found.price_list_id !== list.id && (
                  <>
                    {" "}
                    <Link
                      to="/price-lists/$priceListId"
                      params={{ priceListId: found.price_list_id }}
                      className={classes.link}
                    >
                      {t("quote.openList")}
                    </Link>
                  </>
                )}
              </Text>
            </div>
          </>
        ) : (
          <Text c="dimmed" size="sm">
            {t("quote.hint")}
          </Text>
        )}
      </div>
    </Section>
  );
}
