import clsx from "clsx";
import { CircleAlert } from "lucide-react";
import { useId, type ComponentProps, type ReactNode } from "react";

const box =
  "w-full rounded-sm border border-field bg-sheet text-base text-ink max-md:text-[1rem] " +
  "focus-visible:rounded-sm focus-visible:border-ring focus-visible:outline-offset-[-1px] " +
  "aria-invalid:border-danger disabled:border-line disabled:bg-sunken disabled:text-ink-off";

interface InputProps extends Omit<ComponentProps<"input">, "size"> {
  size?: "normal" | "large";
}

export function Input({ size = "normal", className, ...rest }: InputProps) {
  return (
    <input className={clsx(box, size === "large" ? "h-(--ctl-lg)" : "h-(--ctl)", "px-2.5", className)} {...rest} />
  );
}

export function Textarea({ className, ...rest }: ComponentProps<"textarea">) {
  return <textarea className={clsx(box, "min-h-20 px-2.5 py-1.5", className)} {...rest} />;
}

/** What a field's control must carry so that label, help and error belong to it. */
export interface FieldControl {
  id: string;
  "aria-invalid": true | undefined;
  "aria-describedby": string | undefined;
}

interface FieldProps {
  label: ReactNode;
  /** Below the control, until an error takes its place. */
  help?: ReactNode;
  /** What to write instead; it stays on the thing itself. */
  error?: ReactNode;
  /** At the end of the label's line. */
  aside?: ReactNode;
  children: (control: FieldControl) => ReactNode;
}

export function Field({ label, help, error, aside, children }: FieldProps) {
  const id = useId();
  const told = error || help;
  return (
    <div>
      <div className="mb-1.5 flex items-baseline gap-2 text-sm">
        <label htmlFor={id} className="grow font-medium">
          {label}
        </label>
        {aside}
      </div>
      {children({
        id,
        "aria-invalid": error ? true : undefined,
        "aria-describedby": told ? `${id}-told` : undefined,
      })}
      {told && (
        <p id={`${id}-told`} className={clsx("mt-1.5 flex gap-1.5 text-xs", error ? "text-danger" : "text-ink-3")}>
          {error && <CircleAlert className="mt-px size-3.5 shrink-0" aria-hidden />}
          <span>{told}</span>
        </p>
      )}
    </div>
  );
}
