import { type Db } from '../db/database.ts';
import { findPersonBySlack } from '../db/queries/people.ts';
import { type PushServices } from '../domain/ports.ts';

/** Who a Slack user is to the product, with the rights of this moment; nobody unless mapped (T05). */
export function findPerson(db: Db): PushServices['findPerson'] {
  return (slack) => findPersonBySlack(db, slack);
}
