// Pins the go-ethereum whose libsecp256k1 is built into geth.
module veche/geth/secp256k1

go 1.21

require github.com/ethereum/go-ethereum v1.15.11
