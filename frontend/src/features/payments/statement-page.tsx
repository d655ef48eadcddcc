import { Button, SegmentedControl, Text } from "@mantine/core";
import { IconCircleCheck, IconListCheck } from "@tabler/icons-react";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { isNegative } from "@/shared/format/decimal";
import { useFormat } from "@/shared/format/use-format";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { AuditTimeline } from "@/shared/ui/audit-timeline";
import { DateText, MomentText } from "@/shared/ui/date-text";
import { DocumentPage, Section } from "@/shared/ui/document-page";
import { EmptyState } from "@/shared/ui/empty-state";
import { Facts } from "@/shared/ui/facts";
import { Loaded } from "@/shared/ui/loaded";
import { Money } from "@/shared/ui/money";
import { usePageTitle } from "@/shared/ui/use-page-title";

import { usePaymentWords } from "./history";
import { LineSuggestions } from "./line-suggestions";
import { MatchProgress } from "./match-progress";
import { accountNamed, named } from "./names";
import classes from "./payments.module.css";
import { type BankLine, isMatched, statement, type Statement } from "./queries";
import { ChargedLine, MatchedLine } from "./settled-line";
import { Period } from "./statement-list";
import { useLineKeys } from "./use-line-keys";

const groups = ["open", "matched", "all"] as const;
type LineGroup = (typeof groups)[number];
/** Lines that are drawn at once; a year's statement has thousands. */
const batch = 100;

export function StatementPage() {
  const { statementId } = useParams({ from: "/shell/bank-statements/$statementId" });
  return (
    <Loaded query={statement(statementId)}>{(of) => <Reconcile key={of.id} of={of} />}</Loaded>
  );
}

/** A statement beside the books: line by line, each with the payment that it is. */
function Reconcile({ of }: { of: Statement }) {
  const { t } = useTranslation("payments");
  const name = useName();
  const format = useFormat();
  const words = usePaymentWords();
  const account = name(accountNamed(of));
  const title = of.ends_on
    ? `${account}, ${format.day(of.ends_on)}`
    : `${t("bank.noPeriod")}, ${account}`;
  usePageTitle(title);
  return (
    <DocumentPage
      back={{ link: { to: "/bank-statements" }, label: t("bank.title") }}
      title={title}
      subtitle={<Period of={of} />}
      timeline={<AuditTimeline recordId={of.id} version={of.version} {...words} />}
    >
      <Section title={t("match.progress", { matched: of.matched, count: of.line_count })}>
        <MatchProgress bare matched={of.matched} count={of.line_count} />
        <div className={classes.facts}>
          <Facts
            facts={[
              {
                label: t("bank.opening"),
                value: of.opening && <Money amount={of.opening} currency={of.currency} />,
              },
              {
                label: t("bank.closing"),
                value: of.closing && <Money amount={of.closing} currency={of.currency} />,
              },
              { label: t("bank.reference"), value: of.reference && <bdi>{of.reference}</bdi> },
              { label: t("bank.file"), value: <bdi>{of.file_name}</bdi> },
              { label: t("bank.uploaded"), value: <MomentText at={of.created_at} /> },
            ]}
          />
        </div>
      </Section>
      <Lines of={of} />
    </DocumentPage>
  );
}

const isIn = (group: LineGroup, line: BankLine) =>
  group === "all" || isMatched(line) === (group === "matched");

