/** Text of code and store, made harmless for a terminal. */

/** Colours are kept; whatever else would steer the terminal is shown as a mark. */
export function plain(text: string): string {
  // eslint-disable-next-line no-control-regex -- that is what is looked for
  return text.replace(/\x1b\[[0-9;]*m|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x9b]/g, (found) => (found.length > 1 ? found : "\u{fffd}"));
}
