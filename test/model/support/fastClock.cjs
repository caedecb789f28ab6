/**
 * Preloaded into a provider's process: its time is what the test tells it, so that pauses of seconds take milliseconds.
 * Nothing but `Date`, `performance.now` and `setTimeout` is touched. A tick is answered only when no file is being written and no process
 * is under way: what the machine takes for those is no time to the provider. The same goes for a request that a busy machine
 * is slow to carry.
 */
const diagnostics = require("node:diagnostics_channel");

/** Ticks that a request may be under way as on a quiet machine: some seconds of the provider's time. */
const PROMPT_TICKS = 8;
/** In real milliseconds. What takes longer the organisation holds back on purpose. */
const HELD_BACK_MS = 300;
const begun = Number(process.env.FAST_CLOCK ?? 0);
const { clearTimeout: realClearTimeout, setTimeout: realSetTimeout } = globalThis;
const realNow = performance.now.bind(performance);
let time = begun;
/** @type {Set<FastTimer>} */
const timers = new Set();
/** @type {Map<object, { ticks: number, since: number }>} */
const underWay = new Map();

/** As much of a `Timeout` as anybody uses. */
class FastTimer {
  /** @param {Function} callback @param {number} milliseconds @param {unknown[]} args */
  constructor(callback, milliseconds, args) {
    this.callback = callback;
    this.milliseconds = Math.max(Number(milliseconds) || 0, 1);
    this.args = args;
    this.refresh();
  }
  refresh() {
    this.at = time + this.milliseconds;
    timers.add(this);
    return this;
  }
  ref() {
    return this;
  }
  unref() {
    return this;
  }
  hasRef() {
    return true;
  }
  close() {
    timers.delete(this);
    return this;
  }
}

/** @param {number} now */
function tick(now) {
  time = now;
  for (const request of underWay.values()) request.ticks += 1;
  for (const timer of [...timers].sort((a, b) => Number(a.at) - Number(b.at))) {
    if (Number(timer.at) > time || !timers.delete(timer)) continue;
    timer.callback(...timer.args);
  }
}

const isBusy = () => process.getActiveResourcesInfo().some((what) => /^FSReq|^ProcessWrap/.test(what));
const isSlowlyCarried = () =>
  [...underWay.values()].some(({ ticks, since }) => ticks > PROMPT_TICKS && realNow() - since < HELD_BACK_MS);

diagnostics.subscribe("http.client.request.start", (/** @type {any} */ { request }) => {
  underWay.set(request, { ticks: 0, since: realNow() });
  request.once("close", () => underWay.delete(request));
});

function answer() {
  if (isBusy() || isSlowlyCarried()) realSetTimeout(answer, 1);
  else process.send?.("ticked", () => {});
}

process.on("message", (/** @type {any} */ message) => {
  if (typeof message?.time !== "number") return;
  tick(message.time);
  // After what the tick has set in motion.
  setImmediate(answer);
});

globalThis.Date = new Proxy(Date, {
  construct: (real, given, target) =>
    Reflect.construct(real, given.length === 0 ? [Math.floor(time)] : given, target),
  get: (real, key) => (key === "now" ? () => Math.floor(time) : Reflect.get(real, key)),
});

performance.now = () => time - begun;

/** @type {any} */
const fastSetTimeout = (
  /** @type {Function} */ callback,
  /** @type {number} */ ms = 0,
  /** @type {any[]} */ ...args
) =>
  // At once is at once.
  ms > 1 ? new FastTimer(callback, ms, args) : realSetTimeout(/** @type {any} */ (callback), ms, ...args);
globalThis.setTimeout = fastSetTimeout;
/** @type {any} */
const fastClearTimeout = (/** @type {any} */ timer) =>
  timer instanceof FastTimer ? timer.close() : realClearTimeout(timer);
globalThis.clearTimeout = fastClearTimeout;
