import { Alert, Anchor, Button, Group, SegmentedControl, Skeleton, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCircleCheck, IconListCheck } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { isNegative } from "@/shared/format/decimal";
import { useFormat } from "@/shared/format/use-format";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { AuditTimeline } from "@/shared/ui/audit-timeline";
import { DateText, MomentText } from "@/shared/ui/date-text";
import { DocumentPage, Section } from "@/shared/ui/document-page";
import { EmptyState } from "@/shared/ui/empty-state";
import { ErrorState, Refusal } from "@/shared/ui/error-state";
import { Facts } from "@/shared/ui/facts";
import { Loaded } from "@/shared/ui/loaded";
import { Money } from "@/shared/ui/money";
import { useDelayed } from "@/shared/ui/use-delayed";
import { usePageTitle } from "@/shared/ui/use-page-title";

import { usePaymentWords } from "./history";
import { LinePaymentDialog } from "./line-payment-dialog";
import { MatchProgress } from "./match-progress";
import { accountNamed, named } from "./names";
import classes from "./payments.module.css";
import {
  type BankLine,
  type ChargeIn,
  isMatched,
  type MatchProposal,
  matchProposals,
  statement,
  type Statement,
  useChargeLine,
  useKeepLine,
  useMatchLine,
  useTakeBackCharge,
  useUnmatchLine,
} from "./queries";
import { Period } from "./statement-list";

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
          <Charged of={of} as={of.charge} statement={statement} />
        ) : of.payment_id === null ? (
          <Suggestions of={of} statement={statement} onDone={onDone} />
        ) : (
          <Matched of={of} statement={statement} />
        ))}
    </li>
  );
}

/** What an open line may be: the likeliest first, taken or refused with one key. */
function Suggestions({
  of,
  statement,
  onDone,
}: {
  of: BankLine;
  statement: Statement;
  onDone: () => void;
}) {
  const { t } = useTranslation("payments");
  const can = useCan();
  const match = useMatchLine();
  const keep = useKeepLine(statement.id);
  const { data, error, isPending, refetch } = useQuery(matchProposals(of.id));
  const waits = useDelayed(isPending);
  const [refused, setRefused] = useState<string[]>([]);
  const [paying, setPaying] = useState(false);
  const proposals = data ?? [];
  const offered = proposals.filter((one) => !refused.includes(one.payment.id));
  const [first] = offered;
  const may = can("bank_statement:match");
  const mayPay = can("payment:post") && can("party:read");
  // In a foreign currency somebody has to say what it was in riyals.
  const mayCharge = can("payment:post") && statement.currency === "SAR";

  const accept = (proposal: MatchProposal) => {
    if (!may || match.isPending) return;
    match.mutate(
      { line: of, paymentId: proposal.payment.id },
      {
        onSuccess: (answer) => {
          const matched = answer as BankLine;
          notifications.show({
            message: t("match.done", { number: matched.payment_number ?? "" }),
          });
          onDone();
          keep(matched);
        },
      },
    );
  };
  const refuse = () => {
    if (first) setRefused((before) => [...before, first.payment.id]);
  };
  const pay = () => {
    if (mayPay) setPaying(true);
  };
  useLineKeys({
    ...(first &&
      may && {
        y: () => {
          accept(first);
        },
        n: refuse,
      }),
    p: pay,
  });

  return (
    <div className={classes.suggestions} aria-busy={isPending}>
      <Refusal error={match.error} />
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : isPending ? (
        waits && <Skeleton height={64} radius={8} />
      ) : first ? (
        <>
          <Offer of={first} />
          <Group gap={8}>
            {may && (
              <>
                <Button
                  loading={match.isPending}
                  onClick={() => {
                    accept(first);
                  }}
                >
                  {t("match.accept")}
                </Button>
                <Button variant="default" onClick={refuse}>
                  {t("match.refuse")}
                </Button>
              </>
            )}
            {mayPay && (
              <Button variant="subtle" onClick={pay}>
                {t("match.create")}
              </Button>
            )}
            {proposals.length > 1 && (
              <Text size="sm" c="dimmed" ms="auto">
                {t("match.other", {
                  index: proposals.indexOf(first) + 1,
                  count: proposals.length,
                })}
              </Text>
            )}
          </Group>
        </>
      ) : (
        <>
          <Text>
            {proposals.length > 0 ? t("match.noneLeft") : t("match.none")}{" "}
            {mayPay && t("match.noneCreate")}
          </Text>
          <Group gap={8}>
            {mayPay && <Button onClick={pay}>{t("match.create")}</Button>}
            {proposals.length > 0 && (
              <Button
                variant="default"
                onClick={() => {
                  setRefused([]);
                }}
              >
                {t("match.again")}
              </Button>
            )}
          </Group>
        </>
      )}
      {mayCharge && <Charges of={of} statement={statement} onDone={onDone} />}
      {paying && (
        <LinePaymentDialog
          of={of}
          statement={statement}
          onDone={onDone}
          onClose={() => {
            setPaying(false);
          }}
        />
      )}
    </div>
  );
}

