// Lines: Japanese and Latin text, broken where printers would.

import fc from "fast-check";
import { expect, test } from "vitest";
import { balanced, fitted, tidy, wrap } from "../src/paper/lines";

/** A letter of a typewriter: one wide for Latin, two for Japanese. */
const columns = (text: string): number => [...text].reduce((sum, letter) => sum + (letter < "\u2e80" ? 1 : 2), 0);

test("Japanese text fills its lines", () => {
  expect(wrap("学習歴を本人の手に", 10, columns)).toEqual(["学習歴を本", "人の手に"]);
});

test("no line begins with a comma, a closing bracket, a small kana or a long mark", () => {
  expect(wrap("学習歴、本人", 6, columns)).toEqual(["学習", "歴、本", "人"]);
  expect(wrap("学習「歴」", 8, columns)).toEqual(["学習", "「歴」"]);
  expect(wrap("データサイエンス", 4, columns)).toEqual(["デー", "タサ", "イエ", "ンス"]);
  expect(wrap("ああデジャヴュ", 8, columns)).toEqual(["ああデ", "ジャヴュ"]);
});

test("no line ends with an opening bracket", () => {
  expect(wrap("基礎コース（上級編）", 12, columns)).toEqual(["基礎コース", "（上級編）"]);
});

test("a Latin word stays whole, and its spaces end with the line", () => {
  expect(wrap("Foundations of Data Science", 16, columns)).toEqual(["Foundations of", "Data Science"]);
  expect(wrap("入門Python 3.12編", 10, columns)).toEqual(["入門Python", "3.12編"]);
});

test("a word longer than a line is parted, for it must stand somewhere", () => {
  expect(wrap("https://university.example/", 10, columns)).toEqual(["https://un", "iversity.e", "xample/"]);
});

test("a title has lines of like length, broken between phrases", () => {
  expect(balanced("データサイエンス基礎：統計と機械学習の入門", 40, columns)).toEqual([
    "データサイエンス基礎：",
    "統計と機械学習の入門",
  ]);
  expect(balanced("Introduction to Machine Learning", 26, columns)).toEqual(["Introduction to", "Machine Learning"]);
});

test("a title takes the largest size at which its lines are few enough", () => {
  const at = (text: string) => fitted(text, [4, 2, 1], { width: 40, most: 2, measure: columns });

  expect(at("学習歴").size).toBe(4);
  expect(at("学".repeat(12)).size).toBe(2);
  expect(at("学".repeat(100))).toEqual({ lines: Array.from({ length: 5 }, () => "学".repeat(20)), size: 1 });
});

const words = fc.array(
  fc.constantFrom("学習", "の", "、", "「", "」", "デー", "タ", "ッ", "Data", " ", "(a)", "3.0", "👩‍🎓", "が", "〓"),
  { maxLength: 60 },
);

test("nothing is ever lost, and no line is too wide", () => {
  fc.assert(
    fc.property(words, fc.integer({ min: 2, max: 60 }), fc.boolean(), (parts, width, title) => {
      const text = parts.join("");
      const lines = (title ? balanced : wrap)(text, width, columns);

      expect(lines.join("").replaceAll(" ", "")).toBe(tidy(text).replaceAll(" ", ""));
      for (const line of lines) expect(columns(line)).toBeLessThanOrEqual(Math.max(width, 4));
    }),
  );
});
