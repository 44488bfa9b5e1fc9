import { Input } from "@dfworx/ui/Field";

interface Props {
  label: string;
  value: string;
  onType: (typed: string) => void;
}

/** Narrows the list below it while one types. */
export function SearchField({ label, value, onType }: Props) {
  return (
    <span className="w-full md:w-60">
      <Input
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        maxLength={100}
        onChange={(event) => onType(event.target.value)}
      />
    </span>
  );
}
