import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import { type Schemas } from "@/shared/api/client";
import { type Problem } from "@/shared/api/problem";
import { isNegative, isZero } from "@/shared/format/decimal";
import { parseDecimal } from "@/shared/format/number";
import { useCan } from "@/shared/session/session";

import { type CommandCall, CommandDialog, type Send, type Versioned } from "./command-dialog";
import { DateText } from "./date-text";
import { DecimalInput } from "./decimal-input";
import { Section } from "./document-page";
import { LinesTable } from "./document-view";
import { Money } from "./money";

/*
 * What nobody will pay: given up with a reason, listed, and taken back when it is paid after all.
 * The same for what customers owe us and what we owe suppliers; but only a customer pays a part of
 * a bad debt, while of a bill it is the small rest that no supplier will ask for.
 */

export type WriteOff = Schemas["WriteOffOut"];

type DialogProps = {
  of: Versioned;
  /** What it does to this document, in a sentence. */
  text: ReactNode;
  /** What is open, where a part of it may be given up; left out, all of it is. */
  part?: { most: string; currency: string };
  /** `amount` is what was typed, or all that is open. */
  send: (call: CommandCall & { amount: string | null }) => ReturnType<Send>;
  help?: (problem: Problem) => ReactNode;
  onStale?: (() => void) | undefined;
  onDone: (answer: unknown) => void;
  onClose: () => void;
};

/** Gives up what is still open of a document, or a part of it. */
export function WriteOffDialog({ part, send, onDone, ...rest }: DialogProps) {
  const { t } = useTranslation("documents");
  const [typed, setTyped] = useState(part?.most ?? "");
  const amount = part ? parseDecimal(typed) : null;
  return (
    <CommandDialog
      {...rest}
      title={t(part ? "writeOff.partTitle" : "writeOff.title")}
      verb={t(part ? "writeOff.partVerb" : "writeOff.verb")}
      asks={{ label: t("writeOff.reason"), required: true }}
      asked={amount}
      ready={!part || (amount !== null && !isZero(amount) && !isNegative(amount))}
      send={(call) => send({ ...call, amount })}
      onDone={(answer) => {
        notifications.show({ message: t(part ? "writeOff.partDone" : "writeOff.done") });
        onDone(answer);
      }}
    >
      {part &&
        ((errorOf) => (
          <DecimalInput
            w={240}
            label={t("writeOff.howMuch", { currency: part.currency })}
            required
            places={2}
            value={typed}
            error={errorOf("amount")}
            onChange={setTyped}
          />
        ))}
    </CommandDialog>
  );
}

type Props = {
  of: Versioned & { write_offs: WriteOff[] };
  /** Who may take one back. */
  permission: string;
  /** Takes one of them back. */
  send: (one: WriteOff) => Send;
  onStale?: (() => void) | undefined;
  onDone: (answer: unknown) => void;
};

/** What of a document was given up, and the way back. */
export function WriteOffs({ of, permission, send, onStale, onDone }: Props) {
  const { t } = useTranslation("documents");
  const can = useCan();
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
            label: t("writeOff.reason"),
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
                can(permission) && (
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
          send={send(back)}
          onStale={
            onStale &&
            (() => {
              setBack(null);
              onStale();
            })
          }
          onDone={(answer) => {
            notifications.show({ message: t("writeOff.backDone") });
            onDone(answer);
          }}
          onClose={() => {
            setBack(null);
          }}
        />
      )}
    </Section>
  );
}
