// Budgets as data for rounds.mjs. A measured value is named by contender and figure: ['wasix-run', 'round_ns'].

/** Within each round, `of` is at most `most` times `against`. `more`: `least` too; `noteIfQuick`: not judged in quick runs. */
export const ratio = (text, of, against, most, more = {}) => ({ text, of, against, most, ...more });

/** A ratio that is told for comparison, without a budget. */
export const told = (text, of, against) => ({ text, of, against, note: true });

/** A figure of its own is at most `most`. `more`: `every`, that is in every round instead of by the median. */
export const figure = (text, of, most, more = {}) => ({ text, of, most, ...more });

/** A count that is 0 in every round. */
export const never = (text, of) => figure(text, of, 0, { every: true });
