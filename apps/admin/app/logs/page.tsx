import { SystemLogs } from "@/features/logs/SystemLogs";

export default function LogsPage() {
  return <SystemLogs />;
}
