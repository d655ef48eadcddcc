import { type ReactNode } from "react";

import { type Problem } from "@/shared/api/problem";

import { Conflict } from "./conflict";
import { DraftNotice } from "./draft-notice";
import { Refusal } from "./error-state";

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
export function SelfSavingNotices<Edited>({ state, label, say }: Props<Edited>) {
  const { draft, theirDraft, problem } = state;
  return (
    <>
      <DraftNotice shown={state.restored && state.dirty} onDiscard={state.startOver} />
      {theirDraft && (
        <Conflict
          busy={state.saving}
          differences={state.differing.map((field) => ({
            label: label(field),
            mine: say(field, draft),
            theirs: say(field, theirDraft),
          }))}
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
