import {
  createTheme,
  defaultVariantColorsResolver,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  rem,
} from "@mantine/core";

const accent: MantineColorsTuple = [
  "#eef2fe",
  "#dbe3fc",
  "#b5c4f8",
  "#8ea6ff",
  "#6a87ec",
  "#4a6be0",
  "#3056d3",
  "#2749b8",
  "#213f9d",
  "#1a3280",
];

// From text to background, the order Mantine reads its dark shades in.
const dark: MantineColorsTuple = [
  "#e7eaf0",
  "#c6ccd7",
  "#9aa3b2",
  "#6c7686",
  "#2b313c",
  "#232934",
  "#1a1e26",
  "#12151b",
  "#0e1116",
  "#0a0c10",
];

const gray: MantineColorsTuple = [
  "#f8f9fb",
  "#f1f3f6",
  "#e9ecf0",
  "#e3e6eb",
  "#ccd1d9",
  "#a5adba",
  "#7a8494",
  "#5b6472",
  "#3a414d",
  "#1b1f27",
];

const sans =
  '"Inter Variable", "IBM Plex Sans Arabic", system-ui, -apple-system, "Segoe UI", sans-serif';

export const theme = createTheme({
  primaryColor: "accent",
  primaryShade: { light: 6, dark: 3 },
  // The dark theme's accent is light: what stands on it is dark.
  variantColorResolver: (input) => {
    const usual = defaultVariantColorsResolver(input);
    const onAccent = input.variant === "filled" && (input.color ?? "accent") === "accent";
    return onAccent ? { ...usual, color: "var(--mantine-primary-color-contrast)" } : usual;
  },
  colors: { accent, dark, gray },
  black: "#1b1f27",
  fontFamily: sans,
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, monospace',
  fontSizes: { xs: rem(12), sm: rem(13), md: rem(14), lg: rem(16), xl: rem(20) },
  lineHeights: { xs: "1.45", sm: "1.45", md: "1.45", lg: "1.45", xl: "1.3" },
  spacing: { xs: rem(4), sm: rem(8), md: rem(12), lg: rem(16), xl: rem(24), xxl: rem(32) },
  radius: { xs: rem(4), sm: rem(6), md: rem(8), lg: rem(12), xl: rem(16) },
  defaultRadius: "md",
  headings: {
    fontFamily: sans,
    fontWeight: "600",
    sizes: {
      h1: { fontSize: rem(20), lineHeight: "1.3" },
      h2: { fontSize: rem(16), lineHeight: "1.4" },
      h3: { fontSize: rem(14), lineHeight: "1.45" },
      h4: { fontSize: rem(13), lineHeight: "1.45" },
    },
  },
  shadows: {
    xs: "0 1px 2px rgb(16 24 40 / 5%)",
    sm: "0 1px 3px rgb(16 24 40 / 8%)",
    md: "0 4px 16px rgb(16 24 40 / 10%)",
    lg: "0 12px 32px rgb(16 24 40 / 14%)",
    xl: "0 20px 48px rgb(16 24 40 / 18%)",
  },
  respectReducedMotion: true,
  cursorType: "pointer",
  components: {
    ActionIcon: { defaultProps: { variant: "subtle", color: "gray", size: 32 } },
    Button: { defaultProps: { size: "sm" }, styles: { root: { fontWeight: 500 } } },
    Menu: { defaultProps: { shadow: "md", radius: "lg", offset: 6, withinPortal: true } },
    Popover: { defaultProps: { shadow: "md", radius: "lg" } },
    // A second click, or one beside the dialog, must not throw away what was typed in it.
    Modal: {
      defaultProps: {
        radius: "lg",
        centered: true,
        closeOnClickOutside: false,
        overlayProps: { opacity: 0.35 },
      },
    },
    Paper: { defaultProps: { radius: "lg" } },
    Tooltip: { defaultProps: { openDelay: 400, withArrow: false, fz: 12, px: 8, py: 4 } },
    // The list itself scrolls: inside of it nothing else would be reached by the keyboard.
    Select: {
      defaultProps: {
        checkIconPosition: "right",
        comboboxProps: { shadow: "md" },
        withScrollArea: false,
      },
      styles: { options: { maxHeight: rem(250), overflowY: "auto" } },
    },
    Input: { defaultProps: { size: "sm" } },
    SegmentedControl: { styles: { root: { minHeight: 36 }, label: { lineHeight: "24px" } } },
    InputWrapper: { styles: { label: { fontWeight: 500, marginBottom: 4 } } },
  },
});

