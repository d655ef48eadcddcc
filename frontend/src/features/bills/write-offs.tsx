import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { client } from "@/shared/api/client";
import { useCan } from "@/shared/session/session";
import { CommandDialog } from "@/shared/ui/command-dialog";
import { DateText } from "@/shared/ui/date-text";
import { Section } from "@/shared/ui/document-page";
import { LinesTable } from "@/shared/ui/document-view";
import { Money } from "@/shared/ui/money";

import { type Bill, useBillMoved } from "./queries";

type WriteOff = Bill["write_offs"][number];

/** What of a bill was let go, and the way back when the supplier is paid after all. */
export function WriteOffs({ of }: { of: Bill }) {
  const { t } = useTranslation("bills");
  const can = useCan();
  const moved = useBillMoved();
  const [back, setBack] = useState<WriteOff | null>(null);
  if (of.write_offs.length === 0) return null;
  return (
    <Section title={t("writeOff.list")}>
      <LinesTable<WriteOff>
        label={t("writeOff.list")}
        lines={of.write_offs}
        lineKey={(one) => one.id}
        columns={[
          {
            id: "reason",
            label: t("field.reason"),
            card: "title",
            cell: (one) => <bdi>{one.reason}</bdi>,
          },
          {
            id: "on",
            label: t("writeOff.on"),
            cell: (one) => <DateText day={one.written_off_on} />,
          },
          {
            id: "back",
            label: t("writeOff.back"),
            cell: (one) =>
              one.taken_back_on ? (
                <DateText day={one.taken_back_on} />
              ) : (
                can("bill:write_off") && (
                  <Button
                    size="compact-sm"
                    variant="default"
                    onClick={() => {
                      setBack(one);
                    }}
                  >
                    {t("writeOff.takeBack")}
                  </Button>
                )
              ),
          },
          {
            id: "amount",
            label: t("writeOff.amount"),
            align: "end",
            card: "end",
            cell: (one) => <Money amount={one.amount} />,
          },
        ]}
      />
      {back && (
        <CommandDialog
          of={of}
          title={t("writeOff.backTitle")}
          verb={t("writeOff.takeBack")}
          text={t("writeOff.backText")}
          send={({ query, headers }) =>
            client.POST("/api/bills/{bill_id}/write-offs/{write_off_id}/take-back", {
              params: { path: { bill_id: of.id, write_off_id: back.id }, query },
              headers,
              body: {},
            })
          }
          onDone={(answer) => {
            notifications.show({ message: t("writeOff.backDone") });
            moved(answer as Bill);
          }}
          onClose={() => {
            setBack(null);
          }}
        />
      )}
    </Section>
  );
}
