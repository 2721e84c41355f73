// The language of the page. All that it says stands in en/ and de/; what the meter itself says
// (faults, refusals, events) stays as the meter says it.

import { computed, effect, signal } from "@preact/signals";
import { de } from "./de";
import { en } from "./en";

export type Texts = typeof en;

export const languages: Record<string, { name: string; texts: Texts }> = {
  en: { name: "English", texts: en },
  de: { name: "Deutsch", texts: de },
};

const first = navigator.language.slice(0, 2);
export const language = signal(first in languages ? first : "en");
export const texts = computed<Texts>(() => languages[language.value]?.texts ?? en);

effect(() => {
  document.documentElement.lang = language.value;
});

/** A number as people of this language write it. */
export function number(value: number, digits = 0): string {
  return value.toLocaleString(language.value, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

export const amperes = (ma: number) => `${number(ma / 1000, 1)} A`;

/** What came from the meter or a file: control characters are shown, not obeyed. */
export function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is replaced
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "�");
}

/** A time span: the two largest units. */
export function span(seconds: number): string {
  const s = Math.floor(seconds);
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}
