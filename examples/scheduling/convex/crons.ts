// What runs again and again. A run that takes longer than the time until the next one makes that one be left out.
import { cronJobs } from "convex/server";

import { internal } from "./_generated/api";

const crons = cronJobs();

crons.interval("put away what rang", { seconds: 2 }, internal.reminders.putAway);

export default crons;
