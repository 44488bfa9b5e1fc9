import { expect, test, vi } from "vitest";

import { headingOf, shortTime, wholeTime, type Reader } from "./when";
import { chooseTimeZone } from "./zone";

const berlin: Reader = { locale: "en", timeZone: "Europe/Berlin", now: new Date("2026-11-23T09:00:00Z") };

test.each([
  ["2026-11-23T08:32:00Z", "09:32", "today"],
  // Yesterday in UTC, and already today in Berlin.
  ["2026-11-22T23:30:00Z", "00:30", "today"],
  ["2026-11-22T15:02:00Z", "16:02", "yesterday"],
  ["2026-11-19T12:00:00Z", "Thu", "thisWeek"],
  ["2026-11-02T12:00:00Z", "2 Nov", { text: "November" }],
  ["2024-11-22T12:00:00Z", "22 Nov 2024", { text: "2024" }],
  // A clock that is ahead is no reason for tomorrow.
  ["2026-11-23T23:00:00Z", "24 Nov", "today"],
])("%s is %s, under %j", (iso, short, heading) => {
  expect(headingOf(iso, berlin)).toEqual(heading);
  expect(shortTime(iso, berlin)).toBe(short);
});

test("months have the reader's names", () => {
  expect(headingOf("2026-10-02T12:00:00Z", { ...berlin, locale: "de" })).toEqual({ text: "Oktober" });
});

test("a zone that nobody knows is UTC", () => {
  expect(chooseTimeZone("Europe/Berlin")).toBe("Europe/Berlin");
  expect(chooseTimeZone("Europe%2FBerlin")).toBe("Europe/Berlin");
  expect(["Nowhere/Land", "%", "<script>"].map(chooseTimeZone)).toEqual(["UTC", "UTC", "UTC"]);
});

test("a long list makes no more formats than a short one", () => {
  const made = vi.spyOn(Intl, "DateTimeFormat");
  const write = () => [
    headingOf("2026-11-02T12:00:00Z", berlin),
    shortTime("2026-11-02T12:00:00Z", berlin),
    wholeTime("2026-11-02T12:00:00Z", berlin),
  ];
  const first = write();
  made.mockClear();
  expect(write()).toEqual(first);
  expect(made).not.toHaveBeenCalled();
});
