"use client";

import { useState } from "react";

/**
 * The state of a small form: each value is checked when it is left and then at every change, so that nobody is told
 * of a mistake before they could make it. `check` answers what to write instead, or nothing.
 */
export function useForm<Name extends string>(
  empty: Record<Name, string>,
  check: (name: Name, value: string) => string | undefined,
) {
  const [values, setValues] = useState(empty);
  const [left, setLeft] = useState<Partial<Record<Name, boolean>>>({});
  const [refused, setRefused] = useState<Partial<Record<Name, string>>>({});
  const names = Object.keys(empty) as Name[];

  const errorOf = (name: Name) => refused[name] ?? (left[name] ? check(name, values[name]) : undefined);

  return {
    values,
    errorOf,
    set(name: Name, value: string) {
      setValues((now) => ({ ...now, [name]: value }));
      setRefused((now) => ({ ...now, [name]: undefined }));
    },
    /** What the server doesn't take, on the very field. */
    refuse: setRefused,
    /** Whether all is well; shows what isn't, and goes to the first of it. */
    settle(form: HTMLFormElement): boolean {
      setLeft(Object.fromEntries(names.map((name) => [name, true])) as Record<Name, boolean>);
      const wrong = names.find((name) => check(name, values[name]));
      if (wrong) (form.elements.namedItem(wrong) as HTMLElement | null)?.focus();
      return !wrong;
    },
    /** For the control of a field: its name, value and handlers. */
    bind(name: Name) {
      return {
        name,
        value: values[name],
        onChange: (event: { target: { value: string } }) => this.set(name, event.target.value),
        onBlur: () => values[name] !== "" && setLeft((now) => ({ ...now, [name]: true })),
      };
    },
  };
}