/** What banks take and give by themselves: each is one click, or one key. */
const charges = {
  out: [
    { key: "f", word: "fee", as: { kind: "fee", has_vat: false } },
    { key: "v", word: "feeWithVat", as: { kind: "fee", has_vat: true } },
  ],
  in: [
    { key: "i", word: "interest", as: { kind: "interest", has_vat: false } },
    { key: "f", word: "feeBack", as: { kind: "fee", has_vat: false } },
    { key: "v", word: "feeBackWithVat", as: { kind: "fee", has_vat: true } },
  ],
} as const satisfies Record<string, readonly { key: string; word: string; as: ChargeIn }[]>;

/** A line that belongs to nobody: a fee or interest, booked at once. */
function Charges({
  of,
  statement,
  onDone,
}: {
  of: BankLine;
  statement: Statement;
  onDone: () => void;
}) {
  const { t } = useTranslation("payments");
  const charge = useChargeLine();
  const keep = useKeepLine(statement.id);
  const offered = charges[isNegative(of.amount) ? "out" : "in"];
  const book = (as: ChargeIn) => {
    if (charge.isPending) return;
    charge.mutate(
      { line: of, as },
      {
        onSuccess: (answer) => {
          notifications.show({ message: t("charge.done") });
          onDone();
          keep(answer as BankLine);
        },
      },
    );
  };
  useLineKeys(
    Object.fromEntries(
      offered.map(({ key, as }) => [
        key,
        () => {
          book(as);
        },
      ]),
    ),
  );
  return (
    <>
      <Refusal error={charge.error} />
      <Group gap={8} role="group" aria-label={t("charge.noParty")}>
        <Text size="sm" c="dimmed">
          {t("charge.noParty")}
        </Text>
        {offered.map(({ word, as }) => (
          <Button
            key={word}
            size="compact-sm"
            variant="default"
            loading={charge.isPending && charge.variables.as === as}
            onClick={() => {
              book(as);
            }}
          >
            {t(`charge.${word}`)}
          </Button>
        ))}
      </Group>
    </>
  );
}

