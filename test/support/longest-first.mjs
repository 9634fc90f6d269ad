import TestSequencer from '@jest/test-sequencer';

const Sequencer = TestSequencer.default ?? TestSequencer;

/** What takes a minute or more begins first, so that no worker is left alone with it at the end. */
const LONG = [
  'histories/',
  'integration/bundle-demo-district',
  'flow/delivery-once',
  'flow/stories-page',
  'integration/roles',
  'flow/slack-troubles',
  'integration/npm-scripts',
  'flow/optional-scopes',
  'integration/statement-count',
  'unit/slack/views',
  'flow/approval',
  'flow/schedule',
  'flow/push',
  'flow/page',
];

/** jest's own order (failed before, longest before, largest) behind the files known to be long. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const place = ({ path }) => {
      const found = LONG.findIndex((part) => path.includes(`/test/${part}`));
      return found === -1 ? LONG.length : found;
    };
    return [...super.sort(tests)].sort((a, b) => place(a) - place(b));
  }
}
