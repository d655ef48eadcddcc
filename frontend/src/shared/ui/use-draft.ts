import { useEffect, useState } from "react";
import { type DefaultValues, type FieldValues, type UseFormReturn } from "react-hook-form";

const place = (key: string) => `alawael.draft.${key}`;

function readDraft<Values>(key: string): Partial<Values> | null {
  try {
    const text = sessionStorage.getItem(place(key));
    return text === null ? null : (JSON.parse(text) as Partial<Values>);
  } catch {
    return null;
  }
}

export function forgetDraft(key: string) {
  try {
    sessionStorage.removeItem(place(key));
  } catch {
    // Nothing was kept, so there is nothing to forget.
  }
}

/**
 * Keep what is typed through a reload, a sign-out and an update of the app. Secrets stay out: name
 * the fields that must never be kept.
 */
export function useDraft<Values extends FieldValues>(
  key: string,
  form: UseFormReturn<Values>,
  { without = [] }: { without?: (keyof Values & string)[] } = {},
) {
  const [restored, setRestored] = useState(false);
  const secrets = without.join(",");

  useEffect(() => {
    const draft = readDraft<Values>(key);
    if (draft) {
      const before = form.getValues();
      form.reset({ ...before, ...draft }, { keepDefaultValues: true });
      // The form cannot be told before it exists, and the notice must follow what was put back.
      // eslint-disable-next-line react-hooks/set-state-in-effect
      setRestored(true);
    }
    const stop = form.subscribe({
      formState: { values: true, isDirty: true },
      callback: ({ values, isDirty }) => {
        if (!isDirty) return;
        const kept = Object.fromEntries(
          Object.entries(values).filter(([name]) => !secrets.split(",").includes(name)),
        );
        try {
          sessionStorage.setItem(place(key), JSON.stringify(kept));
        } catch {
          // A full or forbidden storage must not stop anybody from typing.
        }
      },
    });
    return stop;
  }, [key, form, secrets]);

  return {
    restored,
    /** After saving, or when the person starts over. */
    forget() {
      forgetDraft(key);
      setRestored(false);
    },
    discard(values: DefaultValues<Values>) {
      forgetDraft(key);
      form.reset(values);
      setRestored(false);
    },
  };
}
