import { TextInput } from "@mantine/core";

/** Six digits of an authenticator app, or a recovery code. */
export function CodeInput({
  label,
  value,
  onChange,
  error,
  description,
  focus = false,
}: {
  label: string;
  value: string;
  onChange: (code: string) => void;
  error?: string | undefined;
  description?: string;
  focus?: boolean;
}) {
  return (
    <TextInput
      label={label}
      description={description}
      inputWrapperOrder={["label", "input", "description", "error"]}
      dir="ltr"
      autoComplete="one-time-code"
      autoCapitalize="off"
      spellCheck={false}
      maxLength={60}
      autoFocus={focus}
      value={value}
      error={error}
      onChange={(event) => {
        onChange(event.currentTarget.value);
      }}
    />
  );
}
