/**
 * How long, how large and how many what comes from outside may be: from the platform, from files, from whoever edits
 * sources. What is longer is cut where it is only shown, and refused where it is used.
 */

/** Of single texts, in characters (UTF-16 units). */
export const LONGEST = {
  /** An address of a webhook: what browsers, proxies and servers take without question. */
  address: 2_048,
  /** A client secret, a token, the signing secrets together: servers take no more than 8 kB of a header. */
  credential: 8_192,
  /** An id of the platform: theirs have 36. */
  id: 256,
  /** What the platform says in words: the longest of its own messages have about 300. */
  quote: 500,
  /** An error code, a status, a correlation id: words for programs, of which the longest known have about 60. */
  word: 100,
  /** The name of a field in an error, such as `filters[4].conditions[9].operator`. */
  fieldName: 200,
  /** A value of the organisation beside what is wrong with it: enough to find it. */
  value: 60,
  /** What is said of a receiver that did not take a notice: that has some 100. */
  trouble: 2_000,
  /** A name or another value where it is shown, not where it is kept: the API's names have 256 at most, and quotes. */
  shown: 300,
  /** A whole message of ours, with all that it quotes and lists: some screens full. */
  message: 8_000,
  /**
   * What of a foreign text is looked at before it is masked and cut: enough that a secret which is longer than what is
   * shown cannot be cut in such a way that its rest is not known again.
   */
  looked: 65_536,
} as const;

/** Of lists, in entries. */
export const MOST = {
  /** The fields that an error names: a source has five filters of ten conditions, but nobody reads more at once. */
  fieldsNamed: 20,
  /** The secrets that a waiting notice's address is sealed for: more nobody rotates at once. */
  recipients: 64,
} as const;

/** Of whole answers and files, in bytes. */
export const LARGEST = {
  /** An answer of the platform: a page of 100 sources is about 300 kB. */
  answer: 10 * 1_024 * 1_024,
  /** A waiting notice has some 500, and what a failure's message makes of it. */
  notice: 1_024 * 1_024,
} as const;
