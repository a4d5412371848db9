// Runs in geth's console beside the node of a validator, and tells the node when to seal. `start`
// sets `highest`, the highest block that the node has had, and reads it from the output as it grows.
// settings.js has the rest: me, the account that seals; peers, the number of nodes to wait for;
// period, the seconds from block to block; depth, the number of blocks that may be given up;
// patience, the seconds without a block before that; validators, the nodes to stay connected to.

var me = settings.me
var peers = settings.peers
var period = settings.period
var depth = settings.depth
var patience = settings.patience
var validators = settings.validators

var NOBODY = '0x0000000000000000000000000000000000000000'
// All in seconds:
var OVERDUE = 3 // the delay that makes a block late
var LOOK_EVERY = 0.2 // the pause between two looks at the chain
var MEET_AFTER = 8 // the time without a block before validators meet again
var MEET_EVERY = 40 // the time between two meetings

function now() {
  return Date.now() / 1000
}

// A validator that comes back and seals on an old chain can split the network into halves that wait
// for each other. So it does not seal before it has seen the chain of the others.
function begin() {
  while (net.peerCount < peers) admin.sleep(1)
  if (eth.blockNumber > 0) {
    var looking = now() + 12 // geth looks for a longer chain within ten seconds
    while (now() < looking && net.listening) admin.sleep(1) // the question ends this with the node
  }
  while (eth.syncing && eth.syncing.currentBlock < eth.syncing.highestBlock) admin.sleep(1)
  miner.start()
}

// geth lets every validator build every block. If it is another's turn, it seals the block up to
// 1.5 seconds later; a block that takes longer to check has a rival by then. So here a validator
// builds the blocks of its own turn, and others only when they are late. Without a coinbase geth
// builds none.
var builds = true
function setBuilding(wanted) {
  if (wanted !== builds) miner.setEtherbase(wanted ? me : NOBODY)
  builds = wanted
}

var begun // the time when the node began to seal
var helped = 0 // the time when the node last built a late block
function takeTurns(head) {
  var order = clique.getSigners()
  var place = order.indexOf(me)
  // if all begin at once, the one whose turn it is goes first: two at a time can split the network
  var first = (head.number + 1) % order.length === place
  var since = first ? head.timestamp : Math.max(head.timestamp, begun) + 1
  var late = now() > since + period + OVERDUE
  // geth begins a block as soon as it has the previous one, so this is one block early
  setBuilding(late || (head.number + 2) % order.length === place)
  if (late && now() > helped + period + OVERDUE) {
    helped = now()
    restart()
  }
}

function restart() {
  miner.stop()
  while (eth.mining) admin.sleep(0.01) // a start has no effect before the stop is complete
  miner.start() // builds at once
}

// Helps if no block comes although enough validators are connected: first by a step that costs
// nothing, later by one that costs blocks.
var waiting // the time since which no block has come
function mend(head) {
  var isFresh = now() < head.timestamp + period + OVERDUE
  if (isFresh || 2 * (1 + connected().length) <= clique.getSigners().length) waiting = now()
  meetAgain()
  giveUp(head)
}

// A node that has just started discards the blocks that it receives, and may then get only hashes
// of later ones: so it does not know that another node has a longer chain. Two nodes that connect
// tell each other. geth does not dial a node twice within 35 seconds, so validators do this one
// after another, each with one other, while the rest stay connected.
var met = 0
function meetAgain() {
  var place = clique.getSigners().indexOf(me)
  if (now() < waiting + MEET_AFTER * (1 + place) || now() < met + MEET_EVERY) return
  met = now()
  var others = connected()
  var one = others[Math.floor(Math.random() * others.length)]
  if (!one) return
  admin.removePeer(one)
  admin.addPeer(one)
}

// If two branches weigh the same and each has half of the validators, both wait for ever. Then the
// newest blocks are given up. A branch of half the validators has at most `depth` blocks, and with
// so few confirmations no client believes that a ballot is cast.
function giveUp(head) {
  if (now() < waiting + patience) return
  waiting = now()
  var last = highest - depth
  if (head.number > last && last > 0 && Math.random() < 0.5) debug.setHead('0x' + last.toString(16))
}

function connected() {
  var here = admin.peers.map(function (peer) {
    return id(peer.enode)
  })
  return validators.filter(function (enode) {
    return here.indexOf(id(enode)) !== -1
  })
}

function id(enode) {
  return enode.split('@')[0]
}

function watch() {
  var head = eth.getBlock('latest')
  if (head.number > highest) {
    highest = head.number
    console.log(highest)
  }
  takeTurns(head)
  mend(head)
}

if (!eth.mining) begin()
begun = waiting = now()
setBuilding(false)
while (true) {
  watch()
  admin.sleep(LOOK_EVERY)
}
