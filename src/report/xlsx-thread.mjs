// Runs in a thread of its own: building a workbook keeps a processor busy for seconds. Plain
// JavaScript, because a thread of an uncompiled program has no TypeScript loader.
import { parentPort, workerData } from 'node:worker_threads';
import writeExcelFile from 'write-excel-file/node';

parentPort?.postMessage(await writeExcelFile(workerData).toBuffer());
