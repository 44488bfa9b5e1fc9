/** What the dashboard asks of the admin service; what it changes of people goes to the auth service (../members). */
export * from "./auditLogs";
export * from "./flags";
export * from "./members";
export * from "./overview";
export * from "./reports";
export * from "./settings";
export * from "./systemLogs";
export type { AdminShapes, Asked } from "./shapes";
