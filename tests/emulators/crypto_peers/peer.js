// Reads one JSON request a line, answers one JSON line: the two packages behind one small protocol.
"use strict";

const readline = require("node:readline");
const WXBizMsgCrypt = require("wechat-crypto");
const wecom = require("@wecom/crypto");

const peers = {
  "wechat-crypto": ({ token, key, id }) => {
    const peer = new WXBizMsgCrypt(token, key, id);
    return {
      encrypt: (text) => peer.encrypt(text),
      decrypt: (sealed) => peer.decrypt(sealed),
      sign: (timestamp, nonce, sealed) => peer.getSignature(timestamp, nonce, sealed),
    };
  },
  "@wecom/crypto": ({ token, key, id }) => ({
    encrypt: (text) => wecom.encrypt(key, text, id),
    decrypt: (sealed) => wecom.decrypt(key, sealed),
    sign: (timestamp, nonce, sealed) => wecom.getSignature(token, timestamp, nonce, sealed),
  }),
};

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const asked = JSON.parse(line);
  const peer = peers[asked.peer](asked);
  const sealed = peer.encrypt(asked.text);
  const opened = peer.decrypt(asked.sealed);
  process.stdout.write(
    `${JSON.stringify({
      sealed,
      opened: { message: opened.message, id: opened.id },
      signature: peer.sign(asked.timestamp, asked.nonce, asked.sealed),
    })}\n`,
  );
});
