import { type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { type Problem } from "@/shared/api/problem";
import { useFormat } from "@/shared/format/use-format";
import { useName } from "@/shared/i18n/names";

import { Conflict } from "./conflict";
import { DraftNotice } from "./draft-notice";
import { Refusal } from "./error-state";

/** What is known of a line in every kind of document. */
type Line = {
  name_en?: string;
  name_ar?: string;
  /** What was typed and is no product yet. */
  item?: string | null;
  quantity?: string;
  unit_price?: string;
  discount?: string;
};

type Props<Edited> = {
  /** What useSelfSaving answers. */
  state: {
    draft: Edited;
    dirty: boolean;
    restored: boolean;
    saving: boolean;
    problem: Problem | null;
    theirDraft: Edited | null;
    differing: string[];
    startOver: () => void;
    keepMine: () => void;
    keepTheirs: () => void;
  };
  label: (field: string) => string;
  say: (field: string, of: Edited) => ReactNode;
};

/** Above a draft that saves itself: what was restored, who was faster, why it could not be saved. */
export function SelfSavingNotices<Edited extends { lines: readonly Line[] }>({
  state,
  label,
  say,
}: Props<Edited>) {
  const { draft, theirDraft, problem } = state;
  const differentLines = useDifferentLines();
  const differencesIn = (field: string, theirs: Edited) => {
    const whole = [{ label: label(field), mine: say(field, draft), theirs: say(field, theirs) }];
    if (field !== "lines") return whole;
    const lines = differentLines(draft.lines, theirs.lines);
    return lines.length > 0 ? lines : whole;
  };
  return (
    <>
      <DraftNotice shown={state.restored && state.dirty} onDiscard={state.startOver} />
      {theirDraft && (
        <Conflict
          busy={state.saving}
          differences={state.differing.flatMap((field) => differencesIn(field, theirDraft))}
          onKeepMine={state.keepMine}
          onKeepTheirs={state.keepTheirs}
        />
      )}
      {problem && (
        <Refusal
          error={problem}
          more={problem.errors
            // Those of the lines stand in their cells.
            .filter((one) => !one.pointer.includes("/lines/"))
            .map((one) => one.message)}
        />
      )}
    </>
  );
}

const figures = ["quantity", "unit_price", "discount"] as const;
const signs = { quantity: "", unit_price: "× ", discount: "− " };

/** The lines that differ, one by one, as they stand in either draft. */
function useDifferentLines() {
  const { t } = useTranslation();
  const name = useName();
  const format = useFormat();
  const say = (line: Line | undefined, other: Line | undefined) => {
    if (!line) return "";
    // What one of them leaves to the server is no difference.
    const told = figures.filter((one) => line[one] && (one === "discount" || other?.[one] !== ""));
    const size = told.map((one) => `${signs[one]}${format.quantity(line[one] ?? "")}`).join(" ");
    const what = name({ name_en: line.name_en ?? "", name_ar: line.name_ar ?? "" });
    // Figures keep their direction within an Arabic sentence.
    return [what || line.item, size && `\u2066${size}\u2069`].filter(Boolean).join(" · ");
  };
  return (mine: readonly Line[], theirs: readonly Line[]) =>
    Array.from({ length: Math.max(mine.length, theirs.length) }, (_, index) => ({
      label: t("conflict.line", { row: index + 1 }),
      mine: say(mine[index], theirs[index]) || "—",
      theirs: say(theirs[index], mine[index]) || "—",
    })).filter((one) => one.mine !== one.theirs);
}
