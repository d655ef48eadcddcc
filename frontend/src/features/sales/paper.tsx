import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconFileTypePdf } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";

import { asProblem } from "@/shared/api/problem";
import { showPdf } from "@/shared/api/pdf";
import { useProblemText } from "@/shared/ui/error-state";

type Props = { paper: () => Parameters<typeof showPdf>[0]; label: string };

/** The printed document. */
export function PaperButton({ paper, label }: Props) {
  const say = useProblemText();
  const show = useMutation({
    mutationFn: () => showPdf(paper()),
    onError: (error) => {
      notifications.show({ color: "red", message: say(asProblem(error)) });
    },
  });
  return (
    <Button
      variant="default"
      leftSection={<IconFileTypePdf size={16} aria-hidden />}
      loading={show.isPending}
      onClick={() => {
        show.mutate();
      }}
    >
      {label}
    </Button>
  );
}