/** Notices and buttons take the colours of our states, whose words can be read on them. */
const soft = { orange: "attention", red: "bad", green: "good" };
const meaning = Object.fromEntries(
  Object.entries(soft).flatMap(([color, state]) => [
    [`--mantine-color-${color}-light`, `var(--aw-${state}-soft)`],
    [`--mantine-color-${color}-light-color`, `var(--aw-${state})`],
  ]),
);

/** The design tokens; our own CSS uses --aw-*, Mantine's parts use the names it knows. */
export const tokens: CSSVariablesResolver = () => ({
  variables: {
    "--aw-line-height": "1.45",
    "--aw-row": rem(40),
    "--mantine-line-height": "var(--aw-line-height)",
  },
  light: {
    "--aw-bg": "#f8f9fb",
    "--aw-surface": "#ffffff",
    "--aw-raised": "#ffffff",
    "--aw-line": "#e3e6eb",
    "--aw-text": "#1b1f27",
    "--aw-muted": "#5b6472",
    "--aw-accent": "#3056d3",
    "--aw-accent-soft": "#eef2fe",
    "--aw-hover": "#f1f3f6",
    "--aw-draft": "#855600",
    "--aw-draft-soft": "#fdf3dc",
    "--aw-good": "#146c43",
    "--aw-good-soft": "#e3f5eb",
    "--aw-attention": "#a8480a",
    "--aw-attention-soft": "#feeee0",
    "--aw-bad": "#b42318",
    "--aw-bad-soft": "#fdeceb",
    "--aw-closed": "#5b6472",
    "--aw-closed-soft": "#eef0f3",
    "--mantine-color-body": "#ffffff",
    "--mantine-color-text": "#1b1f27",
    "--mantine-color-dimmed": "#5b6472",
    "--mantine-color-placeholder": "#6b7484",
    "--mantine-color-error": "#b42318",
    "--mantine-color-default-border": "#d9dde4",
    "--mantine-color-anchor": "#3056d3",
    "--mantine-primary-color-contrast": "#ffffff",
    ...meaning,
    "--mantine-color-accent-light": "#eef2fe",
    "--mantine-color-accent-light-color": "#3056d3",
  },
  dark: {
    "--aw-bg": "#12151b",
    "--aw-surface": "#1a1e26",
    "--aw-raised": "#20252f",
    "--aw-line": "#2b313c",
    "--aw-text": "#e7eaf0",
    "--aw-muted": "#9aa3b2",
    "--aw-accent": "#8ea6ff",
    "--aw-accent-soft": "#242c45",
    "--aw-hover": "#222731",
    "--aw-draft": "#f0c36a",
    "--aw-draft-soft": "#352b16",
    "--aw-good": "#6fd3a0",
    "--aw-good-soft": "#163226",
    "--aw-attention": "#f5a468",
    "--aw-attention-soft": "#3a2617",
    "--aw-bad": "#ff958c",
    "--aw-bad-soft": "#3c1e1d",
    "--aw-closed": "#9aa3b2",
    "--aw-closed-soft": "#262c36",
    "--mantine-color-body": "#1a1e26",
    "--mantine-color-text": "#e7eaf0",
    "--mantine-color-dimmed": "#9aa3b2",
    "--mantine-color-placeholder": "#8791a1",
    "--mantine-color-error": "#ff958c",
    "--mantine-color-default": "#1f242d",
    "--mantine-color-default-hover": "#262c37",
    "--mantine-color-default-border": "#363d4a",
    "--mantine-color-anchor": "#8ea6ff",
    "--mantine-primary-color-contrast": "#12151b",
    "--mantine-color-disabled": "#272d38",
    "--mantine-color-disabled-color": "#7d8796",
    ...meaning,
    "--mantine-color-accent-light": "#242c45",
    "--mantine-color-accent-light-color": "#a9bbff",
  },
});
