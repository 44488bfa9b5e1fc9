// What the compiler doesn't see. A rule that is off has its reason beside it.
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

// Where text runs from right to left, sides swap: ms-, pe-, start-, text-start and the like follow it.
const PHYSICAL = String.raw`(^|[\s:!])-?((m|p|scroll-m|scroll-p|border-|rounded-|rounded-[tb])[lr]|left|right)-[\w[(]|(^|[\s:!])text-(left|right)($|\s)`;

export default tseslint.config(
  {
    ignores: [
      "**/node_modules/",
      "**/.next/",
      "build/",
      "**/*.gen.ts",
      "**/_generated/",
      "**/next-env.d.ts",
      "services/",
      ".dfworx/",
    ],
  },
  ...tseslint.configs.strict,
  ...tseslint.configs.stylistic,
  jsxA11y.flatConfigs.strict,
  reactHooks.configs.flat.recommended,
  {
    rules: {
      "no-restricted-syntax": [
        "error",
        ...["Literal[value=/%/]", "TemplateElement[value.raw=/%/]"].map((selector) => ({
          selector: selector.replace("%", PHYSICAL),
          message: "Say start and end (ms-, pe-, start-, text-start), so that it holds from right to left too.",
        })),
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: "The environment is read in env.ts and nowhere else.",
        },
        {
          // Browsers have begun to give promises where they gave nothing: scrollIntoView is one.
          selector: "CallExpression[callee.name=/^use(Layout)?Effect$/] > ArrowFunctionExpression[expression=true]",
          message: "What an effect gives is its clean-up: write a block.",
        },
      ],
      // Names begin with _ where a signature asks for more than is used.
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      // Both are read as well as written.
      "@typescript-eslint/consistent-type-definitions": "off",
    },
  },
  {
    // A function made with Convex's own builders would know no organization.
    files: ["convex/**/*.ts"],
    ignores: ["convex/access.ts", "convex/tests/*.test.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            { group: ["**/_generated/server*"], message: "Make functions with the builders of access.ts." },
            {
              group: ["convex/server"],
              importNamePattern: "^(query|mutation|action|httpAction|internal).*Generic$",
              message: "Make functions with the builders of access.ts.",
            },
          ],
        },
      ],
    },
  },
  {
    // An example is read by itself, with what it takes from the environment in its place.
    files: ["**/env.ts", "**/*.config.{ts,mts,mjs}", "**/*.test.{ts,tsx}", "examples/**"],
    rules: { "no-restricted-syntax": "off" },
  },
  {
    // What a test takes for given and isn't there fails it.
    files: ["**/*.test.{ts,tsx}"],
    rules: { "@typescript-eslint/no-non-null-assertion": "off" },
  },
);
