import { useState } from "react";
import { useTranslation } from "react-i18next";

import { client } from "@/shared/api/client";
import { useFormat } from "@/shared/format/use-format";
import { CommandDialog } from "@/shared/ui/command-dialog";
import { DateInput } from "@/shared/ui/date-input";

import { type Bill } from "./queries";

type Props = { of: Bill; onDone: (answer: unknown) => void; onClose: () => void };

/** Books a bill, after showing what that does; the day in the books may differ from the paper's. */
export function PostDialog({ of, onDone, onClose }: Props) {
  const { t } = useTranslation("bills");
  const format = useFormat();
  const [on, setOn] = useState<string | null>(null);
  const params = { path: { bill_id: of.id } };
  const body = on ? { on } : {};
  const note = of.kind === "debit_note";
  const amount = `${format.money(of.total)} ${of.currency}`;
  return (
    <CommandDialog
      of={of}
      title={t(note ? "post.noteTitle" : "post.title")}
      verb={t("post.verb", { amount })}
      text={t(note ? "post.noteText" : of.source_id ? "post.orderText" : "post.text")}
      asked={on}
      send={({ query, headers }) =>
        of.source_id
          ? client.POST("/api/purchase-bills/{bill_id}/post", {
              params: { ...params, query },
              headers,
              body,
            })
          : client.POST("/api/bills/{bill_id}/post", {
              params: { ...params, query },
              headers,
              body,
            })
      }
      onDone={onDone}
      onClose={onClose}
    >
      {(errorOf) => (
        <DateInput
          label={t("field.booked_on")}
          placeholder={format.day(of.issued_on)}
          w={{ base: "100%", sm: 220 }}
          value={on}
          error={errorOf("on")}
          onChange={setOn}
        />
      )}
    </CommandDialog>
  );
}