function Lines({ of }: { of: Statement }) {
  const { t } = useTranslation("payments");
  const can = useCan();
  const navigate = useNavigate();
  const search = useSearch({ from: "/shell/bank-statements/$statementId" });
  const group = groups.find((one) => one === search.show) ?? "open";
  const [active, setActive] = useState<string | null>(null);
  const [drawn, setDrawn] = useState(batch);
  const lines = of.lines.filter((line) => isIn(group, line) || line.id === active);
  const current = lines.find((line) => line.id === active) ?? lines[0];
  const list = useRef<HTMLUListElement>(null);

  const go = (to: BankLine | undefined) => {
    if (!to) return;
    setActive(to.id);
    setDrawn((before) => Math.max(before, lines.indexOf(to) + 20));
    list.current
      ?.querySelector(`[data-line="${to.id}"]`)
      ?.scrollIntoView({ block: "nearest", behavior: "smooth" });
  };
  const step = (by: number) => {
    if (current) go(lines[lines.indexOf(current) + by]);
  };
  useLineKeys({
    j: () => {
      step(1);
    },
    k: () => {
      step(-1);
    },
  });

  return (
    <section className={`aw-card ${classes.lines ?? ""}`} aria-label={t("match.lines")}>
      <header>
        <SegmentedControl
          aria-label={t("match.show")}
          value={group}
          onChange={(show) => {
            setActive(null);
            setDrawn(batch);
            void navigate({
              to: ".",
              search: { show },
              replace: true,
              resetScroll: false,
            });
          }}
          data={groups.map((value) => ({
            value,
            label: `${t(`match.${value}`)} (${of.lines.filter((one) => isIn(value, one)).length})`,
          }))}
        />
        {can("bank_statement:match") && (
          <Text size="sm" c="dimmed" visibleFrom="sm">
            {t("match.keys")}
          </Text>
        )}
      </header>
      {lines.length === 0 ? (
        group === "open" ? (
          <EmptyState icon={IconCircleCheck} title={t("match.allDone")}>
            {t("match.allDoneText")}
          </EmptyState>
        ) : (
          <EmptyState icon={IconListCheck} title={t("match.nothing")}>
            {t("match.nothingText")}
          </EmptyState>
        )
      ) : (
        <ul ref={list}>
          {lines.slice(0, drawn).map((line) => (
            <Line
              key={line.id}
              of={line}
              statement={of}
              isOpen={line.id === current?.id}
              onOpen={() => {
                setActive(line.id);
              }}
              onDone={() => {
                const after = lines.slice(lines.indexOf(line) + 1);
                go(
                  after.find((one) => !isMatched(one)) ??
                    lines.find((one) => one !== line && !isMatched(one)),
                );
              }}
            />
          ))}
        </ul>
      )}
      {lines.length > drawn && (
        <Button
          variant="default"
          m={16}
          onClick={() => {
            setDrawn(drawn + batch);
          }}
        >
          {t("match.more", { count: Math.min(batch, lines.length - drawn) })}
        </Button>
      )}
    </section>
  );
}

type LineProps = {
  of: BankLine;
  statement: Statement;
  isOpen: boolean;
  onOpen: () => void;
  /** It is matched: on to the next. */
  onDone: () => void;
};

function Line({ of, statement, isOpen, onOpen, onDone }: LineProps) {
  const { t } = useTranslation(["payments", "banking"]);
  const name = useName();
  const said = of.counterparty || of.text || of.reference;
  return (
    <li data-line={of.id} data-open={isOpen || undefined}>
      <button type="button" className={classes.line} aria-expanded={isOpen} onClick={onOpen}>
        <span className={classes.day}>
          <DateText day={of.booked_on} />
        </span>
        <span className={classes.what}>
          <bdi>{said}</bdi>
          {of.text && of.text !== said && (
            <small>
              <bdi>{of.text}</bdi>
            </small>
          )}
          {of.reference && of.reference !== said && (
            <small>
              <bdi>{of.reference}</bdi>
            </small>
          )}
          {of.counterparty_iban && (
            <small>
              <span className="aw-ltr">{of.counterparty_iban}</span>
              {of.suggested_party && (
                <>
                  {" · "}
                  {t("suggested", { ns: "banking", name: name(of.suggested_party) })}
                </>
              )}
            </small>
          )}
        </span>
        <span className={classes.amount} data-out={isNegative(of.amount) || undefined}>
          <span className="aw-ltr">
            {isNegative(of.amount) ? "−" : "+"}
            <Money amount={of.amount.replace("-", "")} />
          </span>
          {of.payment_number && (
            <small>
              <IconCircleCheck size={14} aria-hidden /> <bdi>{of.payment_number}</bdi>
              {" · "}
              <bdi>{name(named(of))}</bdi>
            </small>
          )}
          {of.charge && (
            <small>
              <IconCircleCheck size={14} aria-hidden /> {t(`charge.${of.charge.kind}`)}
              {" · "}
              <bdi>{name(accountNamed(of.charge))}</bdi>
            </small>
          )}
        </span>
      </button>
      {isOpen &&
        (of.charge ? (
          <ChargedLine of={of} as={of.charge} statement={statement} />
        ) : of.payment_id === null ? (
          <LineSuggestions of={of} statement={statement} onDone={onDone} />
        ) : (
          <MatchedLine of={of} statement={statement} />
        ))}
    </li>
  );
}
