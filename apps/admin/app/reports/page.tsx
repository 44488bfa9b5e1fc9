import { Reports } from "@/features/reports/Reports";

export default function ReportsPage() {
  return <Reports />;
}
