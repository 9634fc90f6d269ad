import { type ActResult, ClientRefusesError, type JsonObject, type OpenView } from '../contract.ts';
import { isObject, text } from '../json.ts';
import { checkSubmissionAck } from '../rules/acks.ts';
import { refusal } from '../rules/finding.ts';
import { forgetView, named, openView, updateView, viewPayload } from '../web-api/views.ts';
import { commonPart, type Desk, dispatch, refusedAck, withTop } from './desk.ts';
import { clientErrors } from './field-errors.ts';

const WHERE = 'ack of view_submission';
const STACK_LIMIT = 3;

/** Presses the submit button of the top modal and applies the answer (F16, V25). */
export async function submitTop(desk: Desk): Promise<ActResult> {
  const open = topModal(desk);
  if (open.view['submit'] === undefined)
    throw new ClientRefusesError('This modal has no submit button.');
  const fieldErrors = clientErrors(open);
  desk.core.views.setErrors(open.id, fieldErrors);
  if (Object.keys(fieldErrors).length > 0) {
    return withTop(desk, { ok: false, error: 'client_refused', fieldErrors });
  }
  const reply = await dispatch(desk, WHERE, {
    kind: 'interactive',
    payload: {
      type: 'view_submission',
      ...commonPart(desk),
      trigger_id: desk.core.passes.issueTrigger({ userId: desk.userId, viewId: open.id }),
      view: viewPayload(open),
      response_urls: [],
    },
  });
  if ('failure' in reply) return reply.failure;
  desk.core.views.forgetAction(open.id);
  const body = reply.body ?? {};
  const findings = isObject(body)
    ? checkSubmissionAck(body, open.view)
    : [refusal('V25', [], 'The answer is no object.')];
  const depth = desk.core.views.stack(desk.userId).length;
  if (isObject(body) && body['response_action'] === 'push' && depth >= STACK_LIMIT) {
    findings.push({
      ...refusal('F12', ['response_action'], 'Three modals are open already.'),
      error: 'push_limit_reached',
    });
  }
  const refused = refusedAck(desk, WHERE, findings);
  return refused ?? apply(desk, open, isObject(body) ? body : {});
}

async function apply(desk: Desk, open: OpenView, body: JsonObject): Promise<ActResult> {
  const { core, userId } = desk;
  switch (body['response_action']) {
    case 'errors': {
      const fieldErrors = Object.fromEntries(
        Object.entries(isObject(body['errors']) ? body['errors'] : {}).map(([blockId, error]) => [
          blockId,
          text(error),
        ]),
      );
      core.views.setErrors(open.id, fieldErrors);
      return withTop(desk, { ok: true, fieldErrors });
    }
    case 'update':
      await updateView(core, { viewId: open.id, view: named(body['view']) });
      break;
    case 'push':
      await openView(core, { trigger: { userId }, view: named(body['view']), push: true });
      break;
    case 'clear':
      for (const one of core.views.stack(userId).toReversed()) await forgetView(core, one);
      break;
    default:
      await forgetView(core, open);
  }
  return withTop(desk, { ok: true });
}

/** Closes the top modal, or with `all` the whole stack (F17). */
export async function closeModals(desk: Desk, all: boolean): Promise<ActResult> {
  const top = topModal(desk);
  const isCleared = all || top.view['clear_on_close'] === true;
  const closing = isCleared ? desk.core.views.stack(desk.userId).toReversed() : [top];
  for (const open of closing) await forgetView(desk.core, open);
  for (const open of closing) {
    if (open.view['notify_on_close'] !== true) continue;
    // A client shows nothing when this is not acknowledged; the violation tells.
    await dispatch(desk, 'ack of view_closed', {
      kind: 'interactive',
      payload: {
        type: 'view_closed',
        ...commonPart(desk),
        view: viewPayload(open),
        is_cleared: isCleared,
      },
    });
  }
  return withTop(desk, { ok: true });
}

function topModal(desk: Desk): OpenView {
  const open = desk.core.views.top(desk.userId);
  if (open === undefined) throw new ClientRefusesError('No modal is open.');
  return open;
}
