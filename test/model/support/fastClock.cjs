/**
 * Preloaded into a provider's process: makes its clock run faster, so that pauses of seconds take milliseconds.
 * Nothing but `Date` and `setTimeout` is touched; how long work and requests really take stays as it is.
 */
const [begun = 0, factor = 1] = (process.env.FAST_CLOCK ?? "").split(" ").map(Number);
const { performance } = globalThis;
const now = () => {
  const real = performance.timeOrigin + performance.now();
  return Math.floor(begun + (real - begun) * factor);
};

globalThis.Date = new Proxy(Date, {
  construct: (real, given, target) => Reflect.construct(real, given.length === 0 ? [now()] : given, target),
  get: (real, key) => (key === "now" ? now : Reflect.get(real, key)),
});

/** @type {any} */
const realSetTimeout = setTimeout;
globalThis.setTimeout = new Proxy(realSetTimeout, {
  apply: (real, self, [callback, milliseconds = 0, ...rest]) =>
    Reflect.apply(real, self, [callback, milliseconds / factor, ...rest]),
});