/** A line that is booked as a fee or as interest: where to, and a way back. */
function Charged({
  of,
  as,
  statement,
}: {
  of: BankLine;
  as: NonNullable<BankLine["charge"]>;
  statement: Statement;
}) {
  const { t } = useTranslation("payments");
  const can = useCan();
  const name = useName();
  const cache = useQueryClient();
  const takeBack = useTakeBackCharge();
  const keep = useKeepLine(statement.id);
  const may = can("payment:post");
  const undo = () => {
    if (!may || takeBack.isPending) return;
    takeBack.mutate(of, {
      onSuccess: (answer) => {
        notifications.show({ message: t("charge.undone") });
        keep(answer as BankLine);
        void cache.invalidateQueries({ queryKey: matchProposals(of.id).queryKey });
      },
    });
  };
  useLineKeys({ u: undo });
  const said = (
    <>
      {t(`charge.${as.kind}`)} · <bdi>{name(accountNamed(as))}</bdi>
    </>
  );
  return (
    <div className={classes.suggestions}>
      <Refusal error={takeBack.error} />
      <Alert color="green" icon={<IconCircleCheck size={18} />}>
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
            {t("charge.net")} <Money amount={as.net} /> · {t("charge.vat")}{" "}
            <Money amount={as.vat} />
          </small>
        )}
      </Alert>
      {may && (
        <Group>
          <Button variant="default" loading={takeBack.isPending} onClick={undo}>
            {t("charge.undo")}
          </Button>
        </Group>
      )}
    </div>
  );
}

const because = ["amount", "reference", "bank_account", "party", "day"] as const;

function Offer({ of }: { of: MatchProposal }) {
  const { t } = useTranslation("payments");
  const name = useName();
  const { payment, score, reasons } = of;
  return (
    <div className={classes.offer}>
      <div>
        <Anchor
          renderRoot={(props) => (
            <Link to="/payments/$paymentId" params={{ paymentId: payment.id }} {...props} />
          )}
        >
          <bdi>{payment.number}</bdi>
        </Anchor>{" "}
        <bdi>{name(named(payment))}</bdi>
        <small>
          <DateText day={payment.paid_on} /> · {t(`method.${payment.method}`)}
          {payment.reference && (
            <>
              {" · "}
              <bdi>{payment.reference}</bdi>
            </>
          )}
        </small>
      </div>
      <div>
        <Money amount={payment.amount} currency={payment.currency} />
        <small>
          {t("match.score", { score })} ·{" "}
          {because
            .filter((one) => reasons.includes(one))
            .map((one) => t(`match.because.${one}`))
            .join(" · ")}
        </small>
      </div>
    </div>
  );
}

/** A line that is matched: what with, and a way back. */
function Matched({ of, statement }: { of: BankLine; statement: Statement }) {
  const { t } = useTranslation("payments");
  const can = useCan();
  const name = useName();
  const cache = useQueryClient();
  const unmatch = useUnmatchLine();
  const keep = useKeepLine(statement.id);
  const may = can("bank_statement:match");
  const undo = () => {
    if (!may || unmatch.isPending) return;
    unmatch.mutate(of, {
      onSuccess: (answer) => {
        notifications.show({ message: t("match.undone") });
        keep(answer as BankLine);
        void cache.invalidateQueries({ queryKey: matchProposals(of.id).queryKey });
      },
    });
  };
  useLineKeys({ u: undo });
  return (
    <div className={classes.suggestions}>
      <Refusal error={unmatch.error} />
      <Alert color="green" icon={<IconCircleCheck size={18} />}>
        <Anchor
          renderRoot={(props) => (
            <Link
              to="/payments/$paymentId"
              params={{ paymentId: of.payment_id ?? "" }}
              {...props}
            />
          )}
        >
          <bdi>{of.payment_number}</bdi>
        </Anchor>{" "}
        · <bdi>{name(named(of))}</bdi>
      </Alert>
      {may && (
        <Group>
          <Button variant="default" loading={unmatch.isPending} onClick={undo}>
            {t("match.undo")}
          </Button>
        </Group>
      )}
    </div>
  );
}

/** Keys of this page; they rest while somebody types or a dialog is open. */
function useLineKeys(keys: Record<string, () => void>) {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const at = document.activeElement;
      if (at instanceof HTMLElement && at.matches("input, textarea, select, [role=dialog] *"))
        return;
      if (document.querySelector("[role=dialog]")) return;
      const act = latest.current[event.key.toLowerCase()];
      if (!act) return;
      event.preventDefault();
      act();
    };
    window.addEventListener("keydown", press);
    return () => {
      window.removeEventListener("keydown", press);
    };
  }, []);
}
