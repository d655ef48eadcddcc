import js from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

/** app → features → shared. A feature reaches its own files by "./" and nothing else's. */
const mayNotImport = (files, group, message) => ({
  files: [files],
  ignores: ["**/*.test.*"],
  rules: { "no-restricted-imports": ["error", { patterns: [{ group, message }] }] },
});

export default tseslint.config(
  { ignores: ["dist", "src/shared/api/schema.d.ts"] },
  js.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    extends: [
      tseslint.configs.strictTypeChecked,
      tseslint.configs.stylisticTypeChecked,
      hooks.configs.flat.recommended,
    ],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "@typescript-eslint/consistent-type-definitions": "off",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      // A promise handed to onClick or onSubmit is owned by the mutation it starts.
      "@typescript-eslint/no-misused-promises": [
        "error",
        { checksVoidReturn: { attributes: false } },
      ],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // TanStack Router's redirect() and notFound() are thrown; they are not errors.
      "@typescript-eslint/only-throw-error": [
        "error",
        {
          allow: [
            {
              from: "package",
              package: "@tanstack/router-core",
              name: ["Redirect", "NotFoundError"],
            },
          ],
        },
      ],
      "no-console": "error",
    },
  },
  { files: ["*.config.{js,cjs}"], languageOptions: { globals: { module: "writable" } } },
  mayNotImport(
    "src/shared/**",
    ["@/features/*", "@/features/**", "@/app/**", "@/testing/**"],
    "shared/ knows no feature.",
  ),
  mayNotImport(
    "src/features/**",
    ["@/features/**", "@/app/**", "@/testing/**", "../*"],
    "Features meet in app/, not in each other.",
  ),
);
