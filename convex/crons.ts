// What runs by the clock.
import { cronJobs } from "convex/server";

import { internal } from "./_generated/api";

const crons = cronJobs();
crons.interval("outgoing words that nobody came back to", { minutes: 1 }, internal.outgoing.takeUp, {});
crons.interval("texts whose saving was forgotten", { seconds: 15 }, internal.saving.sweep, {});
crons.interval("numbers of what is long gone", { hours: 1 }, internal.mirror.sweep, {});

export default crons;
