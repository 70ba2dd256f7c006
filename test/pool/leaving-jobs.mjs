/** Jobs that leave more, or less, behind than their result. */
export const answersFunction = () => () => 1;
export const throwsFunction = () => {
  throw { f() {} };
};
export const answers = (value) => value;
export const leavesTimer = () => {
  setInterval(() => undefined, 1000);
  return 'left';
};
export const takes = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
