import { type Datepicker, type DateTimepicker, type Timepicker } from '@slack/types';
import { type Choice } from '../../../slack-standin/contract.ts';
import { h } from '../dom.ts';
import { fromWallClock, toWallClock } from '../zone.ts';
import { choose, type Control, type ControlContext, tag, valueOf } from './control.ts';

/** A day, `YYYY-MM-DD`. */
export function dateControl(element: Datepicker, context: ControlContext): Control {
  return picker(element, context, {
    type: 'date',
    shown: valueOf<string>(context, 'selected_date', element.initial_date) ?? '',
    toChoice: (value) => value,
  });
}

/** A time of day, `HH:mm`, with the zone the app named. */
export function timeControl(element: Timepicker, context: ControlContext): Control {
  return picker(element, context, {
    type: 'time',
    shown: valueOf<string>(context, 'selected_time', element.initial_time) ?? '',
    toChoice: (value) => value,
    ...(element.timezone !== undefined && { zone: element.timezone }),
  });
}

/** A moment in Unix seconds, entered in the acting person's zone. */
export function dateTimeControl(element: DateTimepicker, context: ControlContext): Control {
  const zone = context.session.me.timeZone;
  const chosen = valueOf<number>(context, 'selected_date_time', element.initial_date_time);
  return picker(element, context, {
    type: 'datetime-local',
    shown: chosen === undefined ? '' : toWallClock(chosen, zone),
    toChoice: (value) => fromWallClock(value, zone) ?? null,
    zone,
  });
}

interface Kind {
  readonly type: 'date' | 'time' | 'datetime-local';
  readonly shown: string;
  readonly toChoice: (value: string) => Choice;
  /** Printed beside the field. */
  readonly zone?: string;
}

function picker(
  element: Datepicker | Timepicker | DateTimepicker,
  context: ControlContext,
  kind: Kind,
): Control {
  let sent = kind.shown;
  const send = async (): Promise<void> => {
    const value = node.value;
    // Half-typed dates read as empty: they are no choice yet.
    if (value === sent || (value === '' && node.validity.badInput)) return;
    const before = sent;
    sent = value;
    const isKept = await choose(
      context,
      value === '' ? null : kind.toChoice(value),
      element.confirm,
    );
    if (!isKept) node.value = sent = before;
  };
  const node = tag(
    h('input', {
      class: 'field-box',
      type: kind.type,
      value: kind.shown,
      on: { change: () => void send() },
    }),
    context,
  );
  return {
    node: h(
      'div',
      { class: 'picker' },
      node,
      kind.zone !== undefined && h('small', {}, zoneName(kind.zone)),
    ),
    focus: () => {
      node.focus();
    },
    flush: send,
  };
}

function zoneName(zone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longGeneric' });
  return parts.formatToParts().find(({ type }) => type === 'timeZoneName')?.value ?? zone;
}
