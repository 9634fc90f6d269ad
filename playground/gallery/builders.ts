import { MESSAGES } from './messages.ts';
import { MODALS } from './modals.ts';
import { PEOPLE } from './people.ts';
import { type Builders } from './scene.ts';

/** Every exported builder of a message, modal or Home tab, with examples of all its states. */
export const BUILDERS: Builders = { ...MESSAGES, ...MODALS, ...PEOPLE };
