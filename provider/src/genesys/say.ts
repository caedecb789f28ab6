/** Durations as a person says them. */
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** From larger to smaller: two that follow each other are said. */
const UNITS = [
  [DAY, "days"],
  [HOUR, "h"],
  [MINUTE, "min"],
  [SECOND, "s"],
] as const;

/** Milliseconds as a person says them: `850 ms`, `12 s`, `3 min 20 s`, `2 h 5 min`, `3 days`. */
export function sayDuration(milliseconds: number): string {
  if (milliseconds < SECOND) return `${Math.max(0, Math.round(milliseconds))} ms`;
  const whole = Math.round(milliseconds / SECOND) * SECOND;
  const larger = UNITS.findIndex(([unit]) => whole >= unit * (unit === DAY ? 2 : 1));
  const [unit, name] = UNITS[larger] ?? UNITS[3];
  const [smaller, rest] = UNITS[larger + 1] ?? [SECOND, ""];
  const left = Math.floor((whole % unit) / smaller);
  return `${Math.floor(whole / unit)} ${name}${left === 0 ? "" : ` ${left} ${rest}`}`;
}
