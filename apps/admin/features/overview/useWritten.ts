import type { AdminShapes } from "@dfworx/api/admin";
import { useFormatter, useTranslations } from "next-intl";

type Unit = AdminShapes["Figure"]["unit"];

/** A figure as people read it, in its unit. */
export function useWritten(): (value: number | null, unit: Unit) => string {
  const t = useTranslations("overview");
  const format = useFormatter();
  return (value, unit) => {
    if (value === null) return t("notMeasured");
    if (unit === "ratio") return format.number(value, { style: "percent", maximumFractionDigits: 2 });
    if (unit === "bytes")
      return format.number(value / 1e6, { style: "unit", unit: "megabyte", maximumFractionDigits: 1 });
    if (unit === "milliseconds")
      return format.number(value, { style: "unit", unit: "millisecond", maximumFractionDigits: 1 });
    return format.number(value);
  };
}
