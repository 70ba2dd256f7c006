// docs/coverage.md, from what the cases are to show of each call (test/conformance/goals.ts) and what they were seen to
// show (test/conformance/coverage.json).
const isErrno = (sight) => sight !== 'SUCCESS' && sight !== 'AT_ONCE';

/** The calls with something that no case shows and nothing excuses: `{ name, family, missing }`. */
export function gapsOf(goals, record) {
  return goals
    .map(({ name, family, wanted, excused }) => {
      const missing = wanted.filter((sight) => record[name]?.[sight] === undefined && !excused[sight]);
      return { name, family, missing };
    })
    .filter(({ missing }) => missing.length > 0);
}

function counts(goals, record, isCounted) {
  const wanted = goals.flatMap(({ name, wanted, excused }) =>
    wanted.filter((sight) => isCounted(sight) && !excused[sight]).map((sight) => record[name]?.[sight]),
  );
  return [wanted.filter((title) => title !== undefined).length, wanted.length];
}

function summary(goals, record) {
  const rows = [
    ['Calls with a case in which they succeed', (sight) => sight === 'SUCCESS'],
    ['Documented errnos, counted for each call, with a case that gets them', isErrno],
    ['Calls that several threads make at once in a case', (sight) => sight === 'AT_ONCE'],
  ].map(([title, isCounted]) => {
    const [shown, all] = counts(goals, record, isCounted);
    return `| ${title} | ${shown} | ${all} |`;
  });
  return ['| What | Shown | Of |', '| --- | ---: | ---: |', ...rows];
}

const names = { SUCCESS: 'success', AT_ONCE: 'several threads at once', TOOBIG: '2BIG' };
const named = (sight) => names[sight] ?? sight;

function gapList(goals, record) {
  const gaps = gapsOf(goals, record);
  if (gaps.length === 0) return ['None.'];
  return gaps.map(({ name, missing }) => `- \`${name}\`: ${missing.map(named).join(', ')}`);
}

/** For each reason the calls that it is given for, those together that lack the same. */
function excuseList(goals) {
  const groups = new Map();
  for (const { name, wanted, excused } of goals) {
    for (const reason of new Set(Object.values(excused))) {
      const sights = wanted.filter((sight) => excused[sight] === reason).map(named);
      const key = `(${sights.join(', ')}): ${reason}`;
      if (sights.length > 0) groups.set(key, [...(groups.get(key) ?? []), `\`${name}\``]);
    }
  }
  return [...groups].map(([key, calls]) => `- ${calls.join(', ')} ${key}`);
}

function mark(goal, record, sight) {
  if (record[goal.name]?.[sight] !== undefined) return 'yes';
  return goal.excused[sight] ? 'elsewhere' : '**no**';
}

function row(goal, record) {
  const { name, wanted, excused } = goal;
  const seen = record[name] ?? {};
  const errnos = wanted.filter(isErrno);
  const shown = errnos.filter((errno) => seen[errno] !== undefined);
  const without = errnos.filter((errno) => seen[errno] === undefined && !excused[errno]);
  const more = Object.keys(seen).filter((sight) => isErrno(sight) && !wanted.includes(sight));
  const cells = [mark(goal, record, 'SUCCESS'), mark(goal, record, 'AT_ONCE')].concat(
    [shown, without, more].map((list) => list.map(named).join(' ')),
  );
  return `| \`${name}\` | ${cells.join(' | ')} |`.replace(/ {2,}/g, ' ');
}

function familyTable(family, goals, record) {
  return [
    `## ${family}`,
    '',
    '| Call | Success | At once | Errnos with a case | Without | Undocumented, seen |',
    '| --- | --- | --- | --- | --- | --- |',
    ...goals.filter((goal) => goal.family === family).map((goal) => row(goal, record)),
    '',
  ];
}

/** The whole page. */
export function coveragePage(goals, record) {
  const families = [...new Set(goals.map(({ family }) => family))];
  return [
    '# What the cases cover',
    '',
    '<!-- Written by scripts/coverage.mjs. Do not edit; run it again. -->',
    '',
    'What the cases of [fixtures](../fixtures/README.md) show of each call that is implemented: that it works, that it answers',
    'each errno that is documented for it (`test/conformance/documented-errnos.ts`), and that several threads can make it',
    'at once. Measured, not declared: the cases are run with `--trace`, and what passes is counted by what the calls',
    'answered. Which case shows what is in `test/conformance/coverage.json`. "At once" means that two threads of a process',
    'made the call in periods, from the first to the last time, that overlap.',
    '',
    ...summary(goals, record),
    '',
    '## Gaps',
    '',
    ...gapList(goals, record),
    '',
    '## Not to be shown by a case',
    '',
    ...excuseList(goals),
    '',
    ...families.flatMap((family) => familyTable(family, goals, record)),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}
