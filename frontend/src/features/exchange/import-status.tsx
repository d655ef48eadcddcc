import { useTranslation } from "react-i18next";

import { StatusBadge, type Tone } from "@/shared/ui/status-badge";

import { type Import } from "./queries";

const tones: Record<Import["state"], Tone> = {
  uploaded: "draft",
  mapped: "draft",
  checking: "attention",
  checked: "draft",
  running: "attention",
  done: "good",
  failed: "bad",
  undoing: "attention",
  undone: "closed",
  cancelled: "closed",
};

export function ImportStatus({ state }: { state: Import["state"] }) {
  const { t } = useTranslation("exchange");
  return <StatusBadge tone={tones[state]}>{t(`state.${state}`)}</StatusBadge>;
}
