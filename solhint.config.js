// Lint rules for Solidity. A rule that is off has its reason beside it.
module.exports = {
  extends: "solhint:recommended",
  rules: {
    "compiler-version": ["error", "^0.8.26"],
    "func-visibility": ["error", { ignoreConstructors: true }],
    "no-inline-assembly": "off", // where gas is spent; each block states the plain Solidity
    "use-natspec": "off", // wants a tag for every parameter, also where its name says all
    "gas-strict-inequalities": "off", // `<=` is one opcode more, and says what is meant
    "gas-indexed-events": "off", // indexed is what an observer filters on, not what fits
    "gas-small-strings": "off", // there are no strings
    "gas-struct-packing": "off", // structs are arguments here, a word for each member
    "gas-increment-by-one": "off", // `x += 1` costs the same as `++x` in the IR pipeline
    "no-empty-blocks": "off", // a contract may be no more than the sum of its parts
    "immutable-vars-naming": "off", // an immutable that is a read of the interface has its name
    "function-max-lines": "off", // prettier decides on lines; review decides on length
  },
};
