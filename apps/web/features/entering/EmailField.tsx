import { Field, Input } from "@dfworx/ui/Field";
import { useTranslations } from "next-intl";
import type { ComponentProps } from "react";

/** Of `useForm`, with an email among its values. */
interface EmailForm {
  errorOf: (name: "email") => string | undefined;
  bind: (name: "email") => Pick<ComponentProps<"input">, "name" | "value" | "onChange" | "onBlur">;
}

/** The email that somebody signs in with. */
export function EmailField({ form }: { form: EmailForm }) {
  const t = useTranslations("entering");
  return (
    <Field label={t("email")} error={form.errorOf("email")}>
      {(control) => (
        <Input
          {...control}
          {...form.bind("email")}
          size="large"
          type="email"
          autoComplete="username"
          placeholder={t("emailExample")}
        />
      )}
    </Field>
  );
}
