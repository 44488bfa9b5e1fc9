import { describe, expect, it } from "vitest";

import { addressPath, askedOf, cut, messagesAsked, readAddress } from "./asked";
import { daysAgo, isDay, startOfDay } from "./days";

const read = (query: string) => readAddress(new URLSearchParams(query));

describe("the address", () => {
  it("is read and written alike", () => {
    const query =
      "q=blob+fee&kind=post&category=core&author=0197e0a0-0000-7000-8000-000000000001&status=draft&after=2026-01-31&before=2026-02-28";
    expect(addressPath(read(query))).toBe(`/search?${query}`);
    expect(addressPath(read(""))).toBe("/search");
  });

  it("loses what makes no sense", () => {
    expect(read("q=+x+&kind=wiki&status=lost&author=me&after=2026-02-30&before=yesterday&category=")).toEqual({
      q: "x",
    });
  });

  it("is cut where the service would refuse it, between two characters", () => {
    expect([...cut("😀".repeat(300))]).toHaveLength(200);
  });

  it("says moments to the service", () => {
    const asked = askedOf(read("q=x&after=2026-07-01&before=2026-12-01"), "Europe/Berlin");
    expect(asked).toEqual({ q: "x", after: "2026-06-30T22:00:00.000Z", before: "2026-11-30T23:00:00.000Z" });
  });
});

describe("messages", () => {
  it("have an address of their own, which the web service is never asked for", () => {
    expect(addressPath(read("q=x&kind=messages"))).toBe("/search?q=x&kind=messages");
    expect(askedOf(read("q=x&kind=messages"), "UTC")).toEqual({ q: "x" });
  });

  it("are asked for by words and by the filters that they have", () => {
    const author = "0197e0a0-0000-7000-8000-000000000001";
    const address = read(`q=blob+has:file&author=${author}&category=core&status=draft&after=2026-07-01`);
    expect(messagesAsked(address, "Europe/Berlin")).toBe(`blob has:file from:${author} after:2026-06-30T22:00:00.000Z`);
    expect(messagesAsked(read(`author=${author}`), "UTC")).toBe("");
  });
});

describe("days", () => {
  it("begin where the reader is, also when the clocks change", () => {
    expect(startOfDay("2026-03-29", "Europe/Berlin")).toBe("2026-03-28T23:00:00.000Z");
    expect(startOfDay("2026-03-30", "Europe/Berlin")).toBe("2026-03-29T22:00:00.000Z");
    expect(startOfDay("2026-10-25", "Europe/Berlin")).toBe("2026-10-24T22:00:00.000Z");
    expect(startOfDay("2026-01-01", "Pacific/Kiritimati")).toBe("2025-12-31T10:00:00.000Z");
    expect(startOfDay("2026-01-01", "America/Los_Angeles")).toBe("2026-01-01T08:00:00.000Z");
  });

  it("are those of a calendar", () => {
    expect(isDay("2024-02-29")).toBe(true);
    for (const wrong of ["2025-02-29", "0000-01-01", "2026-1-1", "", "2026-13-01"]) expect(isDay(wrong)).toBe(false);
  });

  it("are counted back from today there", () => {
    const now = new Date("2026-11-23T23:30:00Z");
    expect(daysAgo(7, now, "UTC")).toBe("2026-11-16");
    expect(daysAgo(0, now, "Asia/Tokyo")).toBe("2026-11-24");
  });
});
