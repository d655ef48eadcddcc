import { Anchor } from "@mantine/core";
import { Link, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { type Schemas } from "@/shared/api/client";
import { placesIn } from "@/shared/format/align";
import { useName } from "@/shared/i18n/names";
import { DateText } from "@/shared/ui/date-text";
import { DocumentPage, Section } from "@/shared/ui/document-page";
import { LinesTable } from "@/shared/ui/document-view";
import { Facts } from "@/shared/ui/facts";
import { Loaded } from "@/shared/ui/loaded";
import { AlignedQuantity } from "@/shared/ui/quantity-input";
import { usePageTitle } from "@/shared/ui/use-page-title";

import { DocumentOf } from "./document-of";
import { Expiry } from "./expiry";
import { type Balance, lotTrace, type Move } from "./queries";
import { Way } from "./way";

type Trace = Schemas["LotTraceOut"];

export function LotPage() {
  const { lotId } = useParams({ from: "/shell/lots/$lotId" });
  return <Loaded query={lotTrace(lotId)}>{(of) => <Show of={of} />}</Loaded>;
}

/** A lot or a serial number: where it came from, where it stands, where it went. */
function Show({ of }: { of: Trace }) {
  const { t } = useTranslation("stock");
  const name = useName();
  const { lot } = of;
  usePageTitle(lot.code);
  return (
    <DocumentPage
      back={{ link: { to: "/lots" }, label: t("lots.title") }}
      title={lot.code}
      subtitle={
        <>
          {t(lot.is_serial ? "lots.kind.serial" : "lots.kind.lot")} · <bdi>{name(lot.product)}</bdi>
        </>
      }
    >
      <Section title={t("section.facts")}>
        <Facts
          facts={[
            {
              label: t("field.product"),
              value: (
                <Anchor
                  renderRoot={(props) => (
                    <Link
                      to="/stock/products/$productId"
                      params={{ productId: lot.product.id }}
                      {...props}
                    />
                  )}
                >
                  <bdi>
                    {lot.product.sku} {name(lot.product)}
                  </bdi>
                </Anchor>
              ),
            },
            {
              label: t("field.expires_on"),
              value: lot.expires_on ? <Expiry day={lot.expires_on} /> : t("lots.noExpiry"),
            },
          ]}
        />
      </Section>
      <Section title={t("lots.here")}>
        <LinesTable<Balance>
          label={t("lots.here")}
          lines={of.stands}
          lineKey={(row) => row.id}
          empty={t("lots.nothing")}
          columns={[
            {
              id: "place",
              label: t("field.location"),
              card: "title",
              cell: (row) => <span className="aw-ltr">{row.location.code}</span>,
            },
            {
              id: "on_hand",
              label: t("field.on_hand"),
              align: "end",
              card: "end",
              cell: (row) => (
                <AlignedQuantity
                  amount={row.on_hand}
                  places={placesIn(of.stands.map((one) => one.on_hand))}
                />
              ),
            },
          ]}
        />
      </Section>
      <Moves title={t("lots.cameFrom")} moves={of.came_from} />
      <Moves title={t("lots.wentTo")} moves={of.went_to} />
    </DocumentPage>
  );
}

function Moves({ title, moves }: { title: string; moves: readonly Move[] }) {
  const { t } = useTranslation("stock");
  const places = placesIn(moves.map((move) => move.quantity));
  return (
    <Section title={title}>
      <LinesTable<Move>
        label={title}
        lines={moves}
        lineKey={(move) => move.id}
        empty="—"
        columns={[
          {
            id: "document",
            label: t("field.document"),
            card: "title",
            cell: (move) => (
              <DocumentOf
                type={move.document_type}
                id={move.document_id}
                number={move.document_number}
              />
            ),
          },
          {
            id: "day",
            label: t("field.day"),
            cell: (move) => <DateText day={move.effective_on} />,
          },
          {
            id: "way",
            label: t("card.fromTo"),
            cell: (move) => <Way from={move.source} to={move.destination} />,
          },
          {
            id: "quantity",
            label: t("field.quantity"),
            align: "end",
            card: "end",
            cell: (move) => <AlignedQuantity amount={move.quantity} places={places} />,
          },
        ]}
      />
    </Section>
  );
}
