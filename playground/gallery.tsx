/** npm run gallery [-- FILE]: draws every message, modal and Home tab in every state into one HTML file. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { type ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { type Block, Message } from 'slack-blocks-to-jsx';
import { z } from 'zod';
import { BUILDERS } from './gallery/builders.ts';
import { type Example } from './gallery/scene.ts';

const SCENE = { name: 'Harrison High', size: 3, amount: 1234 };
const PEOPLE = {
  users: [
    { id: 'U0ALICE', name: 'Alice' },
    { id: 'U0BOB', name: 'Bob' },
  ],
  channels: [{ id: 'C0HARRISON', name: 'harrison' }],
};
const LAYOUT = `
  body { font: 15px system-ui, sans-serif; margin: 24px; background: #f4f4f4; }
  main { columns: 3 440px; column-gap: 24px; }
  figure { break-inside: avoid; margin: 0 0 24px; padding: 12px; border-radius: 8px; background: #fff; }
  figcaption { color: #616061; font-size: 12px; margin-bottom: 8px; overflow-wrap: anywhere; }
  header.modal { display: flex; justify-content: space-between; font-weight: 700; padding: 4px 0 8px; }
  footer.modal { display: flex; gap: 8px; justify-content: flex-end; padding-top: 8px; }
  footer.modal span { border: 1px solid #ccc; border-radius: 4px; padding: 4px 10px; }
  .said { color: #616061; font-size: 12px; border-top: 1px solid #eee; margin-top: 8px; padding-top: 8px; }`;

const file = resolve(process.argv[2] ?? '.cache/gallery.html');
await mkdir(dirname(file), { recursive: true });
await writeFile(file, await page());
process.stdout.write(`${file}\n`);

async function page(): Promise<string> {
  const style = createRequire(import.meta.url).resolve('slack-blocks-to-jsx/dist/style.css');
  const body = renderToStaticMarkup(<Gallery />);
  const css = `${await readFile(style, 'utf8')}${LAYOUT}`;
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Every view and message</title><style>${css}</style>${body}</html>`;
}

function Gallery(): ReactElement {
  return (
    <>
      {Object.entries(BUILDERS).map(([builder, make]) => (
        <section key={builder}>
          <h2 id={builder}>{builder}</h2>
          <main>
            {make(SCENE).map((example) => (
              <Shown key={example.state} builder={builder} example={example} />
            ))}
          </main>
        </section>
      ))}
    </>
  );
}

function Shown({ builder, example }: { builder: string; example: Example }): ReactElement {
  return (
    <figure>
      <figcaption>
        {builder}: {example.state}
      </figcaption>
      {/* A form of its own keeps radio buttons of one example apart from the next. */}
      <form>{'text' in example ? <p>{example.text}</p> : <Drawn example={example} />}</form>
    </figure>
  );
}

function Drawn({ example }: { example: Exclude<Example, { text: string }> }): ReactElement {
  if ('message' in example) {
    const { blocks, text } = example.message;
    return (
      <>
        <Blocks blocks={blocks} />
        <div className="said">Read out: {text}</div>
      </>
    );
  }
  const { view } = example;
  if (view.type === 'home') return <Blocks blocks={view.blocks} />;
  return (
    <>
      <header className="modal">{view.title.text}</header>
      <Blocks blocks={view.blocks} />
      <footer className="modal">
        {[view.close, view.submit].map(
          (button) => button && <span key={button.text}>{button.text}</span>,
        )}
      </footer>
    </>
  );
}

function Blocks({ blocks }: { blocks: readonly unknown[] }): ReactElement {
  // The drawing library has types of its own for the same JSON.
  const drawn = z.array(z.custom<Block>()).parse(JSON.parse(JSON.stringify(blocks)));
  return <Message blocks={drawn} logo="" name="" theme="light" withoutWrapper data={PEOPLE} />;
}
