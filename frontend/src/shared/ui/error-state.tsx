import { Alert, Button, Code, CopyButton, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconCloudOff, IconLock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { asProblem, type Problem } from "@/shared/api/problem";
import { EmptyState } from "@/shared/ui/empty-state";
import { WhyLink } from "@/shared/ui/why";

/** The sentence for a problem: the server's own, or ours where the server said nothing. */
export function useProblemText() {
  const { t } = useTranslation();
  return (problem: Problem) => {
    if (problem.isUnreachable) return t("error.unreachable");
    return problem.detail || problem.title || t("error.unexpected");
  };
}

type ErrorProps = {
  error: unknown;
  onRetry?: () => void;
  /** It is all that the page has. */
  page?: boolean;
};

/** A page or a list that could not be shown: what to do, and a reference for support. */
export function ErrorState({ error, onRetry, page = false }: ErrorProps) {
  const { t } = useTranslation();
  const say = useProblemText();
  const problem = asProblem(error);
  const icon = problem.isUnreachable
    ? IconCloudOff
    : problem.status === 403
      ? IconLock
      : IconAlertTriangle;
  const retryable = onRetry && problem.status !== 403 && problem.status !== 404;
  return (
    <div role="alert">
      <EmptyState
        page={page}
        icon={icon}
        title={
          problem.isUnreachable ? t("error.unreachableTitle") : problem.title || t("error.title")
        }
        action={
          retryable ? (
            <Button variant="default" onClick={onRetry}>
              {t("action.retry")}
            </Button>
          ) : (
            <WhyLink problem={problem} seeing />
          )
        }
      >
        {say(problem)}
        <Reference id={problem.requestId} />
      </EmptyState>
    </div>
  );
}

/** The refusal of a command or a form, beside the button that was refused. */
export function Refusal({ error, more = [] }: { error: unknown; more?: string[] }) {
  const say = useProblemText();
  if (!error) return null;
  const problem = asProblem(error);
  return (
    <Alert color="red" icon={<IconAlertTriangle size={18} />} role="alert">
      <Stack gap={4}>
        <Text size="md">{say(problem)}</Text>
        {more.map((sentence) => (
          <Text key={sentence} size="sm">
            {sentence}
          </Text>
        ))}
        {problem.status === 403 && <WhyLink problem={problem} />}
        {(problem.status >= 500 || problem.code === "unexpected") && (
          <Reference id={problem.requestId} />
        )}
      </Stack>
    </Alert>
  );
}

function Reference({ id }: { id: string }) {
  const { t } = useTranslation();
  if (!id) return null;
  return (
    <Group gap={4} justify="center" mt={8} component="span">
      <Text size="xs" c="dimmed" component="span">
        {t("error.reference")}
      </Text>
      <Code fz={12} dir="ltr">
        {id}
      </Code>
      <CopyButton value={id}>
        {({ copied, copy }) => (
          <Button size="compact-xs" variant="subtle" onClick={copy}>
            {copied ? t("action.copied") : t("action.copy")}
          </Button>
        )}
      </CopyButton>
    </Group>
  );
}
