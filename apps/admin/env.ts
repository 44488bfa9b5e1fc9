/** What the app's server learns from its surroundings. It reads nothing of people: browsers ask the services. */
export const isDevelopmentServer = process.env.NODE_ENV === "development";
