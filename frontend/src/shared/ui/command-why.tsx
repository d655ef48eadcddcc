import { Modal, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem, Problem } from "@/shared/api/problem";
import { useCan } from "@/shared/session/session";
import { Refusal } from "@/shared/ui/error-state";
import { useDelayed } from "@/shared/ui/use-delayed";

import { type Command } from "./command-bar";
import { rehearse, type Send, type Versioned } from "./command-dialog";
import classes from "./command-why.module.css";
import { useStateWord } from "./document-status";
import { WhyLink } from "./why";

/*
 * "Why can't I…?": the commands that a document has and does not offer now, each with its reason.
 * The reason is the server's own: the command is rehearsed, and its refusal is shown. A command is
 * asked about when somebody opens it, and no sooner.
 */

type Props = { of: Versioned; commands: Command[]; onClose: () => void };

export function CommandWhy({ of, commands, onClose }: Props) {
  const { t } = useTranslation("documents");
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t("why.title")}
      closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}
    >
      <Text size="sm" c="dimmed" mb={12}>
        {t("why.text")}
      </Text>
      <div className={classes.list}>
        {commands.map((command) => (
          <Item key={command.name} of={of} command={command} open={commands.length === 1} />
        ))}
      </div>
    </Modal>
  );
}

function Item({ of, command, open }: { of: Versioned; command: Command; open: boolean }) {
  const [asked, setAsked] = useState(open);
  return (
    <details
      className={classes.item}
      open={open}
      onToggle={(event) => {
        if (event.currentTarget.open) setAsked(true);
      }}
    >
      <summary>{command.label.replace(/…$/, "")}</summary>
      {asked && <Reason of={of} command={command} />}
    </details>
  );
}

function Reason({ of, command }: { of: Versioned; command: Command }) {
  const can = useCan();
  if (command.permission && !can(command.permission))
    return <NoRight permission={command.permission} />;
  // A dialog of its own has fields that nobody has filled in: there is nothing to rehearse.
  if (!command.send || command.dialog || command.go)
    return <NotInThisState of={of} byRight={!command.permission} />;
  return <Rehearsed of={of} name={command.name} send={command.send} />;
}

const forbidden = new Problem("forbidden", 403, "", "");

/** The same way out as after a refusal by the server, which would say the same. */
function NoRight({ permission }: { permission: string }) {
  const { t } = useTranslation("documents");
  const refused = new Problem(forbidden.code, forbidden.status, "", "", [], "", { permission });
  return (
    <Stack gap={4}>
      <Text>{t("why.right")}</Text>
      <WhyLink problem={refused} />
    </Stack>
  );
}

/** `byRight`: the page does not know which right it takes, so it may be that one. */
function NotInThisState({ of, byRight }: { of: Versioned; byRight: boolean }) {
  const { t } = useTranslation("documents");
  const word = useStateWord();
  const state = of.state ? word(of.state) : null;
  if (!byRight)
    return <Text>{state === null ? t("why.notNow") : t("why.inState", { state })}</Text>;
  return (
    <Stack gap={4}>
      <Text>{state === null ? t("why.notNow") : t("why.inStateOrRight", { state })}</Text>
      <WhyLink problem={forbidden} />
    </Stack>
  );
}

function Rehearsed({ of, name, send }: { of: Versioned; name: string; send: Send }) {
  const { t } = useTranslation("documents");
  const { data, error } = useQuery({
    queryKey: ["rehearsal", of.id, of.version, "why", name],
    queryFn: () => rehearse(send, of, t("why.title")),
    retry: false,
    staleTime: Infinity,
    gcTime: 0,
  });
  const waits = useDelayed(!data && !error);
  if (error) {
    const problem = asProblem(error);
    // What was sent is ours, not the person's: its mistakes say nothing about the document.
    if (problem.status === 422) return <NotInThisState of={of} byRight />;
    const more = [...new Set(problem.errors.map((one) => one.message))];
    return <Refusal error={problem} more={more.filter((one) => one !== problem.detail)} />;
  }
  if (data) return <Text>{t("why.needless")}</Text>;
  return waits ? <Skeleton height={40} radius={8} aria-busy /> : null;
}
