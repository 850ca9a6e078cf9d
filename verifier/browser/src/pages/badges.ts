// My badges: a learner's badges and keys, in this browser and nowhere else.

import { element } from "/static/dom.js";
import { moment, switchInPlace, t } from "/static/texts.js";
import { couldBeBadge } from "../check/given";
import { listenForFiles, listenForWords } from "../check/inputs";
import { openScanner } from "../check/scanner";
import { addFiles, addWords, offerIn } from "../my/add";
import { showKeep } from "../my/keep";
import { readMine, type Mine, type My } from "../my/mine";
import { showMine } from "../my/list";
import { askToClaim, receive } from "../my/receive";
import { workOffline } from "../offline";
import {
  announce,
  at,
  giveFragmentBack,
  onFragment,
  paragraph,
  takeFragment,
  textsAreThere,
  verifierAddress,
} from "../page";
import { askToPersist, openWallet, WalletError, type Wallet } from "../wallet/database";

let mine: Mine[] = [];
let persisted = false;
let my: My | null = null;
let turns = 0;

async function start(fragment: string): Promise<void> {
  if (!(await textsAreThere())) return;
  const wallet = await open();
  if (wallet === null) return;
  const { engine } = await import("../engine");
  my = { wallet, engine: await engine(), verifier: verifierAddress(), now: () => new Date(), changed };
  persisted = await askToPersist(navigator.storage);
  await receive(my, fragment);
  await changed();
  showKeep(my, persisted);
  void workOffline();
}

async function open(): Promise<Wallet | null> {
  try {
    return await openWallet(window.indexedDB);
  } catch (error) {
    if (!(error instanceof WalletError)) throw error;
    fail("page.my.no-database");
    return null;
  }
}

/** Read the wallet again and show it. */
async function changed(): Promise<void> {
  if (my === null) return;
  const turn = (turns += 1);
  const before = my.engine;
  const { engine } = await import("../engine");
  // The page may lie open for days, and may have been opened without a connection.
  const renewed: My = { ...my, engine: await engine().catch(() => before) };
  const read = await readMine(renewed, (done, all) => {
    if (turn === turns) at("state").textContent = t("page.my.checking", { done, all });
  });
  // A slower reading of what the wallet held before comes too late.
  if (turn !== turns) return;
  my = renewed;
  mine = read;
  show();
}

function show(): void {
  if (my === null) return;
  showState(my);
  showMine(my, mine);
}

/** Say everything again, in another language. */
function speakAgain(): void {
  show();
  if (my !== null) showKeep(my, persisted);
}

/** Say how old what is known of revocations is. */
function showState({ engine }: My): void {
  const { registry } = engine;
  const parts = registry ? [t("page.my.register", { number: registry.number, day: moment(registry.issued) })] : [];
  if (!navigator.onLine || engine.isBehind) parts.unshift(t("page.my.offline"));
  at("state").replaceChildren(element("p", {}, parts.join(" ")));
}

function fail(key: string): void {
  at("failure").replaceChildren(paragraph(key));
  at("failure").hidden = false;
  announce(t(key));
}

async function takeWords(words: string): Promise<void> {
  if (my === null) return;
  const offer = offerIn(words);
  if (offer) askToClaim(my, offer);
  else await addWords(my, words);
  at<HTMLTextAreaElement>("text").value = "";
}

const ready = start(takeFragment());
switchInPlace(speakAgain);
listenForFiles(
  (files) => ready.then(() => (my ? addFiles(my, files) : undefined)),
  () => true,
);
listenForWords((words) => ready.then(() => takeWords(words)));
openScanner({
  accepts: (text) => couldBeBadge(text) || offerIn(text) !== null,
  onText: (text) => void takeWords(text),
});
onFragment((fragment) => void ready.then(() => (my ? receive(my, fragment).then(changed) : undefined)));
// Not all of it: somebody may be in the midst of choosing.
for (const kind of ["online", "offline"]) window.addEventListener(kind, () => my !== null && showState(my));
ready.catch((error: unknown) => {
  console.error(error);
  // Nothing was taken in: when the page is loaded again, it must be there.
  giveFragmentBack();
  fail("page.issue.network");
});
