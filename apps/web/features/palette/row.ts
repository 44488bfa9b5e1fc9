import type { ReactNode } from "react";

/** One line of the palette: it leads somewhere, or does something. */
export interface Row {
  key: string;
  /** Its name in plain words; `shown` may mark some of them. */
  label: string;
  shown?: ReactNode;
  icon: ReactNode;
  /** At the end: where it stands. */
  aside?: ReactNode;
  href?: string;
  act?: () => void;
  keys?: string[] | undefined;
}
