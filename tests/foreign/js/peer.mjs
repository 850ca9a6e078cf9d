// @digitalbazaar/vc with eddsa-rdfc-2022 as a peer: one request a line on standard input, one answer a line on output.
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import fs from 'node:fs';
import readline from 'node:readline';

const pinned = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));

async function documentLoader(url) {
  if(url in pinned) {
    return {contextUrl: null, documentUrl: url, document: pinned[url]};
  }
  if(url.startsWith('did:key:')) {
    return {contextUrl: null, documentUrl: url, document: expand(url)};
  }
  throw new Error(`nothing is pinned for ${url}`);
}

function expand(url) {
  const [did] = url.split('#');
  const publicKeyMultibase = did.slice('did:key:'.length);
  const id = `${did}#${publicKeyMultibase}`;
  const context = 'https://w3id.org/security/multikey/v1';
  const method = {'@context': context, id, type: 'Multikey', controller: did, publicKeyMultibase};
  if(url.includes('#')) {
    return method;
  }
  return {'@context': ['https://www.w3.org/ns/did/v1', context], id: did, assertionMethod: [id], verificationMethod: [method]};
}

async function issue({credential, keyPair}) {
  const key = await Ed25519Multikey.from(keyPair);
  const suite = new DataIntegrityProof({signer: key.signer(), cryptosuite, date: credential.validFrom});
  return {credential: await vc.issue({credential, suite, documentLoader})};
}

async function verify({credential}) {
  const suite = new DataIntegrityProof({cryptosuite});
  const result = await vc.verifyCredential({credential, suite, documentLoader});
  return {verified: result.verified, error: result.error ? String(result.error.errors ?? result.error) : null};
}

async function keyPair() {
  const key = await Ed25519Multikey.generate();
  const did = `did:key:${key.publicKeyMultibase}`;
  key.controller = did;
  key.id = `${did}#${key.publicKeyMultibase}`;
  return {keyPair: await key.export({publicKey: true, secretKey: true, includeContext: true})};
}

async function measure({request, rounds, seconds}) {
  const operation = () => operations[request.operation](structuredClone(request));
  const rates = [];
  for(let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    let count = 0;
    while(performance.now() - start < seconds * 1000) {
      const answer = await operation();
      if(answer.error) {
        throw new Error(answer.error);
      }
      count += 1;
    }
    rates.push(count / ((performance.now() - start) / 1000));
  }
  return {perSecond: rates.sort((a, b) => a - b)[Math.floor(rounds / 2)]};
}

const operations = {issue, verify, keyPair, measure};
for await (const line of readline.createInterface({input: process.stdin})) {
  const request = JSON.parse(line);
  let answer;
  try {
    answer = await operations[request.operation](request);
  } catch(error) {
    answer = {verified: false, error: String(error)};
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
