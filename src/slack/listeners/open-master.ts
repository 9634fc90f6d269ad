import { type App, type ViewSubmitAction } from '@slack/bolt';
import { type ModalView } from '@slack/types';
import { z } from 'zod';

import { type FoundMasters, type MasterChoice, type Person } from '../../domain/ports.ts';
import { holds } from '../../domain/rights.ts';
import { type SlackContext, whoOf } from '../context.ts';
import { namedChoices, note, plainText } from '../form/fields.ts';
import { type FormMetadata, readMetadata, writeMetadata } from '../form/choices.ts';
import { messageView, sentenceView } from '../form/view.ts';
import { sentenceOf } from '../approval/visitor.ts';
import { plain } from '../messages/answers.ts';
import { LIMITS } from '../limits.ts';
import { listed, plainName, safeName } from '../wording.ts';
import { admit } from './entry.ts';
import { type Loaded, loadFormView, openModal, type Opening } from './open-form.ts';

/** callback_id of the question which catalog's course master is meant. */
export const WHICH_MASTER = 'which_master';
const FIELD = { block: 'which_master', action: 'which_master_catalog' } as const;

/**
 * Opens the form for one course master (Push to Courses, G03). A number is unique in its catalog
 * only: when several catalogs have it, the person is asked which.
 */
export function openMaster(context: SlackContext, opening: Opening, typed: string): Promise<void> {
  return openModal(context, opening, async () => {
    const entry = await admit(context, opening.client, opening.who);
    if (entry.kind === 'refused') return entry;
    if (!mayPushMaster(entry.person)) return { kind: 'refused', answer: plain(NO_RIGHT) };
    const found = await context.services.masters(typed);
    const metadata = { channelId: opening.channelId, zone: entry.zone };
    const [only, ...others] = found.exact;
    if (only === undefined) return unknownMaster(typed, found);
    return others.length === 0
      ? {
          kind: 'view',
          view: await formOf(context, entry.person, { ...metadata, masterId: only.id }),
        }
      : { kind: 'view', view: whichView(found.exact, metadata) };
  });
}

/** The answer to the question which course master is meant. */
export function registerWhichMaster(app: App, context: SlackContext): void {
  app.view<ViewSubmitAction>(
    { type: 'view_submission', callback_id: WHICH_MASTER },
    async ({ ack, body, client }) => {
      const answer = async (): Promise<ModalView> => {
        const entry = await admit(context, client, whoOf(body));
        if (entry.kind === 'refused') return messageView(entry.answer);
        if (!mayPushMaster(entry.person)) return sentenceView(NO_RIGHT);
        const metadata = readMetadata(body.view.private_metadata);
        return formOf(context, entry.person, {
          ...metadata,
          masterId: chosenIn(body.view.state.values),
        });
      };
      const view = await answer().catch((error: unknown) =>
        sentenceView(sentenceOf(context, error, context.zone)),
      );
      await ack({ response_action: 'update', view });
    },
  );
}

const NO_RIGHT =
  'You may not push a single course master: it needs the right Write on Course Master Information.';

function mayPushMaster({ rights }: Person): boolean {
  return holds(rights, 'course_master_information', 'write');
}

function formOf(context: SlackContext, person: Person, metadata: FormMetadata): Promise<ModalView> {
  return loadFormView(context, { person, metadata });
}

function unknownMaster(typed: string, { near }: FoundMasters): Loaded {
  const similar = near.map(
    ({ number, name, catalog }) =>
      `\`${safeName(number, 40).replaceAll('`', "'")}\` ${safeName(name, 80)} (${safeName(catalog, 80)})`,
  );
  const hint =
    similar.length === 0
      ? 'Give the number as the catalog has it, as in `master 1010`.'
      : `Did you mean ${listed(similar, 'or')}?`;
  const said =
    typed === ''
      ? 'Say which course master, by its number.'
      : `There is no course master with the number \`${safeName(typed, 40).replaceAll('`', "'")}\`.`;
  return { kind: 'refused', answer: plain(`${said} ${hint}`) };
}

function whichView(masters: readonly MasterChoice[], metadata: FormMetadata): ModalView {
  const [first] = masters;
  return {
    type: 'modal',
    callback_id: WHICH_MASTER,
    title: plainText('Push to Courses'),
    submit: plainText('Go on'),
    close: plainText('Cancel'),
    private_metadata: writeMetadata(metadata),
    blocks: [
      note(
        `${masters.length} course catalogs have a course master ${plainName(first?.number ?? '')}.`,
      ),
      {
        type: 'input',
        block_id: FIELD.block,
        label: plainText('Which one?'),
        element: {
          type: 'static_select',
          action_id: FIELD.action,
          placeholder: plainText('Choose a course catalog'),
          options: namedChoices(
            masters
              .slice(0, LIMITS.options)
              .map(({ id, catalog, name }) => ({ id, name: catalog, description: name })),
          ),
        },
      },
    ],
  };
}

const chosen = z.looseObject({
  [FIELD.block]: z.looseObject({
    [FIELD.action]: z.looseObject({
      selected_option: z.looseObject({ value: z.string().regex(/^\d{1,9}$/) }),
    }),
  }),
});

function chosenIn(values: unknown): number {
  return Number(chosen.parse(values)[FIELD.block][FIELD.action].selected_option.value);
}
