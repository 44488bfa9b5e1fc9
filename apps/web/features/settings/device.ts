/** What a User-Agent says in words, as far as people tell their devices apart: a browser and a system. */
const BROWSERS: [RegExp, string][] = [
  // In this order: all but Firefox claim to be Chrome or Safari as well.
  [/\bEdgA?(iOS)?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\bVivaldi\//, "Vivaldi"],
  [/\b(Firefox|FxiOS)\//, "Firefox"],
  [/\b(Headless)?Chrom(e|ium)\/|\bCriOS\//, "Chrome"],
  [/\bVersion\/[\d.]+ .*Safari\//, "Safari"],
  [/^curl\//, "curl"],
];
const SYSTEMS: [RegExp, string][] = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bMac OS X\b|\bMacintosh\b/, "macOS"],
  [/\bLinux\b/, "Linux"],
];

export interface DeviceWords {
  browser: string | null;
  system: string | null;
  isHandheld: boolean;
}

export function deviceOf(userAgent: string): DeviceWords {
  const named = (list: [RegExp, string][]) => list.find(([pattern]) => pattern.test(userAgent))?.[1] ?? null;
  const system = named(SYSTEMS);
  return { browser: named(BROWSERS), system, isHandheld: ["iPhone", "iPad", "Android"].includes(system ?? "") };
}
