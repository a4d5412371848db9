// Runs in geth's console, beside the node of a validator, and has it seal when it should.
// `start` sets: me, peers, period, depth, patience; validators, whom it keeps connected to; and
// highest, the highest block that the node has had, which is told to `start` as it grows.

var NOBODY = '0x0000000000000000000000000000000000000000'
var OVERDUE = 3 // seconds after which a block is late
var LOOK_EVERY = 0.2 // seconds
var MEET_AFTER = 8 // seconds without a block
var MEET_EVERY = 40 // seconds

function now() {
  return Date.now() / 1000
}

// A validator that comes back and seals on an old chain can part the network into halves that wait
// for each other: it seals once it has seen what the others have.
function begin() {
  while (net.peerCount < peers) admin.sleep(1)
  if (eth.blockNumber > 0) {
    var looking = now() + 12 // geth looks for a longer chain within ten seconds
    while (now() < looking && net.listening) admin.sleep(1) // asks, so as to end with the node
  }
  while (eth.syncing && eth.syncing.currentBlock < eth.syncing.highestBlock) admin.sleep(1)
  miner.start()
}

// geth has every validator build every block, and seal it up to 1.5 seconds later where it is
// another's turn: a block that takes longer to check has a rival by then. So a validator builds the
// blocks that are its turn, and others where they are late. Without a coinbase geth builds none.
var builds = true
function setBuilding(wanted) {
  if (wanted !== builds) miner.setEtherbase(wanted ? me : NOBODY)
  builds = wanted
}

var begun // when it began to seal
var helped = 0 // when it last built a block that was late
function takeTurns(head) {
  var order = clique.getSigners()
  var place = order.indexOf(me)
  // where all begin at once, whose turn it is goes first: two that go together can part the network
  var first = (head.number + 1) % order.length === place
  var since = first ? head.timestamp : Math.max(head.timestamp, begun) + 1
  var late = now() > since + period + OVERDUE
  // geth begins a block when it has the one before: it must be told one block earlier
  setBuilding(late || (head.number + 2) % order.length === place)
  if (late && now() > helped + period + OVERDUE) {
    helped = now()
    restart()
  }
}

function restart() {
  miner.stop()
  while (eth.mining) admin.sleep(0.01) // where it has not stopped yet, starting it does nothing
  miner.start() // builds at once
}

// What is done where no block comes though enough validators are connected: first what costs
// nothing, later what costs blocks.
var waiting // since when
function mend(head) {
  var isFresh = now() < head.timestamp + period + OVERDUE
  if (isFresh || 2 * (1 + connected().length) <= clique.getSigners().length) waiting = now()
  meetAgain()
  giveUp(head)
}

// A node that has only just begun throws blocks away that it is sent, and may hear of no later one
// but its hash: then it does not know that another has the longer chain. When two meet they tell
// each other. geth dials no node twice within 35 seconds: so validators do this one after another,
// each with one other, and the rest stay connected.
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

// Where two branches weigh the same and each has half of the validators, both wait for ever: then
// the newest blocks are given up. A branch of half the validators has no more than `depth` blocks,
// and no client takes a ballot for cast with as few on top.
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
