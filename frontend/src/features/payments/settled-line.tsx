import { Alert, Anchor, Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCircleCheck } from "@tabler/icons-react";
import { useQueryClient, type UseMutationResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { Refusal } from "@/shared/ui/error-state";
import { Money } from "@/shared/ui/money";

import { accountNamed, named } from "./names";
import classes from "./payments.module.css";
import {
  type BankLine,
  matchProposals,
  type Statement,
  useKeepLine,
  useTakeBackCharge,
  useUnmatchLine,
} from "./queries";
import { useLineKeys } from "./use-line-keys";

/** A line that is settled: with what, and a way back. */
function SettledLine({
  of,
  statement,
  permission,
  undo,
  verb,
  done,
  children,
}: {
  of: BankLine;
  statement: Statement;
  permission: string;
  undo: UseMutationResult<unknown, Error, BankLine>;
  verb: string;
  /** Said when it is open again. */
  done: string;
  children: ReactNode;
}) {
  const can = useCan();
  const cache = useQueryClient();
  const keep = useKeepLine(statement.id);
  const may = can(permission);
  const takeBack = () => {
    if (!may || undo.isPending) return;
    undo.mutate(of, {
      onSuccess: (answer) => {
        notifications.show({ message: done });
        keep(answer as BankLine);
        void cache.invalidateQueries({ queryKey: matchProposals(of.id).queryKey });
      },
    });
  };
  useLineKeys({ u: takeBack });
  return (
    <div className={classes.suggestions}>
      <Refusal error={undo.error} />
      <Alert color="green" icon={<IconCircleCheck size={18} />}>
        {children}
      </Alert>
      {may && (
        <Group>
          <Button variant="default" loading={undo.isPending} onClick={takeBack}>
            {verb}
          </Button>
        </Group>
      )}
    </div>
  );
}

type Props = { of: BankLine; statement: Statement };

/** A line that is matched with a payment. */
export function MatchedLine({ of, statement }: Props) {
  const { t } = useTranslation("payments");
  const name = useName();
  return (
    <SettledLine
      of={of}
      statement={statement}
      permission="bank_statement:match"
      undo={useUnmatchLine()}
      verb={t("match.undo")}
      done={t("match.undone")}
    >
      <Anchor
        renderRoot={(props) => (
          <Link to="/payments/$paymentId" params={{ paymentId: of.payment_id ?? "" }} {...props} />
        )}
      >
        <bdi>{of.payment_number}</bdi>
      </Anchor>{" "}
      · <bdi>{name(named(of))}</bdi>
    </SettledLine>
  );
}

/** A line that is booked as a fee or as interest, and where to. */
export function ChargedLine({
  of,
  as,
  statement,
}: Props & { as: NonNullable<BankLine["charge"]> }) {
  const { t } = useTranslation("payments");
  const can = useCan();
  const name = useName();
  const said = (
    <>
      {t(`charge.${as.kind}`)} · <bdi>{name(accountNamed(as))}</bdi>
    </>
  );
  return (
    <SettledLine
      of={of}
      statement={statement}
      permission="payment:post"
      undo={useTakeBackCharge()}
      verb={t("charge.undo")}
      done={t("charge.undone")}
    >
      {can("journal_entry:read") ? (
        <Anchor
          renderRoot={(props) => (
            <Link to="/journal-entries/$entryId" params={{ entryId: as.entry_id }} {...props} />
          )}
        >
          {said}
        </Anchor>
      ) : (
        said
      )}
      {Number(as.vat) !== 0 && (
        <small className={classes.vat}>
          {t("charge.net")} <Money amount={as.net} /> · {t("charge.vat")} <Money amount={as.vat} />
        </small>
      )}
    </SettledLine>
  );
}
