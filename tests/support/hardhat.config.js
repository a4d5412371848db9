// Hardhat's own node, as `support/hardhat.py` starts it: gas is free, and no clock hurries.
module.exports = {
  networks: {
    hardhat: {
      hardfork: "london",
      chainId: 31337,
      initialBaseFeePerGas: 0,
      gasPrice: 0,
      blockGasLimit: 30_000_000,
      initialDate: "2020-01-01T00:00:00Z",
      allowBlocksWithSameTimestamp: true,
      accounts: { count: 1 },
    },
  },
};
