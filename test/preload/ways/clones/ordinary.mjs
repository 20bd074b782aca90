// Sends each of Node's objects that can be cloned through a port, and says what arrived.
import { createHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { BlockList, SocketAddress } from 'node:net';
import { createSecretKey, webcrypto, X509Certificate } from 'node:crypto';
import { File } from 'node:buffer';
import { open } from 'node:fs/promises';
import { MessageChannel } from 'node:worker_threads';
import * as util from 'node:util';

const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBbjCCARWgAwIBAgIUFO8U31Rc2pDEoMIyB79xdtEV750wCgYIKoZIzj0EAwIw
DDEKMAgGA1UEAwwBeDAgFw0yNjExMjcxNzIzMDFaGA8yMTI2MTEwMzE3MjMwMVow
DDEKMAgGA1UEAwwBeDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABFHhfrZkxLsF
+4sIy9AcE4KWmS7xtwTMUQOEne3/CC0GTm46VrJVD2qOeJML70x1RJwVYKOB6HrY
dr0DjBlDGtKjUzBRMB0GA1UdDgQWBBSxW0qV4QSmvyYz+1/Jlqu+Y09Q1zAfBgNV
HSMEGDAWgBSxW0qV4QSmvyYz+1/Jlqu+Y09Q1zAPBgNVHRMBAf8EBTADAQH/MAoG
CCqGSM49BAMCA0cAMEQCIF2e3c8+/DVQQW/PGolbykVzP/rbtbZv/f0+3KQneiqm
AiASXu8wlTshqcC0f+FOnRED4IiMu8vRbXWcCO8dDudF7g==
-----END CERTIFICATE-----`;

const list = new BlockList();
list.addAddress('10.0.0.1');
const handle = await open(new URL(import.meta.url));
const abort = util.transferableAbortController();
const key = await webcrypto.subtle.generateKey({ name: 'AES-GCM', length: 128 }, true, ['encrypt']);
const objects = {
  exception: [new DOMException('said', 'AbortError')],
  blob: [new Blob(['abc'])],
  file: [new File(['abc'], 'name')],
  list: [list],
  address: [new SocketAddress({ address: '10.0.0.2', port: 80 })],
  certificate: [new X509Certificate(CERTIFICATE)],
  secret: [createSecretKey(Buffer.from('abc'))],
  key: [key],
  histogram: [createHistogram()],
  delay: [monitorEventLoopDelay()],
  handle: [handle, handle],
  signal: [abort.signal, abort.signal],
  readable: ((stream) => [stream, stream])(new ReadableStream()),
  writable: ((stream) => [stream, stream])(new WritableStream()),
  transform: ((stream) => [stream, stream])(new TransformStream()),
};

let sent = 0;
const names = Object.keys(objects);
for (const name of names) {
  const { port1, port2 } = new MessageChannel();
  const [object, ...transfer] = objects[name];
  const arrived = new Promise((resolve, reject) => {
    port2.once('message', resolve);
    port2.once('messageerror', reject);
  });
  try {
    port1.postMessage(object, transfer);
    const got = await arrived;
    console.log(name, Object.prototype.toString.call(got), got.constructor.name);
    sent++;
  } catch (error) {
    console.log(name, String(error));
  }
}
console.log(`sent ${sent} of ${names.length}`);
process.exit();
